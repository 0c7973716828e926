"""The files a browser needs: where they are, and their addresses with a fingerprint."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from theograph.bundled import find_bundled

STYLESHEETS = (
    "vendor/bootstrap/bootstrap.min.css",
    "tokens.css",
    "theograph.css",
    "method.css",
    "data.css",
)
PRINT_STYLESHEET = "print.css"
SCRIPT = "theograph.js"
METHOD_SCRIPT = "method.js"
DATA_SCRIPT = "data.js"
PLOTLY = "vendor/plotly/plotly-basic.min.js"  # a quarter of the bundle that comes with dash
FAVICON = "favicon.svg"


def find_assets() -> Path:
    """The assets folder, in a checkout or an installed wheel."""
    return find_bundled("assets")


@cache
def fingerprint_asset(path: str) -> str:
    """A short hash of the content of the asset at `path`."""
    return hashlib.sha256((find_assets() / path).read_bytes()).hexdigest()[:12]


def address_asset(path: str) -> str:
    """The address of the asset at `path`; it changes when its content does."""
    return f"/assets/{path}?v={fingerprint_asset(path)}"
