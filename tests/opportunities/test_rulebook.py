"""Rules from files: ours, and a site's over them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from theograph.errors import MappingError
from theograph.opportunities.rule import Rule
from theograph.opportunities.rulebook import FOLDER, load_rules

OWN_RULE = """title = "A call, no call back"
plain = "No contact is recorded within {response.within.after} of the call."
expected = "A call from the surgery"
action = "Ring the person."
theme = "access"
severity = "medium"
signal = [{ say = "The person rang 111", any = ["nhs111_contact"], count = 3, in = "7 days" }]
response = { any = ["gp_contact"], within = "2 days" }
source = { title = "Ours", basis = "design choice", windows = "design choice", verified = "no" }
"""
# A number in words, of days or of times, as a text would state it.
_STATED = re.compile(
    r"\d|\b(two|three|four|five|six|seven|ten|twelve)\b[\w ]* (days|months|hours|years|times)\b"
)


def load_site(folder: Path, name: str, text: str) -> Rule:
    (folder / f"{name}.toml").write_text(text)
    return load_rules([folder])[name.upper()]


def test_a_plain_text_follows_the_number_that_a_site_changed(tmp_path: Path) -> None:
    assert "within 42 days" in load_rules()["R13"].plain
    rule = load_site(tmp_path, "r13", '[response]\nwithin = "21 days"\n')
    assert "within 21 days" in rule.plain
    assert "42" not in rule.plain


def test_a_sites_own_text_may_name_a_number_by_its_place(tmp_path: Path) -> None:
    rule = load_site(tmp_path, "r29", OWN_RULE)
    assert rule.plain == "No contact is recorded within 2 days of the call."


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_no_shipped_plain_text_states_a_number_of_its_own(file: Path) -> None:
    plain = tomllib.loads(file.read_text("utf-8"))["plain"]
    stated = _STATED.search(re.sub(r"\{[^}]+\}", "", plain))
    assert stated is None, stated


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            OWN_RULE.replace("{response.within.after}", "{response.within}"),
            ("r29.toml", "plain", "'response.within'", "response.within.after"),
        ),
        (
            OWN_RULE.replace('"design choice", verified', '"partly published", '
                             'published = ["signal.2.count"], verified'),
            ("r29.toml", "source.published", "'signal.2.count'", "signal.1.count"),
        ),
        (
            OWN_RULE.replace('verified = "no"', 'published = ["signal.1.count"], verified = "no"'),
            ("r29.toml", "source", "windows = 'partly published'"),
        ),
        (
            OWN_RULE.replace('theme = "access"', 'theme = "acess"'),
            ("r29.toml", "theme", "'access'", "'urgent care'"),
        ),
    ],
    ids=["a place there is none of", "a mark on nothing", "a mark beside another", "a theme"],
)  # fmt: skip
def test_what_a_rule_cannot_mean_is_said(tmp_path: Path, text: str, said: tuple[str, ...]) -> None:
    with pytest.raises(MappingError) as told:
        load_site(tmp_path, "r29", text)
    for words in said:
        assert words in str(told.value)


def test_a_length_cannot_take_the_place_of_a_time_before_and_after(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as told:
        load_site(tmp_path, "r11", '[response]\nwithin = "14 days"\n')
    said = str(told.value)
    assert "r11.toml: response.within: '14 days'" in said
    assert "within = { before = ..., after = ... }" in said


def test_one_side_of_a_time_may_be_changed_alone(tmp_path: Path) -> None:
    rule = load_site(tmp_path, "r11", '[response]\nwithin = { after = "14 days" }\n')
    assert rule.response is not None
    assert (rule.response.within.before.days, rule.response.within.after.days) == (365, 14)


def test_a_site_that_replaces_our_signals_need_not_repeat_what_is_published(tmp_path: Path) -> None:
    signal = 'signal = [{ say = "A call-out", any = ["ed_attendance"] }]\n'
    assert len(load_site(tmp_path, "r02", signal).signals) == 1
