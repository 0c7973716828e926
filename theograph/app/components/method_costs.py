"""Unit costs as a table, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.app.method_address import MethodAddress, write_method_address
from theograph.costing import UnitCostLine
from theograph.record.money import pounds_and_pence
from theograph.record.sectors import MODE_LABELS, SECTOR_LABELS

PAGE_ROWS = 25
HEADS = (
    "Line",
    "Activity",
    "Applies to",
    "Cost",
    "Unit",
    "Price year",
    "Source",
    "Licence",
    "Checked",
)
UNITS = {
    "spell": "stay",
    "spell_short": "short stay (0 or 1 night)",
    "spell_long": "long stay (2 nights or more)",
}
VERIFIED = {
    "yes": "Seen in the source",
    "secondary": "Seen as quoted by others",
    "derived": "Worked out from seen figures",
    "unverified": "Not checked",
    "local": "The site's own",
}
PLANNED = {"yes": "planned care", "no": "unplanned care", "": ""}


def build_unit_costs(lines: Sequence[UnitCostLine], address: MethodAddress) -> Component:
    """The page of `lines` that `address` asks for, or the one that holds its chosen line."""
    page = choose_page(lines, address)
    first = (page - 1) * PAGE_ROWS
    shown = lines[first : first + PAGE_ROWS]
    return html.Section(
        className="tg-card tg-costs",
        children=[
            html.Div(
                [
                    html.H2("Unit costs"),
                    html.P(_say_range(first, len(shown), len(lines)), className="tg-note"),
                    _build_paging(address, page=page, pages=count_pages(lines)),
                ],
                className="tg-table-head",
            ),
            html.Table(
                [
                    html.Thead(html.Tr([html.Th(name, scope="col") for name in HEADS])),
                    html.Tbody([_build_row(line, address.chosen) for line in shown]),
                ],
                className="tg-method-table tg-costs-table",
            ),
        ],
        **aria(label="Unit costs"),
    )


def choose_page(lines: Sequence[UnitCostLine], address: MethodAddress) -> int:
    """The number of the page to show, from 1."""
    places = (place for place, line in enumerate(lines) if line.line == address.chosen)
    place = next(places, None) if address.chosen else None
    if place is not None:
        return place // PAGE_ROWS + 1
    return min(address.page, count_pages(lines))


def count_pages(lines: Sequence[UnitCostLine]) -> int:
    """How many pages `lines` fill; one when there are none."""
    return max(-(-len(lines) // PAGE_ROWS), 1)


def say_applies_to(line: UnitCostLine) -> str:
    """Which events the line prices."""
    parts = (
        line.kind,
        MODE_LABELS.get(line.mode, line.mode).lower(),
        SECTOR_LABELS.get(line.sector, line.sector),
        f"{line.code_system} {line.code}" if line.code else "",
        PLANNED[line.planned],
    )
    return ", ".join(part for part in parts if part)


def _say_range(first: int, shown: int, found: int) -> str:
    return f"{first + 1:,} to {first + shown:,} of {found:,}"


def _build_row(line: UnitCostLine, chosen: str) -> Component:
    note = [html.Span(line.note, className="tg-costs-note")] if line.note else []
    pence = line.cost_pence
    cost = "No figure" if pence is None else pounds_and_pence(pence)
    place: dict[str, Any] = {"id": ids.METHOD_CHOSEN, "tabIndex": -1} if line.line == chosen else {}
    return html.Tr(
        [
            html.Th(line.line, scope="row"),
            html.Td([line.activity, *note]),
            html.Td(say_applies_to(line)),
            html.Td(cost, className="tg-costs-figure"),
            html.Td(UNITS.get(line.unit, line.unit)),
            html.Td(line.price_year),
            html.Td(line.source),
            html.Td(line.licence),
            html.Td(VERIFIED[line.verified]),
        ],
        **place,
    )


def _build_paging(address: MethodAddress, *, page: int, pages: int) -> Component:
    def link(label: str, to: int) -> Component:
        if not 1 <= to <= pages:
            return html.Span(label, className="tg-button tg-button-off")
        href = write_method_address(address.at_page(to))
        return html.A(label, href=href, className="tg-button")

    return html.Nav(
        [
            link("Previous", page - 1),
            html.Span(f"Page {page:,} of {pages:,}", className="tg-note"),
            link("Next", page + 1),
        ],
        className="tg-paging",
        **aria(label="Pages of unit costs"),
    )
