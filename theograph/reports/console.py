"""Where tables are printed."""

from __future__ import annotations

import sys

from rich.console import Console

_PIPED_WIDTH = 160


def open_console() -> Console:
    """A console as wide as the terminal; wide enough for a table where there is none."""
    return Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH)
