"""A drawn case in words: its rows in date order, what each is to the rule, and the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from theograph.opportunities.case import Case, DrawnEvent, Expected
from theograph.opportunities.rule import Rule
from theograph.record.sectors import MODE_LABELS, SECTOR_LABELS, STATUS_LABELS

SHOWS = {
    "hit": "Missed",
    "met": "Met",
    "boundary in": "At the boundary, inside",
    "boundary out": "At the boundary, outside",
    "open": "Still open",
    "not assessable": "Not assessable",
    "excused": "Excused",
    "tie": "At the same instant",
    "date only": "Only dates are known",
    "no signal": "No signal",
}
STATUS = {
    "met": "met",
    "missed": "missed",
    "open": "open",
    "not_assessable": "not assessable",
}
_NOTHING = {
    "excused": "no opportunity: it is excused",
    "no signal": "no opportunity: there is no signal",
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of a case: when (ISO), where, what, and what it is to the rule."""

    at: str
    when: str
    sector: str
    what: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rule makes of a case: a status word, and the sentence."""

    status: str
    text: str


def list_rows(case: Case) -> tuple[CaseRow, ...]:
    """Everything drawn in `case`, and the days on which a time ends, in date order."""
    rows = [*_list_events(case), *_list_facts(case), *_list_days(case)]
    return tuple(sorted(rows, key=lambda row: row.at))


def say_outcomes(case: Case, rule: Rule) -> tuple[Outcome, ...]:
    """What `rule` finds in `case`; one outcome that says so when it finds nothing."""
    if not case.expect:
        return (Outcome("none", _NOTHING.get(case.shows, "no opportunity")),)
    answerable = rule.response is not None
    outcomes = (_say_outcome(found, case, answerable=answerable) for found in case.expect)
    return tuple(
        Outcome(outcome.status, f"{outcome.text}{_say_recorded(found, rule)}")
        for outcome, found in zip(outcomes, case.expect, strict=True)
    )


def say_circumstances(case: Case) -> str:
    """What else the outcome hangs on: age, death, the data's end and what is not covered."""
    whole = [f"data to {say_day(case.as_of)}"]
    whole += [f"born {say_day(case.born)}"] if case.born else ["date of birth not known"]
    whole += [f"died {say_day(case.died)}"] if case.died else []
    whole += [
        f"records of {SECTOR_LABELS.get(key, key)} only {_say_period(period)}"
        for key, period in case.feeds.items()
    ]
    whole += [f"no records of {SECTOR_LABELS.get(key, key)}" for key in case.without]
    said = "; ".join(whole)
    return said[0].upper() + said[1:]


def say_instant(iso: str) -> str:
    """`2024-01-10 10:00` as `10 Jan 2024, 10:00`; a date alone as `10 Jan 2024`."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{say_day(moment.date())}, {moment:%H:%M}" if len(iso) > 10 else say_day(moment.date())


def say_day(day: date) -> str:
    """`3 Apr 2024`."""
    return f"{day.day} {day:%b %Y}"


def _list_events(case: Case) -> Iterator[CaseRow]:
    for event in case.events:
        when = say_instant(event.at)
        if event.ongoing:
            when = f"{when}, ongoing"
        elif event.end is not None and event.end != event.at:
            when = f"{when} to {say_instant(event.end)}"
        sector = SECTOR_LABELS.get(event.sector, event.sector)
        yield CaseRow(event.at, when, sector, _say_event(event), find_parts(event, case))


def _list_facts(case: Case) -> Iterator[CaseRow]:
    for condition in case.conditions:
        since = condition.since or date.min
        when = f"since {say_day(condition.since)}" if condition.since else "date not known"
        if condition.until:
            when = f"{when} to {say_day(condition.until)}"
        yield CaseRow(since.isoformat(), when, "Condition", condition.name)
    for reading in case.measures:
        value = "" if reading.value is None else f" {reading.value:g}"
        day = reading.at.isoformat(" ", "minutes") if isinstance(reading.at, datetime) else None
        at = day or reading.at.isoformat()
        parts = ("signal",) if any(at == found.signal for found in case.expect) else ()
        yield CaseRow(at, say_instant(at), "Reading", f"{reading.measure}{value}", parts)


def _list_days(case: Case) -> Iterator[CaseRow]:
    """A signal that is no event's, and the days on which a time ends."""
    drawn = {at for event in case.events for at in (event.at, event.end)}
    drawn |= {str(reading.at)[:16] for reading in case.measures}
    for signal in dict.fromkeys(found.signal for found in case.expect):
        if signal not in drawn:
            yield CaseRow(signal, say_instant(signal), "", "The signal stands here", ("signal",))
    closes = list(dict.fromkeys(found.due for found in case.expect if found.due))
    for due in closes:
        yield _end_of(due, "Last day for the response", "due")
    if case.died is not None:
        yield _end_of(case.died, "The person died")
    if closes and case.as_of <= max(closes):
        yield _end_of(case.as_of, "The data end")


