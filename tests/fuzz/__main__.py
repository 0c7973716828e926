"""Coverage-guided fuzzing of the readers: whatever the bytes, rows or a declared error.

    pip install atheris
    python -m tests.fuzz sheet -max_total_time=60

The first argument is the form of file (csv, xlsx, sheet, parquet, json, ndjson), the others are
libFuzzer's. What is found is kept in a temporary folder, whose path is printed first.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["theograph.sources", "openpyxl", "ijson"]):
    from theograph.errors import TheographError
    from theograph.sources.files import read_sheets
    from theograph.sources.rows import stage_sheet

from tests.fuzz.seeds import FORMS, wrap_sheet, write_seeds

MOST_MEGABYTES = 1_500
MOST_SECONDS = 30
MOST_BYTES = 20_000


def main() -> None:
    """Fuzz one form of file until libFuzzer is told to stop, or something is found."""
    form, *options = sys.argv[1:] or [""]
    if form not in FORMS:
        sys.exit(f"form '{form}': give one of {', '.join(FORMS)}")
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{form}-"))
    print(f"Corpus, and what is found: {folder}")
    write_seeds(form, folder / "corpus")
    ending = "xlsx" if form == "sheet" else form
    file, rows = folder / f"odd.{ending}", folder / "rows.parquet"

    def read_one(content: bytes) -> None:
        file.write_bytes(wrap_sheet(content) if form == "sheet" else content)
        try:
            for sheet in read_sheets(file):
                stage_sheet(sheet, file, rows)
        except TheographError:
            return

    warnings.simplefilter("ignore")
    limits = [
        f"-rss_limit_mb={MOST_MEGABYTES}",
        f"-timeout={MOST_SECONDS}",
        f"-max_len={MOST_BYTES}",
        f"-artifact_prefix={folder}/",
    ]
    atheris.Setup([sys.argv[0], *limits, *options, str(folder / "corpus")], read_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
