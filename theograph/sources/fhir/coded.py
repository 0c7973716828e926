"""Codes and what they are called: FHIR's CodeableConcept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from theograph.sources.fhir.values import find_text, read_list, read_object, read_text

# What the record calls a terminology, by how the address of it begins; the order is that of
# preference where a concept has several codes.
_SYSTEMS = {
    "http://snomed.info/sct": "SNOMED CT",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "https://fhir.hl7.org.uk/id/opcs-4": "OPCS-4",
    "https://fhir.hl7.org.uk/codesystem/opcs-4": "OPCS-4",
    "https://dmd.nhs.uk": "dm+d",
    "http://dmd.nhs.uk": "dm+d",
    "http://loinc.org": "LOINC",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://hl7.org/fhir/sid/cvx": "CVX",
}
# SNOMED CT ends a fully specified name with what sort of thing it is.
_SORT = re.compile(r" \([a-z][a-z/ ]*\)$")
_CODE_BEFORE = re.compile(
    r"^\d{6,18} *\| *"
)  # `9339101000001105 | Septrin`, as degraded records say
_ORDER = list(dict.fromkeys(_SYSTEMS.values()))


@dataclass(frozen=True, slots=True)
class Coded:
    """One concept: its words, its principal code and the others it comes with."""

    words: str = ""
    system: str = ""
    code: str = ""
    others: tuple[tuple[str, str], ...] = ()

    def code_in(self, system: str) -> str:
        """The code in one terminology, if the concept has one."""
        every = ((self.system, self.code), *self.others)
        return next((code for name, code in every if name == system), "")


_NOTHING = Coded()


def read_coded(value: object) -> Coded:
    """A CodeableConcept, or a bare Coding; of a list, the first."""
    concept = read_object(value)
    if not concept:
        return _NOTHING
    codings = [item for item in read_list(concept.get("coding")) if isinstance(item, dict)]
    if not codings and "code" in concept:
        codings = [concept]
    coded = [
        (name_system(read_text(coding.get("system"))), read_text(coding.get("code")))
        for coding in codings
    ]
    known = sorted((pair for pair in coded if pair[1]), key=lambda pair: _rank(pair[0]))
    displays = [words for coding in codings if (words := find_text(coding, "display"))]
    words = find_text(concept, "text") or (displays[0] if displays else "")
    words = _CODE_BEFORE.sub("", words)
    if not known:
        return Coded(words)
    (system, code), *others = known
    if system == "SNOMED CT":
        words = _SORT.sub("", words)
    return Coded(words or code, system, code, tuple(others))


def name_system(address: str) -> str:
    """What the record calls the terminology at `address`; `local` where it is none we know."""
    plain = address.strip().lower()
    return next((name for start, name in _SYSTEMS.items() if plain.startswith(start)), "local")


def read_words(value: object) -> str:
    """The words of every concept of a list, joined."""
    return "; ".join(
        dict.fromkeys(words for item in read_list(value) if (words := read_coded(item).words))
    )


def _rank(system: str) -> int:
    return _ORDER.index(system) if system in _ORDER else len(_ORDER)
