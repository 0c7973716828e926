"""The addresses of the Data page: one for each tab, and one for each import's report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import quote, unquote

DATA_PATH = "/data"
Tab = Literal["files", "report", "coverage", "snapshots"]
_PATH = re.compile(r"^/data(?:/(report|coverage|snapshots))?(?:/([^/]{1,100}))?/?$")


@dataclass(frozen=True, slots=True)
class DataAddress:
    """Which tab is shown; `name` is whose report, empty for the newest."""

    tab: Tab = "files"
    name: str = ""


def parse_data_path(path: str | None) -> DataAddress | None:
    """What `path` shows of the Data page; None when it is another page's, or none."""
    match = _PATH.match(path or "")
    if match is None or (match[2] and match[1] != "report"):
        return None
    return DataAddress(cast("Tab", match[1] or "files"), unquote(match[2] or ""))


def write_data_path(tab: Tab = "files", name: str = "") -> str:
    """The path of a tab, or of the report called `name`."""
    path = DATA_PATH if tab == "files" else f"{DATA_PATH}/{tab}"
    return f"{path}/{quote(name, safe='')}" if name else path
