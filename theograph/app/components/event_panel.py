"""Everything on one event, as it was recorded, with where it came from."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from theograph.app.components.controls import sector_token
from theograph.app.components.event_meaning import build_meaning
from theograph.app.services import FindConcept, UnitCost, know_none
from theograph.figures.wording import short_date
from theograph.journey import Summary
from theograph.record.money import pounds, pounds_and_pence
from theograph.record.sectors import MODE_LABELS, SECTOR_LABELS, STATUS_LABELS

BASIS_LABELS = {
    "recorded": "Recorded by the source",
    "tariff": "Tariff",
    "part_of_spell": "Counted in another episode of this spell",
    "no_activity": "No activity, so no cost",
    "other_currency": "Recorded in other money than pounds: left out of totals",
    "not_costed": "Not costed: no unit-cost line fits",
}
BASIS_NAMES = {
    "recorded": "Recorded",
    "tariff": "Tariff",
    "part_of_spell": "In its spell",
    "no_activity": "No activity",
    "other_currency": "Other currency",
    "not_costed": "Not costed",
}
PLANNED_LABELS = {True: "Planned", False: "Unplanned"}
VERIFIED_LABELS = {"yes": "verified", "no": "not verified", "local": "a site's own figure"}
NOT_RECORDED = "not recorded"


def build_no_event(summary: Summary) -> list[Component]:
    """The panel before anything is selected: what to do, and where the money went."""
    return [
        html.P("Select an event in the picture or table", className="tg-panel-empty"),
        html.H3("Cost by provider"),
        _build_shares(summary.cost_by_provider),
        html.H3("How the costs are known"),
        _build_facts(list_bases(summary)),
    ]


def list_bases(summary: Summary) -> list[tuple[str, str]]:
    """How many events were costed on which basis, and how much that came to."""
    known = [
        (BASIS_NAMES[basis], summary.cost_by_basis[basis])
        for basis in BASIS_NAMES
        if basis in summary.cost_by_basis
    ]
    return [
        (name, f"{count['events']:,} {_plural(count['events'], 'event')}, {pounds(count['pence'])}")
        for name, count in known
    ]


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _build_shares(pence_by_name: dict[str, int]) -> Component:
    """Who cost what, the most first, each with a bar for its share of the most."""
    shares = sorted(pence_by_name.items(), key=lambda item: (-item[1], item[0]))
    most = max([pence for _, pence in shares], default=0) or 1
    rows = [
        html.Li(
            [
                html.Span(name, className="tg-share-name"),
                html.Span(pounds(pence), className="tg-share-cost"),
                html.Span(style={"width": f"{100 * pence / most:.1f}%"}, className="tg-share-bar"),
            ]
        )
        for name, pence in shares
    ]
    return html.Ul(rows, className="tg-shares")


def build_event_detail(
    event: pd.Series[Any], line: UnitCost | None, *, concept: FindConcept = know_none
) -> list[Component]:
    """What is known of `event`, a row of the events table; `line` priced it, if any did."""
    key = str(event["sector"])
    return [
        html.P(
            [
                html.Span(className="tg-swatch", style={"background": f"var({sector_token(key)})"}),
                SECTOR_LABELS.get(key, key),
            ],
            className="tg-event-sector",
        ),
        html.H3(str(event["kind"]), className="tg-event-kind"),
        html.P(describe_when(event), className="tg-event-when"),
        _build_facts(_list_facts(event)),
        *build_meaning(event, concept),
        html.H4("Cost"),
        _build_facts(list_cost(event, line)),
        html.H4("Where it was read"),
        _build_facts(_list_provenance(event)),
    ]


def describe_when(event: pd.Series[Any]) -> str:
    """When the event was, to the minute only where a time was recorded."""
    timed = bool(event["has_time"])
    start, end = event["start"], event["end"]
    begun = _moment(start, timed=timed)
    if event["ongoing"]:
        return f"Since {begun}, ongoing"
    if pd.isna(end) or end == start:
        return begun
    same_day = timed and start.date() == end.date()
    ended = f"{end:%H:%M}" if same_day else _moment(end, timed=timed)
    return f"{begun} to {ended} ({describe_length(end - start)})"


def describe_length(length: pd.Timedelta) -> str:
    """A length of time in the largest unit that says enough."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    if minutes < 48 * 60:
        return f"{minutes / 60:.0f} hours"
    return f"{length.days:,} days"


