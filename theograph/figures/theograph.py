"""The theograph: one person's journey in one picture, on one time axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from theograph.figures import theme
from theograph.figures.axes import cost_axes, lanes_axis, time_axis
from theograph.figures.conditions import ConditionsBand, draw_conditions
from theograph.figures.cost_labels import label_costs
from theograph.figures.costs import (
    costs_in_view,
    draw_costs,
    highest_month_pounds,
    label_years,
)
from theograph.figures.coverage import draw_coverage
from theograph.figures.crowding import choose_counts, count_hidden
from theograph.figures.filter import drawn_spans, events_in_view
from theograph.figures.key import draw_key, key_layout
from theograph.figures.labels import (
    LEFT_PX,
    RIGHT_PX,
    label_lanes,
    label_right,
    label_row,
    label_totals,
)
from theograph.figures.lanes import (
    Lane,
    find_lane_of,
    list_lanes,
    pack_lanes,
    stack_lanes,
)
from theograph.figures.mark_table import Flags, Marks
from theograph.figures.marks import collect_marks, draw_marks
from theograph.figures.opportunities import OpportunitiesBand, draw_opportunities
from theograph.figures.opportunity_list import find_opportunity
from theograph.figures.opportunity_selection import TRACES, draw_selected_opportunity
from theograph.figures.opportunity_words import FindRule
from theograph.figures.selection import Lanes, draw_selection
from theograph.figures.shapes import draw_shapes
from theograph.figures.timescale import TimeScale, find_scale
from theograph.figures.view import View
from theograph.figures.wording import literal, short_date
from theograph.journey import Journey

TOP_PX = 18
BOTTOM_PX = 58
GAP_PX = 6
YEARS_PX = 22
COSTS_PX = (72, 120)
SCREEN_PX = 634  # a plot no taller than this is on the first screen, 930 pixels high
SELECTION_TRACES = TRACES + 2


@dataclass(frozen=True, slots=True)
class Rows:
    """The picture from top to bottom, in pixels: conditions, opportunities, lanes."""

    conditions: ConditionsBand
    opportunities: OpportunitiesBand
    lanes: list[Lane]
    bottom: float


def draw_theograph(
    journey: Journey, view: View | None = None, *, rule: FindRule | None = None
) -> go.Figure:
    """Draw `journey` as `view` asks: conditions, opportunities, lanes, cost strip.

    Every event the view shows belongs to exactly one mark, whose `customdata` is its
    `event_id`; `aggregate` says when a mark stands for several. A pin's `ids` name its
    opportunity, and `rule` finds the words for it. The last `SELECTION_TRACES` traces are
    the selection's. The width is left to the page, the height follows from the lanes.
    """
    view = view if view is not None else View()
    rule = rule if rule is not None else _no_rule
    events, lanes, scale = _place_events(journey, view)
    marks = pack_lanes(collect_marks(events, view=view, scale=scale, as_of=journey.as_of), scale)
    labels = label_costs(marks, scale, show=view.show_costs)
    crowded = choose_counts(marks, count_hidden(marks, scale), scale)
    top = _draw_top(journey, view, scale, rule)
    rows = _stack_rows(*top, lanes, marks, crowded | (labels.place == "above"), view)
    drawn = Lanes(marks, events, rows.lanes, scale)
    chosen = draw_selected_opportunity(
        find_opportunity(journey, view.opportunity) if view.show_opportunities else None,
        rows.opportunities,
        drawn,
        bottom=rows.bottom,
        rule=rule,
    )
    costs = costs_in_view(journey, events)
    hatching, hatch_notes = draw_coverage(rows.lanes, journey.feeds, scale)
    traces = [
        *hatching,
        *rows.conditions.traces,
        *rows.opportunities.traces,
        *draw_marks(marks, labels, rows.lanes, scale),
        *(draw_costs(costs, scale, view) if view.show_costs else []),
        *draw_key(set(marks.look[~marks.bar].tolist())),
        *chosen.traces,
        *draw_selection(view.selected, drawn),
    ]
    notes = [*_label_picture(journey, view, scale, rows, events, costs), *hatch_notes]
    layout = _lay_out(journey, view, scale, rows, costs)
    layout["shapes"] += chosen.shapes
    layout["annotations"] = notes + chosen.annotations
    # plotly's own validation of every property would double the time; the tests validate
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _place_events(journey: Journey, view: View) -> tuple[pd.DataFrame, list[Lane], TimeScale]:
    """The events shown, with `lane`, `finish` and `bar`; the lanes; and the time axis."""
    spans = drawn_spans(journey.events, as_of=journey.as_of)
    events = events_in_view(journey, view)
    scale = find_scale(journey, view, events, last_finish=spans["finish"].max())
    lanes = list_lanes(view, events=journey.events, feeds=journey.feeds)
    placed = events.assign(
        lane=find_lane_of(events, lanes),
        finish=spans["finish"].loc[events.index],
        bar=spans["bar"].loc[events.index],
    )
    return placed, lanes, scale


def _no_rule(_: str) -> None:
    """No words for any rule."""


def _draw_top(
    journey: Journey, view: View, scale: TimeScale, rule: FindRule
) -> tuple[ConditionsBand, OpportunitiesBand, float]:
    """What stands above the lanes, and where those begin."""
    top = 0.0
    band = ConditionsBand([], [], 0)
    if view.show_conditions:
        band = draw_conditions(journey, scale, top=top)
        top += band.height + (GAP_PX if band.height else 0)
    opportunities = OpportunitiesBand([], [], [], 0, {}, 0)
    if view.show_opportunities:
        opportunities = draw_opportunities(journey, view, scale, top=top, rule=rule)
    return band, opportunities, top + opportunities.height


def _stack_rows(
    conditions: ConditionsBand,
    opportunities: OpportunitiesBand,
    top: float,
    lanes: list[Lane],
    marks: Marks,
    labelled: Flags,
    view: View,
) -> Rows:
    placed = stack_lanes(lanes, marks, labelled=labelled, view=view, top=top)
    bottom = placed[-1].top + placed[-1].height if placed else top
    return Rows(conditions, opportunities, placed, bottom)


def _label_picture(
    journey: Journey,
    view: View,
    scale: TimeScale,
    rows: Rows,
    events: pd.DataFrame,
    costs: pd.DataFrame,
) -> list[dict[str, Any]]:
    return [
        *_label_rows(view, rows),
        *rows.conditions.annotations,
        *rows.opportunities.annotations,
        *label_lanes(rows.lanes),
        *label_totals(rows.lanes, events, costs=view.show_costs),
        *(_label_costs(events, costs, scale, rows) if view.show_costs else []),
        *_label_top(journey, view, scale),
    ]


def _label_rows(view: View, rows: Rows) -> list[dict[str, Any]]:
    notes = []
    if rows.conditions.height:
        notes.append(label_row("Conditions", rows.conditions.height / 2))
    if rows.lanes:
        heading = "Cost · events" if view.show_costs else "Events"
        notes.append(label_right(heading, rows.lanes[0].top - 1) | {"yanchor": "bottom"})
    return notes


def _label_costs(
    events: pd.DataFrame, costs: pd.DataFrame, scale: TimeScale, rows: Rows
) -> list[dict[str, Any]]:
    middle = rows.bottom + YEARS_PX / 2
    notes = label_years(costs, scale, y=middle)
    notes.append(label_row("Cost by year", middle))
    strip = {"yref": "y2 domain", "y": 1, "yanchor": "top"}
    uncosted = int(events["cost_basis"].isin(["not_costed", "other_currency"]).sum())
    text = "Cost by month"
    if uncosted:
        style = f"color:{theme.INK_MUTED};font-size:{theme.SMALL_PX}px"
        text += f'<br><span style="{style}">{uncosted:,} not costed</span>'
    notes.append(label_row(text, 0) | strip)
    return [*notes, label_right("Running total", middle)]


def _label_top(journey: Journey, view: View, scale: TimeScale) -> list[dict[str, Any]]:
    """Above the picture: where the data ends and, when days are counted, from what."""
    style = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
    style |= {"font": {"size": theme.SMALL_PX, "color": theme.INK_MUTED}}
    ends = {"xref": "x", "x": scale.position(scale.data_end), "xanchor": "right"}
    notes = [{"text": f"Data to {short_date(journey.as_of)}"} | ends | style]
    if scale.zero is not None:
        text = _name_day_zero(journey, view, scale.zero)
        notes.append({"text": text, "xref": "paper", "x": 0, "xanchor": "left"} | style)
    return notes


def _lay_out(
    journey: Journey, view: View, scale: TimeScale, rows: Rows, costs: pd.DataFrame
) -> dict[str, Any]:
    upper = rows.bottom + (YEARS_PX if view.show_costs else 0)
    least, most = COSTS_PX if view.show_costs else (0, 0)
    costs_px = min(max(SCREEN_PX - upper, least), most)
    plot = upper + costs_px
    share = costs_px / plot
    window = (journey.person.ref, view.axis, view.anchor, view.start, view.end)
    layout: dict[str, Any] = {
        "template": theme.plotly_template(),
        "height": round(plot + TOP_PX + BOTTOM_PX),
        "margin": {"l": LEFT_PX, "r": RIGHT_PX, "t": TOP_PX, "b": BOTTOM_PX, "autoexpand": False},
        "barmode": "stack",
        "hovermode": "closest",
        "dragmode": "zoom",
        "uirevision": "|".join(str(part) for part in window),
        "xaxis": time_axis(scale, view),
        "yaxis": lanes_axis(upper, [share, 1]),
        "shapes": draw_shapes(rows.lanes, scale) + rows.opportunities.shapes,
        "legend": key_layout(),
        "showlegend": True,
    }
    if view.show_costs:
        highest, total = highest_month_pounds(costs), float(costs["cost_pence"].sum()) / 100
        layout |= cost_axes(highest, total, [0, share])
    return layout


def _name_day_zero(journey: Journey, view: View, zero: pd.Timestamp) -> str:
    anchored = journey.events.loc[journey.events["event_id"] == view.anchor, "kind"]
    what = literal(anchored.iloc[0]) if len(anchored) else "first event"
    return f"Days from day 0: {what}, {short_date(zero)}"
