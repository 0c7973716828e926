"""Codes: the terminology the record prefers, and words that people use."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.fhir.resources import LOINC, SNOMED, coded
from theograph.sources.fhir.coded import Coded, read_coded


def test_of_several_codes_the_clinical_one_is_principal() -> None:
    both = {"coding": [coded("85354-9", system=LOINC)["coding"][0], *coded("75367002")["coding"]]}
    found = read_coded(both)
    assert (found.system, found.code) == ("SNOMED CT", "75367002")
    assert (found.code_in("LOINC"), found.code_in("ICD-10")) == ("85354-9", "")


@pytest.mark.parametrize(
    ("concept", "words"),
    [
        (coded("195967001", "Asthma (disorder)"), "Asthma"),
        (coded("195967001", "Asthma (disorder)") | {"text": "Wheezy"}, "Wheezy"),
        (coded("J45", "Asthma (allergic)", "http://hl7.org/fhir/sid/icd-10"), "Asthma (allergic)"),
        (coded("196461000000101") | {"text": "9339101000001105 | Septrin"}, "Septrin"),
        (coded("195967001"), "195967001"),
        ({"text": "Something said"}, "Something said"),
    ],
)
def test_words_are_the_senders_without_the_sort_of_thing_it_is(
    concept: dict[str, Any], words: str
) -> None:
    assert read_coded(concept).words == words


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (SNOMED, "SNOMED CT"),
        ("http://hl7.org/fhir/sid/icd-10-uk", "ICD-10"),
        ("https://fhir.hl7.org.uk/Id/opcs-4", "OPCS-4"),
        ("https://dmd.nhs.uk", "dm+d"),
        ("https://hospital.example/codes", "local"),
    ],
)
def test_a_terminology_is_called_as_the_record_calls_it(address: str, name: str) -> None:
    assert read_coded(coded("1", system=address)).system == name


@pytest.mark.parametrize("value", [None, "asthma", 7, [], {"coding": "x"}, {"coding": [None, 1]}])
def test_what_is_no_concept_is_nothing(value: Any) -> None:
    assert read_coded(value) == Coded()
