"""Every colour, symbol, font and size of the product, in one place.

The CSS custom properties in `assets/tokens.css` are generated from this module:
`python -m theograph.figures > assets/tokens.css`.

The sector colours were chosen by a seeded search from a hand-picked set: each has at
least 3:1 against the card and the lane band, text laid on each has at least 4.5:1, and
any two differ by at least 16 CIELAB units in normal vision and in simulated
protanopia, deuteranopia and tritanopia (matrices of Machado et al. 2009).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import plotly.graph_objects as go

FONT_FAMILY: Final = "'Source Sans 3 Variable', 'Source Sans 3', 'Segoe UI', Arial, sans-serif"

INK: Final = "#17202b"
INK_MUTED: Final = "#51606f"
PAGE: Final = "#f2f4f7"
CARD: Final = "#ffffff"
BAND: Final = "#f7f9fb"
RULE: Final = "#e3e8ed"
RULE_STRONG: Final = "#b9c3cd"
BLUE: Final = "#005eb8"
BLUE_DARK: Final = "#00437f"
BLUE_PALE: Final = "#e6f0fa"
RED: Final = "#cc2a1a"
RED_DARK: Final = "#a31f12"
RED_PALE: Final = "#fdecea"
RED_WINDOW: Final = "#f0bfba"
GOOD: Final = "#1d6b37"
GOOD_PALE: Final = "#e3f3e7"
HATCH: Final = "#c3ccd5"
CONDITION: Final = "#dce4ec"
CONDITION_EDGE: Final = "#7b8a99"
FRAILTY: Final[dict[str, str]] = {"mild": "#e3dfee", "moderate": "#c9c1de", "severe": "#aea2cc"}
FRAILTY_EDGE: Final = "#75689a"

SECTOR_COLOURS: Final[dict[str, str]] = {
    "hospital": "#1a2947",
    "ed": "#8b2a0c",
    "ambulance": "#b8860b",
    "nhs111": "#319bb0",
    "outpatients": "#62619a",
    "mental_health": "#8555c9",
    "gp": "#003996",
    "pharmacy": "#768cd1",
    "community": "#006a5d",
    "social_care": "#ca3f78",
    "voluntary": "#749845",
}
OTHER_COLOUR: Final = "#66717c"

MARKER_PX: Final = 9


@dataclass(frozen=True, slots=True)
class Look:
    """How a point looks: plotly symbol, size in pixels, and its words in the key."""

    symbol: str
    label: str
    size: float = MARKER_PX


LOOKS: Final[dict[str, Look]] = {
    "face_to_face": Look("circle", "Face to face"),
    "telephone": Look("diamond", "Phone or video", 10),
    "home_visit": Look("square", "Home visit", 8.5),
    "written": Look("triangle-down", "Written"),
    "unknown": Look("circle", "Mode not recorded", 6.5),
    "did_not_attend": Look("x-thin", "Did not attend", 7.5),
    "cancelled": Look("circle-open", "Cancelled"),
    "left_before_seen": Look("circle-x-open", "Left before seen", 10),
    "several": Look("square", "Contacts counted: the taller, the more", 9),
}
LOOK_OF_MODE: Final[dict[str, str]] = {
    "face_to_face": "face_to_face",
    "telephone": "telephone",
    "video": "telephone",
    "home_visit": "home_visit",
    "written": "written",
}
LOOK_OF_STATUS: Final[dict[str, str]] = {
    "did_not_attend": "did_not_attend",
    "cancelled": "cancelled",
    "left_before_seen": "left_before_seen",
}


@dataclass(frozen=True, slots=True)
class Pin:
    """How an opportunity looks: its fill, its outline and the colour of its number."""

    fill: str
    line: str
    line_px: float
    text: str


PINS: Final[dict[str, Pin]] = {
    "missed": Pin(RED, CARD, 1.0, CARD),
    "open": Pin(CARD, RED, 2.6, RED_DARK),
    "met": Pin(CARD, INK_MUTED, 1.2, INK_MUTED),
    "not_assessable": Pin(BAND, INK_MUTED, 1.0, INK_MUTED),
}


@dataclass(frozen=True, slots=True)
class Ring:
    """How an event of the selected opportunity is ringed, by the part it plays."""

    symbol: str
    size: float
    line_px: float


RINGS: Final[dict[str, Ring]] = {
    "signal": Ring("circle-open", 23, 2.6),
    "evidence": Ring("circle-open", 18, 1.3),
    "response": Ring("hexagon-open", 23, 2.0),
    "followed": Ring("square-open", 21, 2.6),
}

RING_PX: Final = 22
BAR_PX: Final = 15
TEXT_PX: Final = 13
LABEL_PX: Final = 12.5
SMALL_PX: Final = 11
TINY_PX: Final = 10


def sector_colour(sector: str) -> str:
    """The colour of `sector`; a neutral grey for one outside the eleven."""
    return SECTOR_COLOURS.get(sector, OTHER_COLOUR)


def contrast(first: str, second: str) -> float:
    """The WCAG 2.2 contrast ratio of two `#rrggbb` colours, from 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a `#rrggbb` colour as WCAG 2.2 defines it, from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(colour: str) -> str:
    """White or ink, whichever reads better on `colour`."""
    return CARD if contrast(CARD, colour) >= contrast(INK, colour) else INK


