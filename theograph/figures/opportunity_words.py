"""An opportunity in words: what was expected, and by when. Plain text: escape it for markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

import pandas as pd

from theograph.figures.opportunity_list import Opportunity
from theograph.figures.wording import short_date

STATUS_WORDS = {
    "missed": "Missed",
    "open": "Open: still time to act",
    "met": "Met",
    "not_assessable": "Not assessable",
}
_ARTICLE = re.compile(r"^(an?|the)\s+", re.IGNORECASE)


class SignalWords(Protocol):
    """One thing that a rule looks for, in words."""

    @property
    def say(self) -> str: ...


class RuleWords(Protocol):
    """What a picture says of a rule."""

    @property
    def title(self) -> str: ...
    @property
    def expected(self) -> str: ...
    @property
    def signals(self) -> Sequence[SignalWords]: ...


FindRule = Callable[[str], RuleWords | None]


def name_opportunity(one: Opportunity, rule: RuleWords | None) -> str:
    """What it is called: by its rule, or by its signal alone when a response came or may have.

    A rule's title says what is not recorded, so it only fits the missed and the open.
    """
    if rule is None:
        return f"Rule {one.rule}"
    return rule.title if one.number is not None else describe_signal(one, rule) or rule.title


def describe_signal(one: Opportunity, rule: RuleWords | None) -> str:
    """What was seen, in the words of the rule; empty when the rule is no longer there."""
    signals = rule.signals if rule is not None else ()
    return signals[one.signal_no - 1].say if 1 <= one.signal_no <= len(signals) else ""


def drop_article(expected: str) -> str:
    """`A falls assessment` as `falls assessment`, to go after "no" or before "expected"."""
    bare = _ARTICLE.sub("", expected.strip(), count=1)
    capital = bare[:1].isupper() and bare[1:2].islower() and bare == expected.strip()
    return bare[:1].lower() + bare[1:] if capital else bare


def describe_window(one: Opportunity) -> str:
    """When a response counted: `by 31 Dec 2022`; empty when none was asked for."""
    if one.due is None:
        return ""
    if one.window_start is not None and one.window_start < one.signal_at.normalize():
        return f"between {short_date(one.window_start)} and {short_date(one.due)}"
    return f"by {short_date(one.due)}"


def describe_expected(one: Opportunity, rule: RuleWords | None) -> str:
    """What was expected by when, in one line: `falls assessment expected by 31 Dec 2022`."""
    window = describe_window(one)
    if not window:
        return f"{name_opportunity(one, rule)}, {short_date(one.signal_at)}"
    what = drop_article(rule.expected) if rule is not None else "response"
    return f"{what} expected {window}"


def write_caption(one: Opportunity, rule: RuleWords | None, limit: int) -> str:
    """What was expected by when, its date whole and the rest in at most `limit` characters."""
    if one.due is None:
        return describe_expected(one, rule)
    what = drop_article(rule.expected) if rule is not None else "response"
    short = what if len(what) <= limit else f"{what[:limit].rpartition(' ')[0].rstrip(',')}…"
    return f"{short} expected by {short_date(one.due)}"


def describe_outcome(one: Opportunity) -> str:
    """The status in words with its date: `Missed: nothing recorded by 31 Dec 2022`."""
    if one.status == "missed":
        window = describe_window(one)
        return f"Missed: nothing recorded {window}" if window else "Missed"
    if one.status == "open" and one.due is not None:
        return f"Open: act by {short_date(one.due)}"
    if one.status == "met" and one.response_at is not None:
        return f"Met: recorded {short_date(one.response_at)}"
    return STATUS_WORDS.get(one.status, one.status)


def short_day(moment: pd.Timestamp, *, near: pd.Timestamp) -> str:
    """`12 Apr`; with its year when that is more than half a year from `near`."""
    far = abs(moment - near) > pd.Timedelta(days=183)
    return f"{moment.day} {moment:%b %y}" if far else f"{moment.day} {moment:%b}"
