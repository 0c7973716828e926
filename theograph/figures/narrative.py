"""The picture in words, for those who do not see it; made from the same data."""

from __future__ import annotations

import pandas as pd

from theograph.figures.conditions import list_conditions, list_frailty_steps
from theograph.figures.filter import events_in_view, overlapping
from theograph.figures.opportunity_list import list_opportunities
from theograph.figures.view import View
from theograph.figures.wording import short_date
from theograph.journey import Journey
from theograph.record.money import pounds
from theograph.record.sectors import SECTOR_KEYS, SECTOR_LABELS

MOST_CONDITIONS = 8


def describe_journey(journey: Journey, view: View | None = None) -> str:
    """Two to six plain sentences on what the picture of `journey` shows in `view`.

    What they say and the picture agree: the events shown and in the window, how they
    spread over the sectors, what they cost, the conditions behind them, and all that was
    missed or is still open. Plain text, not escaped: escape it where it becomes markup.
    """
    view = view if view is not None else View()
    shown = events_in_view(journey, view)
    events = overlapping(shown, view.start, view.end, as_of=journey.as_of)
    if events.empty:
        return f"No events to show. The data speaks up to {short_date(journey.as_of)}."
    sentences = [
        _describe_extent(events, journey),
        _describe_sectors(events),
        _describe_costs(events) if view.show_costs else "",
        _describe_conditions(journey) if view.show_conditions else "",
        _describe_opportunities(journey) if view.show_opportunities else "",
        _describe_limits(events, len(journey.events) - len(events)),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _describe_extent(events: pd.DataFrame, journey: Journey) -> str:
    first, last = short_date(events["start"].min()), short_date(events["start"].max())
    days = f"on {first}" if first == last else f"between {first} and {last}"
    noun = "event" if len(events) == 1 else "events"
    until = short_date(journey.as_of)
    return f"A timeline of {len(events):,} {noun} that began {days}; the data speaks up to {until}."


def _describe_sectors(events: pd.DataFrame) -> str:
    counts = {str(sector): int(n) for sector, n in events["sector"].value_counts().items()}
    order = (*SECTOR_KEYS, *sorted(set(counts) - set(SECTOR_KEYS)))
    parts = [
        f"{SECTOR_LABELS.get(sector, sector)} {counts[sector]:,}"
        for sector in order
        if sector in counts
    ]
    return f"Events by sector: {_list_words(parts)}."


def _describe_costs(events: pd.DataFrame) -> str:
    pence = events["cost_pence"].fillna(0)
    uncosted = int(events["cost_basis"].isin(["not_costed", "other_currency"]).sum())
    rest = f", {uncosted:,} of them not costed" if uncosted else ""
    if not pence.sum():
        return f"No cost is known for these events{rest}."
    top = pence.groupby(events["sector"]).sum().sort_values(ascending=False, kind="stable")
    sector = str(top.index[0])
    dearest = f"{SECTOR_LABELS.get(sector, sector)} is the largest part, {pounds(int(top.iloc[0]))}"
    return f"They cost {pounds(int(pence.sum()))} in all{rest}; {dearest}."


def _describe_conditions(journey: Journey) -> str:
    names = [one.name for one in list_conditions(journey) if one.end is None]
    steps = list_frailty_steps(journey)
    more = len(names) - MOST_CONDITIONS
    listed = [*names[:MOST_CONDITIONS], *([f"{more} more"] if more > 0 else [])]
    frailty = f"frailty was last recorded as {steps[-1].category}" if steps else ""
    if not listed:
        return f"{frailty[:1].upper()}{frailty[1:]}." if frailty else ""
    return f"Conditions: {_list_words(listed)}{'; ' + frailty if frailty else ''}."


def _describe_opportunities(journey: Journey) -> str:
    if not len(journey.opportunities.columns):
        return ""
    missed, still_open = journey.summary.missed, journey.summary.open
    if not missed and not still_open:
        return "No missed or open opportunity was found."
    noun = "opportunity" if missed == 1 else "opportunities"
    said = f"{missed:,} missed {noun}" if missed else ""
    if still_open:
        due = [one.due for one in list_opportunities(journey) if one.status == "open" and one.due]
        by = f", the first to be acted on by {short_date(min(due))}" if due else ""
        rest = "" if missed else " opportunity" if still_open == 1 else " opportunities"
        said += f"{' and ' if said else ''}{still_open:,}{rest} still open{by}"
    return f"There {'is' if (missed or still_open) == 1 else 'are'} {said}."


def _describe_limits(events: pd.DataFrame, hidden: int) -> str:
    ongoing = int(events["ongoing"].sum())
    parts = [
        f"{ongoing:,} {'spell has' if ongoing == 1 else 'spells have'} not ended"
        if ongoing
        else "",
        f"{hidden:,} more {'event is' if hidden == 1 else 'events are'} not in view"
        if hidden
        else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f"{said}." if said else ""


def _list_words(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
