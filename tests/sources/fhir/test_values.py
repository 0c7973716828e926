"""FHIR datatypes from JSON of which nothing is certain: a wrong type reads as nothing."""

from __future__ import annotations

from typing import Any

import pytest

from theograph.sources.fhir.values import (
    find_date,
    find_day,
    find_extension,
    find_text,
    follow,
    read_text,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(" a ", "a"), (7, "7"), (1.5, "1.5"), (True, "true"), (None, ""), ([], ""), ({"a": 1}, "")],
)
def test_text_is_what_can_stand_in_a_cell(value: Any, text: str) -> None:
    assert read_text(value) == text


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": {"b": "x"}}, "x"),
        ({"a": [{"c": "y"}, {"b": "x"}]}, "x"),
        ({"a": [7, None, {"b": ["", "x"]}]}, "x"),
        ({"a": "b"}, ""),
        ([{"a": {"b": "x"}}], "x"),
        ({"a": [[{"b": "x"}]]}, ""),
        ("a.b", ""),
        (None, ""),
    ],
)
def test_a_path_leads_through_objects_and_lists(value: Any, found: str) -> None:
    assert find_text(value, "a.b") == found


def test_a_path_stops_where_nothing_leads_on() -> None:
    assert follow({"a": {"b": None}}, "a.b.c") is None


@pytest.mark.parametrize(
    ("first", "second", "date", "day"),
    [
        ("2024-05-06", "2024-07-08", "2024-05-06", "2024-05-06"),
        ("2016", "2018-03-04T10:00:00Z", "2018-03-04T10:00:00Z", "2018-03-04T10:00:00Z"),
        ("2016", "2018-03", "2016", ""),
        (7, None, "7", ""),
        (None, None, "", ""),
    ],
)
def test_a_date_known_to_the_day_goes_before_one_known_in_part(
    first: Any, second: Any, date: str, day: str
) -> None:
    resource = {"onset": first, "recorded": second}
    assert find_date(resource, "onset", "recorded") == date
    assert find_day(resource, "onset", "recorded") == day


def test_an_extension_is_found_by_the_end_of_its_address() -> None:
    wanted = {"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod"}
    stay = {"extension": [7, {"url": 7}], "hospitalization": {"extension": [wanted]}}
    assert find_extension(stay, "Extension-UKCore-AdmissionMethod") is wanted
    assert find_extension(stay, "Extension-UKCore-Other") == {}
