"""Writing sample extracts byte for byte the same each time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Extract:
    """One file as a provider would send it: its columns, its rows, and how it is encoded."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    encoding: str = "utf-8"
    line_end: str = "\n"

    def to_bytes(self) -> bytes:
        """The file's content; a column that a row does not name is left blank."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.columns, restval="", lineterminator=self.line_end)
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue().encode(self.encoding)


def write_extracts(extracts: Iterable[Extract], folder: Path) -> None:
    """Write each extract into `folder`, which is made when there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    for extract in extracts:
        (folder / extract.file).write_bytes(extract.to_bytes())
