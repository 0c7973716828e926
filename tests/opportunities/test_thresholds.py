"""Whose each number of a rule is: published, ours, or a site's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from theograph.opportunities.rule import Rule
from theograph.opportunities.rulebook import load_rules
from theograph.opportunities.thresholds import Threshold, list_thresholds
from theograph.opportunities.wording import SITES_OWN, STANDING


def find(rule: Rule, what: str) -> Threshold:
    (found,) = [each for each in list_thresholds(rule) if each.what == what]
    return found


def change(folder: Path, name: str, text: str) -> Rule:
    """The shipped rule `name` with a site's file over it."""
    (folder / f"{name}.toml").write_text(text)
    return load_rules([folder])[name.upper()]


@pytest.mark.parametrize(
    ("rule", "what", "standing"),
    [
        ("R02", "Signal 1: events, at least", "Published"),
        ("R02", "Signal 2: events, at least", "Design choice"),
        ("R02", "Time for the response", "Design choice"),
        ("R08", "Signal 1: time since the last one", "Published"),
        ("R21", "Time for the response, after the signal", "Published"),
        ("R21", "Time for the response, before the signal", "Design choice"),
        ("R04", "Time in which they came before", "Published"),
        ("R06", "Shown as pressing after", "Design choice"),
    ],
)
def test_each_number_carries_its_own_mark(rule: str, what: str, standing: str) -> None:
    assert find(load_rules()[rule], what).standing == standing


def test_signals_share_a_line_only_where_the_number_is_alike_in_standing() -> None:
    named = [each.what for each in list_thresholds(load_rules()["R08"])]
    assert named[0] == "Signal 1: time since the last one"
    assert "Signals 2, 3, 4, 5, 6, 7 and 8: time since the last one" in named


@pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.id)
def test_the_mark_of_a_rule_is_that_of_its_numbers_together(rule: Rule) -> None:
    marks = {each.standing for each in list_thresholds(rule)}
    expected = {
        "published": {"Published"},
        "design choice": {"Design choice"},
        "partly published": {"Published", "Design choice"},
    }[rule.source.windows]
    assert marks == expected or not marks


def test_a_number_that_a_site_changed_is_the_sites_and_says_what_ours_is(tmp_path: Path) -> None:
    rule = change(tmp_path, "r02", '[response]\nwithin = "7 days"\n')
    assert find(rule, "Time for the response") == Threshold(
        "Time for the response",
        "within 7 days after the signal",
        SITES_OWN,
        "within 28 days after the signal",
    )
    assert {each.standing for each in list_thresholds(rule) if not each.shipped} == {
        "Published",
        "Design choice",
    }


def test_a_number_that_ours_has_not_is_the_sites_too(tmp_path: Path) -> None:
    rule = change(tmp_path, "r02", '[response]\namber = "3 days"\n')
    assert find(rule, "Shown as pressing after") == Threshold(
        "Shown as pressing after", "3 days", SITES_OWN, "none"
    )


def test_shipped_rules_are_nobodys_change() -> None:
    for rule in load_rules().values():
        assert {each.standing for each in list_thresholds(rule)} <= set(STANDING.values())
