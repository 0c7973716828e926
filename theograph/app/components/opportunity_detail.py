"""One opportunity in full: what was seen, expected, recorded, and followed, and what to do now."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from theograph.app.components.opportunity_facts import build_facts, list_facts
from theograph.app.components.opportunity_method import build_checks, build_numbers
from theograph.app.method_address import link_rule
from theograph.app.method_facts import MethodFacts
from theograph.app.services import RuleText, SourceText
from theograph.figures.opportunity_list import Opportunity
from theograph.figures.opportunity_words import (
    describe_signal,
    describe_window,
    drop_article,
)
from theograph.figures.wording import short_date
from theograph.journey import Journey
from theograph.record.money import pounds
from theograph.record.sectors import SECTOR_LABELS

NOT_PROOF = "Association, not proof of what would have been saved."
SEVERITY_WORDS = {"high": "High severity", "medium": "Medium severity", "low": "Low severity"}
VERIFIED_WORDS = {
    "yes": "checked against the source",
    "partly": "partly checked against the source",
    "no": "not checked against the source",
}
WINDOW_WORDS = {
    "published": "The times are published.",
    "partly published": "The times are partly published, partly a design choice.",
    "design choice": "The times are a design choice.",
}


def build_opportunity_detail(
    journey: Journey, one: Opportunity, rule: RuleText | None, facts: MethodFacts
) -> list[Component]:
    """What an opened card says under its heading."""
    parts: list[Component] = []
    if rule is not None and one.number is not None:
        parts.append(html.P(rule.plain, className="tg-plain"))
    parts += _section("What was seen", _say_seen(journey, one, rule))
    if rule is not None:
        parts += _section("What was expected", [html.P(say_expected(one, rule))])
    parts += _section("What is recorded", _say_recorded(journey, one, rule))
    parts += build_checks(journey, one, facts)
    if one.status == "missed" and one.cost_followed_pence is not None:
        parts += _section("What followed", _say_followed(journey, one))
    if rule is not None:
        if one.number is not None:
            parts.append(_say_action(rule.action))
        parts += _section("Where this comes from", _say_source(one, rule))
        parts += build_numbers(one, facts)
    return parts


def say_expected(one: Opportunity, rule: RuleText) -> str:
    """What was expected, and by when."""
    window = describe_window(one)
    return f"{rule.expected}, {window}." if window else f"{rule.expected}."


def say_recorded(one: Opportunity, rule: RuleText | None, *, data_to: str) -> str:
    """What the record holds of what was expected; it says what is recorded, never who failed."""
    none = _say_none_of(rule)
    if one.status == "not_assessable":
        sectors = _list_words([SECTOR_LABELS.get(key, key) for key in one.uncovered])
        return (
            f"It cannot be said: no extract of {sectors} covers the whole time."
            if sectors
            else "It cannot be said: the extracts do not cover the whole time."
        )
    if one.status == "open":
        return f"{none} is recorded so far. The data ends on {data_to}."
    if one.status == "met":
        return "A response is recorded in time:"
    window = describe_window(one)
    if not window:
        return "The signal is itself the finding; no response is looked for."
    return f"{none} is recorded {window}."


def _say_none_of(rule: RuleText | None) -> str:
    if rule is None:
        return "No response"
    several = " or " in rule.expected or "," in rule.expected
    return "None of these" if several else f"No {drop_article(rule.expected)}"


def _section(heading: str, said: list[Component]) -> list[Component]:
    return [html.H5(heading), *said]


def _say_seen(journey: Journey, one: Opportunity, rule: RuleText | None) -> list[Component]:
    say = describe_signal(one, rule)
    facts = build_facts(list_facts(journey, one.evidence))
    return [*([html.P(f"{say}.")] if say else []), *facts]


def _say_recorded(journey: Journey, one: Opportunity, rule: RuleText | None) -> list[Component]:
    said: list[Component] = [html.P(say_recorded(one, rule, data_to=short_date(journey.as_of)))]
    if one.response is None:
        return said
    return [*said, *build_facts(list_facts(journey, (one.response,)))]


def _say_followed(journey: Journey, one: Opportunity) -> list[Component]:
    count = len(one.consequences)
    if not count:
        return [html.P("Nothing of the kind that the rule looks for is recorded afterwards.")]
    events = f"{count:,} event{'' if count == 1 else 's'}"
    return [
        html.P(
            [html.Strong(pounds(one.cost_followed_pence or 0)), f", {events}. {NOT_PROOF}"],
            className="tg-followed",
        ),
        *build_facts(list_facts(journey, one.consequences), costs=True),
    ]


def _say_action(action: str) -> Component:
    return html.Div([html.H5("What to do now"), html.P(action)], className="tg-action")


def _say_source(one: Opportunity, rule: RuleText) -> list[Component]:
    severity = SEVERITY_WORDS.get(rule.severity, rule.severity)
    return [
        html.P(describe_source(rule.source)),
        html.P(
            [
                f"{severity} · {rule.theme} · ",
                dcc.Link(f"rule {one.rule} in full", href=link_rule(one.rule)),
            ],
            className="tg-rule-line",
        ),
    ]


def describe_source(source: SourceText) -> str:
    """The source with its year, how far it was checked, and whose the times are."""
    named = ", ".join(part for part in (source.title, source.section) if part)
    year = f" ({source.year})" if source.year is not None else ""
    verified = VERIFIED_WORDS.get(source.verified, source.verified)
    basis = source.basis[:1].upper() + source.basis[1:]
    times = WINDOW_WORDS.get(source.windows, source.windows)
    return f"{named}{year}. {basis}, {verified}. {times}"


def _list_words(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
