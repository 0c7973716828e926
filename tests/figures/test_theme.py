"""Colours are legible to everyone, and the CSS tokens are the theme's."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from theograph.figures import theme
from theograph.record.sectors import SECTOR_KEYS

TOKENS = Path(__file__).parents[2] / "assets" / "tokens.css"

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB
VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def lab(colour: str, vision: str) -> np.ndarray:
    """CIELAB of a `#rrggbb` colour as someone with `vision` sees it."""
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(VISION[vision]) @ linear, 0, 1)
    xyz = XYZ @ seen / np.array([0.95047, 1.0, 1.08883])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def test_contrast_of_black_on_white_is_21() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_sector_has_a_colour() -> None:
    assert tuple(theme.SECTOR_COLOURS) == SECTOR_KEYS


@pytest.mark.parametrize("background", [theme.CARD, theme.BAND])
@pytest.mark.parametrize("sector", SECTOR_KEYS)
def test_marks_have_3_to_1(sector: str, background: str) -> None:
    assert theme.contrast(theme.sector_colour(sector), background) >= 3


@pytest.mark.parametrize("sector", SECTOR_KEYS)
def test_text_on_bars_has_4_5_to_1(sector: str) -> None:
    colour = theme.sector_colour(sector)
    assert theme.contrast(theme.text_on(colour), colour) >= 4.5


@pytest.mark.parametrize(
    ("text", "background"),
    [
        (theme.INK, theme.PAGE),
        (theme.INK, theme.CONDITION),
        *((theme.INK, colour) for colour in theme.FRAILTY.values()),
        (theme.INK_MUTED, theme.CARD),
        (theme.INK_MUTED, theme.PAGE),
        (theme.INK_MUTED, theme.BAND),
        (theme.CARD, theme.BLUE),
        (theme.CARD, theme.BLUE_DARK),
        (theme.BLUE, theme.CARD),
        (theme.BLUE, theme.BLUE_PALE),
        (theme.CARD, theme.RED),
        (theme.RED, theme.CARD),
        (theme.RED_DARK, theme.RED_PALE),
        (theme.GOOD, theme.GOOD_PALE),
    ],
)
def test_text_has_4_5_to_1(text: str, background: str) -> None:
    assert theme.contrast(text, background) >= 4.5


@pytest.mark.parametrize("edge", [theme.CONDITION_EDGE, theme.FRAILTY_EDGE, theme.OTHER_COLOUR])
def test_edges_have_3_to_1(edge: str) -> None:
    assert theme.contrast(edge, theme.CARD) >= 3


@pytest.mark.parametrize("vision", list(VISION))
def test_sectors_differ_in_every_vision(vision: str) -> None:
    labs = {sector: lab(colour, vision) for sector, colour in theme.SECTOR_COLOURS.items()}
    near = [
        (first, second)
        for first, second in combinations(labs, 2)
        if np.linalg.norm(labs[first] - labs[second]) < 16
    ]
    assert near == []


def test_every_mode_and_status_has_its_own_look() -> None:
    looks = [(look.symbol, look.size) for look in theme.LOOKS.values()]
    assert len(set(looks)) == len(looks)
    assert set(theme.LOOK_OF_MODE.values()) | set(theme.LOOK_OF_STATUS.values()) < set(theme.LOOKS)


def test_tokens_file_is_what_the_theme_says() -> None:
    assert TOKENS.read_text(encoding="utf-8") == theme.css_tokens(), (
        "run: python -m theograph.figures > assets/tokens.css"
    )
