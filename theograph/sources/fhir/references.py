"""One key for a resource, however it is referred to.

`urn:uuid:…`, `Patient/1`, `https://server/fhir/Patient/1/_history/2`, a reference by identifier
alone and a conditional one (`Practitioner?identifier=system|value`) all come out as the key that
the resource itself gives. A relative reference is resolved against the server that the entry
came from (its `fullUrl`), as FHIR R4 says in 2.36.4.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from theograph.sources.fhir.coded import read_coded
from theograph.sources.fhir.values import (
    Resource,
    find_text,
    read_list,
    read_object,
    read_text,
)

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
# Numbers of documents, not of records (HL7 v2 table 0203): they find nobody in an extract.
OF_DOCUMENTS = ("SS", "SB", "DL", "PPN", "NI", "TAX")

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RESTFUL = re.compile(r"^(https?://.+/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(/_history/.*)?$")
_RELATIVE = re.compile(r"^([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(/_history/.*)?$")


@dataclass(frozen=True, slots=True)
class Reference:
    """Who or what is meant: a key, the words given beside it, or the resource contained."""

    key: str = ""
    words: str = ""
    kind: str = ""
    contained: Resource = field(default_factory=dict)
    nhs_number: str = ""


NOBODY = Reference()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reference stands: the server its entry came from, and what its resource contains."""

    base: str = ""
    contained: dict[str, Resource] = field(default_factory=dict)


def find_place(resource: Resource, full_url: str) -> Place:
    """The place of the references in a resource."""
    restful = _RESTFUL.match(full_url)
    contained = {
        f"#{read_text(inner.get('id')).removeprefix('#')}": inner
        for inner in read_list(resource.get("contained"))
        if isinstance(inner, dict)
    }
    return Place(restful[1] if restful else "", contained)


def name_keys(resource: Resource, full_url: str) -> list[str]:
    """Every key by which a resource may be referred to, the one it goes by first.

    That is the one which holds in the most places: a UUID, then the address on its server, then
    an id that is unique within one file only. Numbers of documents are no keys.
    """
    place = find_place(resource, full_url)
    kind, number = read_text(resource.get("resourceType")), read_text(resource.get("id"))
    keys = [_key_of_address(f"{kind}/{number}", place)] if number else []
    if full_url:
        keys.append(_key_of_address(full_url, Place()))
    keys = sorted(dict.fromkeys(keys), key=_reach)
    for identifier in read_list(resource.get("identifier")):
        system, value = find_text(identifier, "system"), find_text(identifier, "value")
        if system and value and find_text(identifier, "type.coding.code") not in OF_DOCUMENTS:
            keys.append(_key_of_identifier(kind, system, value))
    return list(dict.fromkeys(key for key in keys if key))


def _reach(key: str) -> int:
    """How far a key holds: 0 everywhere, 1 on a server, 2 in a file, 3 by nobody's rule."""
    if _UUID.fullmatch(key):
        return 0
    if _RESTFUL.match(key):
        return 1
    return 2 if _RELATIVE.match(key) else 3


def read_reference(value: object, place: Place) -> Reference:
    """A Reference element, of whatever kind; of a list, the first."""
    element = read_object(value)
    if not element:
        return NOBODY
    address, words = find_text(element, "reference"), find_text(element, "display")
    kind = find_text(element, "type")
    contained = place.contained.get(address, {}) if address.startswith("#") else {}
    if contained:
        return Reference("", words, read_text(contained.get("resourceType")), contained)
    if address and not address.startswith("#"):
        if kind and not re.search("[/:?]", address):
            address = f"{kind}/{address}"
        key = _key_of_address(address, place)
        return Reference(key, words, _kind_of_address(address) or kind, {}, _nhs_number_in(key))
    system, number = find_text(element, "identifier.system"), find_text(element, "identifier.value")
    if not number:
        return Reference("", words, kind)
    nhs_number = number if system.lower() == NHS_NUMBER.lower() else ""
    return Reference(_key_of_identifier(kind, system, number), words, kind, {}, nhs_number)


def name_resource(resource: Resource) -> str:
    """What an organisation, person, place, service or medicine is called."""
    if not resource:
        return ""
    name = resource.get("name")
    if isinstance(name, str):
        return name.strip()
    return name_person(name) or read_coded(resource.get("code")).words


def name_person(names: object) -> str:
    """A person's name: the official or usual one, else the first; without titles."""
    every = [item for item in read_list(names) if isinstance(item, dict)]
    chosen = next(
        (name for use in ("official", "usual") for name in every if name.get("use") == use),
        every[0] if every else {},
    )
    parts = [
        *(read_text(part) for part in read_list(chosen.get("given"))),
        read_text(chosen.get("family")),
    ]
    return " ".join(part for part in parts if part) or find_text(chosen, "text")


def _key_of_address(address: str, place: Place) -> str:
    address = address.strip()
    lowered = address.lower()
    if lowered.startswith(("urn:uuid:", "urn:oid:")):
        return lowered.removeprefix("urn:uuid:")
    if "?" in address:
        return _key_of_query(address)
    restful = _RESTFUL.match(address)
    relative = _RELATIVE.match(address)
    if restful:
        return _key_of_id(restful[3], f"{restful[1]}{restful[2]}/{restful[3]}")
    if relative:
        return _key_of_id(relative[2], f"{place.base}{relative[1]}/{relative[2]}")
    return _plain(address)


def _kind_of_address(address: str) -> str:
    before, asked, _ = address.partition("?")
    if asked:
        return before.rsplit("/", 1)[-1]
    restful, relative = _RESTFUL.match(before), _RELATIVE.match(before)
    return restful[2] if restful else relative[1] if relative else ""


def _key_of_id(number: str, otherwise: str) -> str:
    """A UUID is one resource everywhere; any other id only on its own server."""
    return number.lower() if _UUID.fullmatch(number) else otherwise


def _key_of_query(address: str) -> str:
    before, _, query = address.partition("?")
    wanted = re.search(r"(?:^|&)identifier=([^&]*)", query)
    if not wanted:
        return _plain(address)
    system, bar, value = unquote(wanted[1]).partition("|")
    kind = before.rsplit("/", 1)[-1]
    return _key_of_identifier(kind, system, value) if bar else _key_of_identifier(kind, "", system)


def _key_of_identifier(kind: str, system: str, value: str) -> str:
    return _plain(f"{kind}?identifier={system}|{value}")


def _nhs_number_in(key: str) -> str:
    system, bar, value = key.partition("?identifier=")[2].partition("|")
    return value if bar and system.lower() == NHS_NUMBER.lower() else ""


def _plain(key: str) -> str:
    """A key without blanks, which part keys from each other."""
    return re.sub(r"\s+", "+", key.strip())
