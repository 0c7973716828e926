"""The reference: every rule, drawn case and concept as one page of Markdown."""

from __future__ import annotations

import re

import pytest

from theograph.opportunities import concept_wording
from theograph.opportunities.case import load_cases
from theograph.opportunities.concept_wording import say_match
from theograph.opportunities.reference import write_reference
from theograph.opportunities.rulebook import load_rules
from theograph.record.concepts import Match, load_concepts


@pytest.fixture(scope="module")
def page() -> str:
    """The reference of everything shipped."""
    return write_reference(load_rules(), load_concepts(), load_cases)


def test_the_reference_holds_every_rule_case_and_concept(page: str) -> None:
    for rule in load_rules().values():
        assert f"### {rule.id} {rule.title}\n" in page
        for case in load_cases(rule.id):
            assert f"#### {case.name}\n" in page
    for concept in load_concepts().values():
        assert f'<a id="{concept.key}"></a>{concept.title}\n' in page


def test_every_link_of_the_reference_leads_somewhere(page: str) -> None:
    anchors = set(re.findall(r'<a id="([a-z0-9_]+)">', page))
    assert set(re.findall(r"\]\(#([a-z0-9_]+)\)", page)) <= anchors


def test_the_tables_of_the_reference_are_whole(page: str) -> None:
    for line in page.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("| ") else 0
        assert cells in (0, 4, 5), line
    assert "{}" not in page


def test_the_reference_blames_nobody(page: str) -> None:
    rules = page.split("\n## Concepts\n")[0]
    assert not re.findall(
        r"\b(?:failed to|should have|neglect\w*|careless\w*|fault)\b", rules, re.I
    )


def test_every_way_of_matching_is_said_in_words() -> None:
    """A key that a match may have and that the page does not name would match unseen."""
    unsaid = set(Match.model_fields) - {
        "sectors",
        "modes",
        "statuses",
        "planned",
        "not_planned",
        "measure",
        "categories",
        "above",
        "at_least",
        "up_to",
        "below",
    }
    assert unsaid <= {name for name, _ in concept_wording._LISTS}
    said = say_match(Match(not_planned=True, not_outcome_words=("died",), sectors=("ed",)))
    assert {"not known to be", "died"} <= {value for means in said for value in means.values}
    reading = say_match(Match(measure="frailty", categories=("severe",)))
    assert [means.values for means in reading] == [("frailty severe",)]
