"""The headline figures, and in words how sure the money is."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from theograph.app.components.aria import aria
from theograph.journey import Journey, Summary
from theograph.record.money import pounds


def build_tiles(journey: Journey) -> Component:
    """Cost, admissions, nights, contact days and teams; and, once rules have been applied,
    what was missed, what is still open, and the cost that followed."""
    summary = journey.summary
    split = describe_cost_split(summary)
    return html.Ul(
        className="tg-tiles",
        children=[
            _build_tile(pounds(summary.cost_pence), "total cost", hint=split),
            _build_tile(
                f"{summary.emergency_admissions:,}",
                _plural(summary.emergency_admissions, "emergency admission"),
                hint="Unplanned stays in hospital; a spell of several episodes counts once",
            ),
            _build_tile(
                f"{summary.hospital_nights:,}",
                _plural(summary.hospital_nights, "night") + " in hospital",
                hint="Distinct nights spent in hospital",
            ),
            _build_tile(
                f"{summary.contact_days:,}",
                _plural(summary.contact_days, "contact day"),
                hint="Distinct days with at least one contact; letters and home left out. "
                f"{describe_not_attended(summary)}",
            ),
            _build_tile(
                f"{summary.teams:,}",
                _plural(summary.teams, "team") + " involved",
                hint="Distinct teams seen",
            ),
            *(_build_opportunity_tiles(summary) if len(journey.opportunities.columns) else []),
        ],
        **aria(label="Headline figures"),
    )


def _build_opportunity_tiles(summary: Summary) -> list[Component]:
    return [
        _build_tile(
            f"{summary.missed:,}",
            "missed",
            hint="Missed opportunities: nothing that was expected is recorded in time",
            kind="tg-tile-missed",
        ),
        _build_tile(
            f"{summary.open:,}",
            "still open",
            hint="Opportunities for which there was still time when the data ended",
            kind="tg-tile-open",
        ),
        _build_tile(
            pounds(summary.cost_followed_pence),
            "followed",
            hint="Cost of the events that followed missed opportunities, each event counted once. "
            "Association, not proof of what would have been saved.",
            kind="tg-tile-followed",
            note="(association, not proof)",
        ),
    ]


def describe_not_attended(summary: Summary) -> str:
    """How many appointments were not attended, in words."""
    count = summary.did_not_attend
    return f"{count:,} {_plural(count, 'appointment')} not attended" if count else ""


def describe_cost_split(summary: Summary) -> str:
    """How much of the cost is recorded, how much tariff, and what was not costed."""
    recorded = summary.cost_by_basis.get("recorded", {"events": 0, "pence": 0})
    tariff = summary.cost_by_basis.get("tariff", {"events": 0, "pence": 0})
    missing = summary.cost_by_basis.get("not_costed", {"events": 0, "pence": 0})["events"]
    other = summary.cost_by_basis.get("other_currency", {"events": 0, "pence": 0})["events"]
    years = ", ".join(summary.price_years)
    return (
        f"Costs: {pounds(recorded['pence'])} recorded, {pounds(tariff['pence'])} tariff"
        f"{f' {years}' if years else ''}, {missing:,} event{'' if missing == 1 else 's'} not costed"
        f"{f', {other:,} in other money left out' if other else ''}"
    )


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _build_tile(figure: str, label: str, *, hint: str, kind: str = "", note: str = "") -> Component:
    said: list[Any] = [label]
    if note:
        said.append(html.Span(f" {note}", className="tg-tile-note"))
    return html.Li(
        className=f"tg-tile {kind}".strip(),
        title=hint,
        children=[
            html.Span(figure, className="tg-tile-figure"),
            html.Span(said, className="tg-tile-label"),
        ],
    )
