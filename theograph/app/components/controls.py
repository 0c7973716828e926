"""The row above the picture: what to see of the journey."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.address import JourneyAddress
from theograph.app.components.aria import aria
from theograph.record.sectors import SECTOR_KEYS, SECTORS

RANGES = (("6m", "6 m"), ("1y", "1 y"), ("3y", "3 y"), ("all", "All"))
GROUPINGS = (("sector", "By sector"), ("provider", "By provider"))
AXES = (("calendar", "Calendar"), ("relative", "Days from event"))
# the stylesheet hides the second part from sight where room is short
LAYERS = (
    ("opportunities", "Missed", " opportunities"),
    ("costs", "Costs", ""),
    ("conditions", "Conditions", ""),
)


def build_controls(address: JourneyAddress) -> Component:
    """Every control, set as `address` says."""
    return html.Div(
        className="tg-controls",
        role="group",
        children=[
            _build_choice(ids.RANGE, "Time shown", RANGES, address.range),
            _build_choice(ids.GROUPING, "Lanes", GROUPINGS, address.by),
            _build_choice(ids.AXIS, "Time axis", AXES, address.axis),
            _build_sectors(address),
            _build_text(address),
            html.Button(
                "Reset zoom", id=ids.RESET_ZOOM, className="tg-button", hidden=not address.window
            ),
            html.Span(className="tg-spring"),
            _build_layers(address),
            html.Span(
                [
                    html.Button("PNG", id=ids.SAVE_PNG, className="tg-button", title="Save as PNG"),
                    html.Button("SVG", id=ids.SAVE_SVG, className="tg-button", title="Save as SVG"),
                    html.Span(id=ids.SAVED, className="visually-hidden", role="status"),
                ],
                className="tg-save",
            ),
        ],
        **aria(label="What to show"),
    )


def list_layers(address: JourneyAddress) -> list[str]:
    """The layers switched on."""
    shown = (address.opportunities, address.costs, address.conditions)
    return [value for (value, *_), on in zip(LAYERS, shown, strict=True) if on]


def _build_choice(
    control: str, label: str, options: tuple[tuple[str, str], ...], chosen: str
) -> Component:
    return html.Div(
        dbc.RadioItems(
            id=control,
            options=[{"value": value, "label": text} for value, text in options],
            value=chosen,
            class_name="btn-group",
            inputClassName="btn-check",
            labelClassName="btn tg-segment",
        ),
        role="radiogroup",
        className="tg-choice",
        **aria(label=label),
    )


def _build_sectors(address: JourneyAddress) -> Component:
    chosen = list(SECTOR_KEYS if address.sectors is None else address.sectors)
    return html.Details(
        className="tg-sectors",
        children=[
            html.Summary(
                ["Sectors ", html.Span(count_sectors(chosen), id=ids.SECTORS_COUNT)],
                className="tg-button",
            ),
            html.Div(
                className="tg-popover",
                role="group",
                children=[
                    dbc.Checklist(
                        id=ids.SECTORS,
                        options=[
                            {"value": sector.key, "label": _build_sector_label(sector.key)}
                            for sector in SECTORS
                        ],
                        value=chosen,
                        class_name="tg-sector-list",
                    ),
                    html.Button("Show all", id=ids.ALL_SECTORS, className="tg-button"),
                ],
                **aria(label="Sectors shown"),
            ),
        ],
    )


def count_sectors(chosen: list[str]) -> str:
    """How many of the sectors are shown, as the control says it."""
    return "all" if len(chosen) == len(SECTOR_KEYS) else f"{len(chosen)} of {len(SECTOR_KEYS)}"


def _build_sector_label(key: str) -> Component:
    label = next(sector.label for sector in SECTORS if sector.key == key)
    swatch = html.Span(className="tg-swatch", style={"background": f"var({sector_token(key)})"})
    return html.Span([swatch, label])


def sector_token(key: str) -> str:
    """The CSS custom property that holds the colour of a sector."""
    return f"--tg-sector-{key.replace('_', '-')}"


def _build_text(address: JourneyAddress) -> Component:
    return html.Div(
        [
            html.Label("Text in events", htmlFor=ids.TEXT, className="visually-hidden"),
            dbc.Input(
                id=ids.TEXT,
                type="search",
                value=address.text,
                debounce=250,
                placeholder="Text in events",
                autocomplete="off",
                maxlength=100,
                class_name="tg-text",
            ),
        ]
    )


def _build_layers(address: JourneyAddress) -> Component:
    return html.Div(
        dbc.Checklist(
            id=ids.LAYERS,
            options=[
                {"value": value, "label": html.Span([label, html.Span(rest, className="tg-wide")])}
                for value, label, rest in LAYERS
            ],
            value=list_layers(address),
            inline=True,
            class_name="tg-layers",
        ),
        role="group",
        **aria(label="Layers"),
    )
