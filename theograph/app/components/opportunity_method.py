"""What the rules add to an opened card: the parts of a whole answer, and whose the numbers are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
from dash import html
from dash.development.base_component import Component

from theograph.app.components.method_rule import build_thresholds
from theograph.app.method_facts import MethodFacts
from theograph.figures.opportunity_list import Opportunity
from theograph.figures.wording import short_date
from theograph.journey import Journey
from theograph.opportunities.checks import list_checks
from theograph.opportunities.rule import Signal
from theograph.opportunities.thresholds import list_thresholds, say_value
from theograph.opportunities.wording import days

DECIDE_NOTHING = "Listed only: they do not decide whether the review counts as recorded."


def build_checks(journey: Journey, one: Opportunity, facts: MethodFacts) -> list[Component]:
    """Which parts of a whole answer are recorded up to the last day in time or of the data."""
    signal = _find_signal(one, facts)
    if signal is None or signal.checks is None:
        return []
    until = min(journey.as_of, one.due or journey.as_of)
    found = list_checks(signal.checks, _list_recorded(journey), until=until.date())
    time = f"in the {days(signal.checks.within)} up to {short_date(until)}"
    seen = [_build_check(each.concept, each.last, facts) for each in found if each.last]
    left_out = ", ".join(facts.name_concept(each.concept) for each in found if not each.last)
    return [
        html.H5(f"{signal.checks.say} {time}"),
        *([html.Ul(seen, className="tg-seen")] if seen else []),
        *([html.P(f"Not recorded: {left_out}.")] if left_out else []),
        html.P(DECIDE_NOTHING, className="tg-rule-line"),
    ]


def build_numbers(one: Opportunity, facts: MethodFacts) -> list[Component]:
    """What a site changed of the rule, and every number of the rule to unfold."""
    rule = facts.rules.get(one.rule)
    thresholds = () if rule is None else list_thresholds(rule)
    if not thresholds:
        return []
    changed = [
        html.P(f"Changed here: {each.what}: {say_value(each)}.")
        for each in thresholds
        if each.shipped
    ]
    summary = html.Summary("Numbers of the rule, and whose they are", className="tg-more")
    return [*changed, html.Details([summary, build_thresholds(thresholds)])]


def _find_signal(one: Opportunity, facts: MethodFacts) -> Signal | None:
    rule = facts.rules.get(one.rule)
    if rule is None or not 1 <= one.signal_no <= len(rule.signals):
        return None
    return rule.signals[one.signal_no - 1]


def _list_recorded(journey: Journey) -> Iterator[tuple[date, str]]:
    """The day and the concepts of every event and reading that has any."""
    for rows, instant in ((journey.events, "start"), (journey.measures, "measured_at")):
        if "concepts" in rows.columns:
            tagged = rows[rows["concepts"].notna()]
            for at, concepts in zip(tagged[instant], tagged["concepts"], strict=True):
                yield pd.Timestamp(at).date(), str(concepts)


def _build_check(concept: str, last: date, facts: MethodFacts) -> Component:
    said = [
        html.Span(short_date(pd.Timestamp(last)), className="tg-seen-when"),
        html.Span(facts.name_concept(concept), className="tg-seen-what"),
    ]
    return html.Li(html.Span(said, className="tg-seen-fact"))
