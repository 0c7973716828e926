"""The slow reference engine: finds opportunities by going over people, rules and facts.

No library of tables takes part, so that every step can be read beside the specification and
checked by hand. `reference_facts.py` says what is known of a person, `reference_signals.py`
finds signals, `reference_narrowing.py` leaves out those that do not count; this says what came
of the rest. Written from the specification alone and never from the engine it checks; where
the specification leaves a choice, a comment beginning "Reading:" says which was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tests.opportunities.reference_facts import Fact, Row, Story, comes_before, tell_story
from tests.opportunities.reference_narrowing import (
    begins_by,
    begins_in,
    first_day,
    is_excused,
    last_day,
    narrow,
)
from tests.opportunities.reference_signals import FAMILIES, Seen
from theograph.opportunities.lengths import Window
from theograph.opportunities.rule import Rule, Signal
from theograph.record.concepts import Concept


def find_opportunities(
    tables: Mapping[str, Sequence[Row]],
    rules: Iterable[Rule],
    concepts: Mapping[str, Concept],
    *,
    as_of: date,
) -> list[dict[str, Any]]:
    """Every opportunity in `tables` (people, events, measures, conditions, feeds)."""
    rules = list(rules)
    found = []
    for person in tables["people"]:
        story = tell_story(person, tables, concepts, as_of)
        for rule in rules:
            for seen in find_signals(rule, story, concepts):
                found += judge(rule, seen, story)
    return sorted(
        found,
        key=lambda row: tuple(
            row[name] for name in ("person_ref", "signal_at", "rule", "signal_no", "anchor")
        ),
    )


def find_signals(rule: Rule, story: Story, concepts: Mapping[str, Concept]) -> list[Seen]:
    """The signals of a rule that count, after everything that narrows them."""
    candidates: list[Seen] = []
    for number, signal in enumerate(rule.signals, start=1):
        for seen in FAMILIES[signal.family](signal, number, story, rule):
            narrowed = narrow(seen, signal, story, concepts)
            if narrowed and not any(is_excused(narrowed, excuse, story) for excuse in rule.unless):
                candidates.append(narrowed)
    return thin_out(candidates, rule)


def thin_out(candidates: Sequence[Seen], rule: Rule) -> list[Seen]:
    """At most one signal in so many days; without such a limit one an anchor and day.

    Reviews are apart: two that fall due on one day are two, though one event answered both.
    """
    kept: list[Seen] = []
    if rule.once_per is not None:
        for seen in sorted(candidates, key=lambda s: (s.at, s.signal_no, s.anchor.id)):
            if not kept or (seen.day - kept[-1].day).days >= rule.once_per:
                kept.append(seen)
        return kept
    taken = set()
    for seen in sorted(candidates, key=lambda s: (s.signal_no, s.at)):
        # Departs from the letter of the specification: one visit may be the last review of two
        # conditions, and each of the two that fell due afterwards is an opportunity.
        review = seen.signal_no if rule.signals[seen.signal_no - 1].overdue else 0
        if (seen.anchor.id, seen.day, review) not in taken:
            taken.add((seen.anchor.id, seen.day, review))
            kept.append(seen)
    return kept


def judge(rule: Rule, seen: Seen, story: Story) -> list[dict[str, Any]]:
    """The opportunity of a signal; none when the person died before the window closed."""
    signal = rule.signals[seen.signal_no - 1]
    window = rule.window(signal)
    response = first_response(rule, signal, seen, story)
    opens, due = None, None
    if window is not None:
        # Reading: without a window its first day is as empty as its last.
        opens, due = first_day(seen, window.before), last_day(seen, window.after)
    status, uncovered = judge_status(rule, signal, seen, story, response)
    if status == "dropped":
        return []
    followed = find_consequences(rule, seen, story) if status == "missed" else []
    return [
        {
            "person_ref": story.person["person_ref"],
            "rule": rule.id,
            "signal_no": seen.signal_no,
            "status": status,
            "signal_at": seen.at,
            "has_time": seen.has_time,
            "anchor": seen.anchor.id,
            "evidence": distinct_ids(seen.evidence),
            "window_start": opens,
            "due": due,
            "response": response.id if response else None,
            "response_at": response.at if response else None,
            "consequence": followed[0].id if followed else None,
            "consequence_at": followed[0].at if followed else None,
            "consequences": distinct_ids(followed),
            "cost_followed_pence": (
                cost_of(followed) if status == "missed" and rule.consequence else None
            ),
            "uncovered": uncovered,
        }
    ]


def first_response(rule: Rule, signal: Signal, seen: Seen, story: Story) -> Fact | None:
    """The first fact within the window that answers the signal."""
    window = rule.window(signal)
    if rule.response is None or window is None:
        return None
    # The reviews that are overdue are the answer, whatever answers the rule's other signals.
    answers = signal.any if signal.overdue else rule.response.any
    for fact in story.facts_of(answers):
        if begins_in(fact, seen, window.before) and begins_by(fact, seen, window.after):
            return fact
    return None


def judge_status(
    rule: Rule, signal: Signal, seen: Seen, story: Story, response: Fact | None
) -> tuple[str, list[str]]:
    """The status, and the sectors that cannot tell when it is not assessable."""
    window = rule.window(signal)
    if window is None:
        return "missed", []
    if response is not None:
        return "met", []
    due = last_day(seen, window.after)
    died = story.person.get("date_of_death")
    if died is not None and died <= due:
        return "dropped", []
    still_open = due > story.as_of
    until = story.as_of if still_open else due
    since = covered_since(signal, seen, window)
    uncovered = [need for need in rule.needs if not story.is_covered(need, since, until)]
    if uncovered:
        # Reading: in the order of their keys, each once.
        return "not_assessable", sorted(set(uncovered))
    return ("open" if still_open else "missed"), []


def covered_since(signal: Signal, seen: Seen, window: Window) -> date:
    """The first day on which the extracts must speak for "no record" to be said."""
    reach = [
        (seen.day - first_day(seen, window.before)).days,
        signal.rising.in_ + signal.rising.against if signal.rising else 0,
        signal.stopped.silent if signal.stopped else 0,
        signal.overdue.after if signal.overdue else 0,
    ]
    return seen.day - timedelta(days=max(reach))


def find_consequences(rule: Rule, seen: Seen, story: Story) -> list[Fact]:
    """What followed a missed signal, in order."""
    if rule.consequence is None:
        return []
    if rule.consequence.itself:
        return [seen.anchor]
    shown = {fact.id for fact in seen.evidence}
    last = seen.day + timedelta(days=rule.consequence.within)
    return [
        fact
        for fact in story.facts_of(rule.consequence.any)
        if comes_before(seen, fact) and fact.day <= last and fact.id not in shown
    ]


def cost_of(facts: Sequence[Fact]) -> int:
    """The known cost of the events, each counted once."""
    return sum({fact.id: fact.row.get("cost_pence") or 0 for fact in facts}.values())


def distinct_ids(facts: Sequence[Fact]) -> list[str]:
    """The ids of facts in order, each once."""
    return list(dict.fromkeys(fact.id for fact in sorted(facts, key=lambda fact: fact.order)))
