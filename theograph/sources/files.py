"""Which files an import reads, and with which reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from theograph.errors import UsageError
from theograph.sources.csv_file import read_csv
from theograph.sources.duckdb_file import is_duckdb, read_duckdb
from theograph.sources.excel_file import read_excel
from theograph.sources.fhir import read_fhir, refuse_xml
from theograph.sources.parquet_file import read_parquet
from theograph.sources.rows import Sheet, Tell, tell_nobody

READERS: dict[str, Callable[[Path], list[Sheet]]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xlsx": read_excel,
    ".xlsm": read_excel,
    ".parquet": read_parquet,
    ".duckdb": read_duckdb,
    ".ddb": read_duckdb,
    ".json": read_fhir,
    ".ndjson": read_fhir,
    ".xml": refuse_xml,
}
_NUMBERED_TOGETHER = (".json", ".ndjson")


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The table files among `paths`, folders searched throughout, in a fixed order.

    A file named outright is taken whatever its ending; in a folder only known endings count,
    and hidden files are passed over. Raises `UsageError` for a path that does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                file
                for file in path.rglob("*")
                if file.is_file()
                and file.suffix.lower() in READERS
                and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
            )
        elif path.is_file():
            found.append(path)
        else:
            raise UsageError(f"{path}: no such file or folder; check the path")
    return list(dict.fromkeys(found))


def label_files(files: Iterable[Path]) -> dict[Path, str]:
    """A name for each file: its own, with as many folders before it as tell it from others."""
    labels: dict[Path, str] = {}
    for file in files:
        parts = file.resolve().parts
        others = [other.resolve().parts for other in files if other != file]
        length = 1
        while length < len(parts) and any(other[-length:] == parts[-length:] for other in others):
            length += 1
        labels[file] = "/".join(parts[-length:])
    return labels


def numbers_rows_together(path: Path) -> bool:
    """Whether `source_row` counts through all sheets of a file: it is one line in an account."""
    return path.suffix.lower() in _NUMBERED_TOGETHER


def read_sheets(
    path: Path, *, tell: Tell = tell_nobody, most_rows: int | None = None
) -> list[Sheet]:
    """The sheets of one file, read by its ending; anything unknown is a database or text.

    Of a file that must be read through before its sheets are known, `tell` hears how far it is,
    and no more than about `most_rows` rows are read.
    """
    if numbers_rows_together(path):
        return read_fhir(path, tell=tell, most_rows=most_rows)
    reader = READERS.get(path.suffix.lower()) or (read_duckdb if is_duckdb(path) else read_csv)
    return reader(path)
