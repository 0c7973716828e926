"""What the Method page's search found: tabs with their counts, and the list to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from theograph.app.components.aria import aria
from theograph.app.method_address import MethodAddress, Tab, write_method_address
from theograph.opportunities.concept_wording import THEMES
from theograph.opportunities.rule import Rule
from theograph.record.concepts import Concept

TABS: Mapping[Tab, str] = {"rules": "Rules", "concepts": "Concepts", "costs": "Unit costs"}


def build_tabs(address: MethodAddress, found: Mapping[Tab, int]) -> Component:
    """A link for each tab, with how many it holds of what is sought."""
    return html.Ul(
        [
            html.Li(
                html.A(
                    [label, html.Span(f"{found[tab]:,}", className="tg-method-count")],
                    href=write_method_address(address.on(tab)),
                    className="tg-method-tab",
                    **(aria(current="page") if tab == address.tab else {}),
                )
            )
            for tab, label in TABS.items()
        ]
    )


def build_rule_list(rules: Sequence[Rule]) -> Component:
    """The rules found, by id; `method.js` marks the one that is open."""
    items = [
        _build_item(
            rule.id,
            [
                html.Span(rule.id, className="tg-list-id"),
                html.Span(rule.title, className="tg-list-title"),
                html.Span(f"{rule.theme} · {rule.severity}", className="tg-list-detail"),
            ],
        )
        for rule in rules
    ]
    return html.Nav(html.Ul(items), className="tg-card tg-method-list", **aria(label="Rules found"))


def build_concept_list(concepts: Sequence[Concept]) -> Component:
    """The concepts found, by theme; `concepts` stand in the order of their themes."""
    parts: list[Component] = []
    for theme, group in groupby(concepts, key=lambda concept: concept.theme):
        items = [_build_item(each.key, each.title) for each in group]
        parts.append(html.P(THEMES[theme], className="tg-list-theme"))
        parts.append(html.Ul(items, **aria(label=THEMES[theme])))
    return html.Nav(parts, className="tg-card tg-method-list", **aria(label="Concepts found"))


def build_neighbours(keys: Mapping[str, str], chosen: str) -> Component:
    """Links to what stands before and after `chosen`; `keys` says what each is called."""
    order = list(keys)
    place = order.index(chosen) if chosen in order else None
    before = order[place - 1] if place else None
    after = order[place + 1] if place is not None and place + 1 < len(order) else None
    links = [
        html.A(f"{way}: {keys[key]}", href=_write_fragment(key), className="tg-button")
        for way, key in (("Previous", before), ("Next", after))
        if key is not None
    ]
    return html.Nav(links, className="tg-neighbours", **aria(label="Before and after it"))


def build_nothing_found(address: MethodAddress) -> Component:
    """What stands there when the search finds nothing on a tab."""
    everything = write_method_address(MethodAddress(tab=address.tab))
    what = TABS[address.tab].lower()
    return html.Div(
        [
            html.H2(f"No {what} hold “{address.text}”" if address.text else f"There are no {what}"),
            html.P(html.A(f"See all {what}", href=everything) if address.text else ""),
        ],
        className="tg-card tg-empty",
    )


def _build_item(key: str, children: list[Component] | str) -> Component:
    return html.Li(html.A(children, href=_write_fragment(key), className="tg-list-link"))


def _write_fragment(key: str) -> str:
    """A link within the address as it stands, whatever has been typed since."""
    return f"#{quote(key, safe='')}"
