"""The headline figures, and in words how sure the money is."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from theograph.app.components.aria import aria
from theograph.journey import Journey, Summary
from theograph.record.money import pounds


def build_tiles(journey: Journey) -> Component:
    """Cost, admissions, nights, contact days, teams and missed appointments."""
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
                hint="Distinct days with at least one contact; letters and home left out",
            ),
            _build_tile(
                f"{summary.teams:,}",
                _plural(summary.teams, "team") + " involved",
                hint="Distinct teams seen",
            ),
            _build_tile(
                f"{summary.did_not_attend:,}",
                "did not attend",
                hint="Appointments recorded as not attended",
            ),
        ],
        **aria(label="Headline figures"),
    )


def describe_cost_split(summary: Summary) -> str:
    """How much of the cost is recorded, how much tariff, and what was not costed."""
    recorded = summary.cost_by_basis.get("recorded", {"events": 0, "pence": 0})
    tariff = summary.cost_by_basis.get("tariff", {"events": 0, "pence": 0})
    missing = summary.cost_by_basis.get("not_costed", {"events": 0, "pence": 0})["events"]
    years = ", ".join(summary.price_years)
    return (
        f"Costs: {pounds(recorded['pence'])} recorded, {pounds(tariff['pence'])} tariff"
        f"{f' {years}' if years else ''}, {missing:,} event{'' if missing == 1 else 's'} not costed"
    )


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _build_tile(figure: str, label: str, *, hint: str) -> Component:
    return html.Li(
        className="tg-tile",
        title=hint,
        children=[
            html.Span(figure, className="tg-tile-figure"),
            html.Span(label, className="tg-tile-label"),
        ],
    )