def _end_of(day: date, what: str, *parts: str) -> CaseRow:
    """A row that stands after everything else on `day`."""
    return CaseRow(f"{day.isoformat()} 24:00", say_day(day), "", what, parts)


def find_parts(event: DrawnEvent, case: Case) -> tuple[str, ...]:
    """What `event` is to the opportunities of `case`."""
    parts = []
    for found in case.expect:
        if found.signal in (event.at, event.end) and event.id in (found.evidence or (event.id,)):
            parts.append("signal")
        elif event.id in (found.evidence or ()):
            parts.append("evidence")
        if event.id == found.response:
            parts.append("response")
        if event.id == found.consequence or event.id in (found.consequences or ()):
            parts.append("consequence")
    return tuple(dict.fromkeys(parts))


def _say_event(event: DrawnEvent) -> str:
    """What happened, with everything a rule may turn on."""
    codes = "; ".join(code for code in (event.code, event.codes) if code)
    status = STATUS_LABELS.get(event.status or "", "status not recorded")
    mode = MODE_LABELS.get(event.mode or "", "mode not recorded")
    planned = {True: "planned", False: "unplanned", None: ""}[event.planned]
    parts = [
        f"{event.kind}: {event.text}" if event.text else event.kind,
        "" if event.status == "attended" else status.lower(),
        "" if event.mode == "face_to_face" else mode.lower(),
        planned,
        f"{event.system or 'code'} {codes}" if codes else "",
        f"HRG {event.hrg}" if event.hrg else "",
        f"team {event.team}" if event.team else "",
        f"seen by {event.clinician}" if event.clinician else "",
        f"asked for {say_instant(event.asked)}" if event.asked else "",
        f"ready to leave {say_instant(event.ready)}" if event.ready else "",
        f"{event.units:g} units a week" if event.units is not None else "",
        event.outcome or "",
        f"£{event.cost:,.2f}".removesuffix(".00") if event.cost is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _say_outcome(found: Expected, case: Case, *, answerable: bool) -> Outcome:
    due = f" by {say_day(found.due)}" if found.due else ""
    status = STATUS[found.status]
    if found.status == "met":
        return Outcome(status, f"met: a response{_say_when(found.response, case)}{due}")
    if found.status == "open":
        until = f", until {say_day(found.due)}" if found.due else ""
        return Outcome(status, f"open: still time{until}")
    if found.status == "not_assessable":
        return Outcome(status, "not assessable: the records needed do not cover the whole time")
    missed = f"missed: no response{due}" if answerable else "missed: the signal is the finding"
    followed = found.consequence or next(iter(found.consequences or ()), None)
    after = f"; followed by {_name_event(followed, case)}" if followed else ""
    cost = f"; cost of what followed £{found.cost:,.2f}".removesuffix(".00") if found.cost else ""
    return Outcome(status, f"{missed}{after}{cost}")


def _say_recorded(found: Expected, rule: Rule) -> str:
    """How many of the parts that the rule lists are recorded; empty where none are listed."""
    checks = next((signal.checks for signal in rule.signals if signal.checks), None)
    if checks is None or not found.recorded:
        return ""
    return f"; {checks.say.lower()} recorded: {len(found.recorded)} of {len(checks.any)}"


def _say_when(event_id: str | None, case: Case) -> str:
    event = next((event for event in case.events if event.id == event_id), None)
    return f" on {say_instant(event.at)}," if event is not None else ""


def _name_event(event_id: str, case: Case) -> str:
    event = next((event for event in case.events if event.id == event_id), None)
    return f"{event.kind} on {say_instant(event.at)}" if event is not None else event_id


def _say_period(period: str) -> str:
    start, _, end = period.partition("/")
    return f"from {say_instant(start)} to {say_instant(end)}"
