"""Coverage-guided fuzzing of the readers: whatever the bytes, rows or a declared error.

    pip install atheris
    python -m tests.fuzz sheet -max_total_time=60

The first argument is the form of file (csv, xlsx, sheet, parquet, json, ndjson, duckdb, or omop: a
folder of its tables), the others are libFuzzer's. What is found is kept in a temporary folder,
whose path is printed first.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["theograph.sources", "openpyxl", "ijson"]):
    import duckdb

    from theograph.errors import UnreadableSourceError
    from theograph.sources.extract import open_extract
    from theograph.sources.family import PlacedSheet, group_sheets, shipped_families
    from theograph.sources.files import read_sheets
    from theograph.sources.gather import gather_sheets
    from theograph.sources.mapping import find_mapping
    from theograph.sources.rows import stage_sheet

from tests.fuzz.seeds import FORMS, seal_database, split_folder, wrap_sheet, write_seeds

MOST_MEGABYTES = 1_500
MOST_SECONDS = 30
MOST_BYTES = 20_000
WRAP: dict[str, Callable[[bytes], bytes]] = {"sheet": wrap_sheet, "duckdb": seal_database}
ENDINGS = {"sheet": "xlsx"}


def main() -> None:
    """Fuzz one form of file until libFuzzer is told to stop, or something is found."""
    form, *options = sys.argv[1:] or [""]
    if form not in FORMS:
        sys.exit(f"form '{form}': give one of {', '.join(FORMS)}")
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{form}-"))
    print(f"Corpus, and what is found: {folder}")
    longest = write_seeds(form, folder / "corpus")
    wrap = WRAP.get(form, bytes)
    file = folder / f"odd.{ENDINGS.get(form, form)}"

    def read_one(content: bytes) -> None:
        try:
            if form == "omop":
                read_family(split_folder(content), folder / "tables")
            else:
                file.write_bytes(wrap(content))
                read_file(file, folder)
        except UnreadableSourceError:
            return

    warnings.simplefilter("ignore")
    limits = [
        f"-rss_limit_mb={MOST_MEGABYTES}",
        f"-timeout={MOST_SECONDS}",
        f"-max_len={max(MOST_BYTES, longest)}",
        f"-artifact_prefix={folder}/",
    ]
    atheris.Setup([sys.argv[0], *limits, *options, str(folder / "corpus")], read_one)
    atheris.Fuzz()


def read_file(file: Path, folder: Path) -> None:
    """Stage every sheet of a file."""
    for sheet in read_sheets(file):
        stage_sheet(sheet, file, folder / "rows.parquet")


def read_family(files: dict[str, bytes], folder: Path) -> None:
    """Read the tables of a folder to rows of the record, each judged."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    placed = []
    for number, (name, content) in enumerate(files.items()):
        file = folder / name
        file.write_bytes(content)
        try:
            (sheet,) = read_sheets(file)
            staged = stage_sheet(sheet, file, folder / f"{number}.parquet")
        except UnreadableSourceError:
            continue
        placed.append(PlacedSheet(staged, number, name))
    with duckdb.connect() as sql:
        for group in group_sheets(shipped_families(), placed):
            for mapping, gathered in gather_sheets(sql, group, folder).items():
                for query in open_extract(sql, gathered, find_mapping(mapping)).queries.values():
                    sql.execute(query).fetchall()


if __name__ == "__main__":
    main()
