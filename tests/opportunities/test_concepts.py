"""Every example of every concept is read as it says."""

from __future__ import annotations

import pytest

from tests.opportunities.tagging import find_concepts
from theograph.record.concepts import Example, load_concepts
from theograph.record.tables import CONDITIONS, EVENTS, MEASURES, Table

CONCEPTS = load_concepts()


def table_of(example: Example) -> Table:
    if example.measure is not None:
        return MEASURES
    return CONDITIONS if example.condition is not None else EVENTS


def read_examples() -> dict[tuple[str, int], set[str]]:
    """What every example of every concept is read as, by concept and place."""
    found: dict[tuple[str, int], set[str]] = {}
    for table in (EVENTS, CONDITIONS, MEASURES):
        places = [
            (key, no)
            for key, concept in CONCEPTS.items()
            for no, example in enumerate(concept.example)
            if table_of(example) is table
        ]
        rows = [
            CONCEPTS[key].example[no].model_dump() | {"description": CONCEPTS[key].example[no].text}
            for key, no in places
        ]
        read = find_concepts(table, rows, CONCEPTS)
        found |= {place: set(tags) for place, tags in zip(places, read, strict=True)}
    return found


FOUND = read_examples()


@pytest.mark.parametrize("key", CONCEPTS, ids=str)
def test_the_examples_of_a_concept_are_read_as_they_say(key: str) -> None:
    wrong = [
        f"{example.model_dump(exclude_defaults=True)} should be {example.is_}"
        for no, example in enumerate(CONCEPTS[key].example)
        if (key in FOUND[key, no]) is not example.is_
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", CONCEPTS, ids=str)
def test_a_concept_has_examples_that_are_and_examples_that_are_not(key: str) -> None:
    said = [example.is_ for example in CONCEPTS[key].example]
    assert said.count(True) >= 2
    assert said.count(False) >= 2
