"""The picture of a journey: pandas in, a plotly figure out, and the same story in words."""

from theograph.figures.filter import events_in_view, overlapping
from theograph.figures.narrative import describe_journey
from theograph.figures.theograph import SELECTION_TRACES, draw_theograph
from theograph.figures.view import View

__all__ = [
    "SELECTION_TRACES",
    "View",
    "describe_journey",
    "draw_theograph",
    "events_in_view",
    "overlapping",
]