def list_cost(event: pd.Series[Any], line: UnitCost | None) -> list[tuple[str, str]]:
    """The cost of `event`, on what basis, and for a tariff its whole arithmetic."""
    basis = str(event["cost_basis"])
    cost = event["cost_pence"]
    facts = [
        ("Cost", "Not costed" if pd.isna(cost) else pounds_and_pence(int(cost))),
        ("Basis", BASIS_LABELS.get(basis, basis)),
    ]
    if basis == "other_currency":
        return [*facts, *_list_recorded(event)]
    if basis != "tariff":
        return facts
    facts += [
        ("Line", f"{line.activity} ({event['cost_line']})" if line else str(event["cost_line"])),
        ("Units", f"{event['cost_units']:g} × {event['cost_unit']}"),
        ("Price year", str(event["cost_price_year"])),
    ]
    if line:
        facts.append(
            ("Source", f"{line.source} ({VERIFIED_LABELS.get(line.verified, line.verified)})")
        )
    return facts


def _list_recorded(event: pd.Series[Any]) -> list[tuple[str, str]]:
    """What the source recorded, in its own currency."""
    amounts = (
        ("Recorded", event["recorded_cost_pence"]),
        ("Recorded rate", event["recorded_rate_pence"]),
    )
    return [
        (name, f"{event['currency']} {int(amount) / 100:,.2f}")
        for name, amount in amounts
        if not pd.isna(amount)
    ]


def _list_facts(event: pd.Series[Any]) -> list[tuple[str, str]]:
    """The main facts say when they are not recorded; the rest only show when they are."""
    facts = [
        ("Provider", _text(event["provider"])),
        ("Team", _text(event["team"])),
        ("Mode", _label(event["mode"], MODE_LABELS)),
        ("Status", _label(event["status"], STATUS_LABELS)),
        ("Planned", NOT_RECORDED if pd.isna(event["planned"]) else _planned(event["planned"])),
        ("Description", _text(event["description"])),
        ("Outcome", _text(event["outcome"])),
    ]
    optional = [
        ("Code", _join(event["code_system"], event["code"])),
        ("Other codes", _join(event["other_codes"])),
        ("HRG", _join(event["hrg"])),
        ("Length", _number(event["duration_minutes"], "minutes")),
        ("Each week", _number(event["units_per_week"], "units")),
        ("Quantity", _number(event["quantity"], "")),
        ("Asked for", _instant(event["requested_at"])),
        ("Ready to leave", _instant(event["ready_at"])),
    ]
    return facts + [(name, value) for name, value in optional if value]


def _list_provenance(event: pd.Series[Any]) -> list[tuple[str, str]]:
    return [
        ("File", str(event["source_file"])),
        ("Line", f"{event['source_row']:,}"),
        ("Read as", str(event["source_mapping"])),
        ("Event id", str(event["event_id"])),
    ]


def _build_facts(facts: list[tuple[str, str]]) -> Component:
    rows = [
        html.Div(
            [html.Dt(name), html.Dd(value, className="tg-absent" if value == NOT_RECORDED else "")]
        )
        for name, value in facts
    ]
    return html.Dl(rows, className="tg-facts-list")


def _text(value: Any) -> str:
    return NOT_RECORDED if pd.isna(value) else str(value)


def _label(value: Any, labels: dict[str, str]) -> str:
    return NOT_RECORDED if pd.isna(value) else labels.get(str(value), str(value))


def _planned(value: Any) -> str:
    return PLANNED_LABELS[bool(value)]


def _join(*values: Any) -> str:
    return " ".join(str(value) for value in values if not pd.isna(value))


def _number(value: Any, unit: str) -> str:
    return "" if pd.isna(value) else f"{value:g} {unit}".strip()


def _instant(value: Any) -> str:
    return "" if pd.isna(value) else _moment(value, timed=value != value.normalize())


def _moment(value: pd.Timestamp, *, timed: bool) -> str:
    return (
        f"{value:%a} {short_date(value)}{value:, %H:%M}"
        if timed
        else f"{value:%a} {short_date(value)}"
    )
