"""The key: which symbol stands for which mode or status."""

from __future__ import annotations

from typing import Any

from theograph.figures import theme


def draw_key(looks: set[str]) -> list[dict[str, Any]]:
    """Legend entries for the `looks` in the picture, in a fixed order."""
    return [_entry(name, look) for name, look in theme.LOOKS.items() if name in looks]


def _entry(name: str, look: theme.Look) -> dict[str, Any]:
    crossed = name == "did_not_attend"
    return {
        "type": "scatter",
        "name": look.label,
        "mode": "markers",
        "x": [None],
        "y": [None],
        "hoverinfo": "skip",
        "marker": {
            "symbol": look.symbol,
            "size": look.size,
            "color": theme.INK_MUTED,
            "line": {
                "color": theme.INK_MUTED if crossed else theme.CARD,
                "width": 2 if crossed else 1,
            },
        },
        "showlegend": True,
    }


def key_layout() -> dict[str, Any]:
    """Where the key stands: one quiet line under the time axis, not clickable."""
    return {
        "orientation": "h",
        "traceorder": "normal",
        "xref": "container",
        "x": 0,
        "xanchor": "left",
        "yref": "container",
        "y": 0,
        "yanchor": "bottom",
        "itemclick": False,
        "itemdoubleclick": False,
        "font": {"size": theme.SMALL_PX, "color": theme.INK_MUTED},
        "bgcolor": "rgba(0,0,0,0)",
        "itemsizing": "trace",
    }