def lighten(colour: str, share: float) -> str:
    """`colour` mixed with white; `share` 0 keeps it, 1 gives white."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


@cache
def plotly_template() -> go.layout.Template:
    """The plotly template that gives every figure its font, colours and hover label."""
    axis = {
        "gridcolor": RULE,
        "linecolor": RULE_STRONG,
        "zeroline": False,
        "tickfont": {"color": INK_MUTED, "size": SMALL_PX},
        "title": {"font": {"color": INK_MUTED, "size": SMALL_PX}},
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT_FAMILY, "size": TEXT_PX, "color": INK},
            "paper_bgcolor": CARD,
            "plot_bgcolor": CARD,
            "colorway": list(SECTOR_COLOURS.values()),
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {
                "bgcolor": CARD,
                "bordercolor": RULE_STRONG,
                "align": "left",
                "font": {"family": FONT_FAMILY, "size": TEXT_PX, "color": INK},
            },
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        }
    )


def css_tokens() -> str:
    """The text of `assets/tokens.css`: the same values as CSS custom properties."""
    tokens = {
        "font-family": FONT_FAMILY,
        "ink": INK,
        "ink-muted": INK_MUTED,
        "page": PAGE,
        "card": CARD,
        "band": BAND,
        "rule": RULE,
        "rule-strong": RULE_STRONG,
        "blue": BLUE,
        "blue-dark": BLUE_DARK,
        "blue-pale": BLUE_PALE,
        "red": RED,
        "red-dark": RED_DARK,
        "red-pale": RED_PALE,
        "red-window": RED_WINDOW,
        "good": GOOD,
        "good-pale": GOOD_PALE,
        "hatch": HATCH,
        "condition": CONDITION,
        "condition-edge": CONDITION_EDGE,
        **{f"frailty-{step}": colour for step, colour in FRAILTY.items()},
        **{f"sector-{key.replace('_', '-')}": value for key, value in SECTOR_COLOURS.items()},
        **{f"on-{key.replace('_', '-')}": text_on(value) for key, value in SECTOR_COLOURS.items()},
        "text-size": f"{TEXT_PX}px",
        "label-size": f"{LABEL_PX}px",
        "small-size": f"{SMALL_PX}px",
    }
    lines = [f"  --tg-{name}: {value};" for name, value in tokens.items()]
    head = "/* Generated: python -m theograph.figures > assets/tokens.css */"
    return "\n".join([head, ":root {", *lines, "}", ""])
