"""An import that another program started: it says how far it is, and ends when it is asked to."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from theograph import cli, importing
from theograph.progress import Progress, write_progress
from theograph.stopping import interruptible

HEADER = "person_id,start,sector,kind\n"


@pytest.fixture
def extracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two extracts and the command to import them; what a signal does is put back afterwards."""
    (tmp_path / "own.csv").write_text("who,when\nA1,2024-04-01\n")
    (tmp_path / "events.csv").write_text(HEADER + "A1,2024-04-02,gp,GP consultation\n")
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    signal.signal(signal.SIGTERM, before)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["theograph", "import", *arguments, "--store", "store"])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_a_sheet_may_have_a_mapping_of_its_own(
    extracts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = extracts / "own.toml"
    mapping.write_text(
        'title = "Own"\nsource = "Ours"\nrecognise = ["who"]\n[events]\nperson_id = "who"\n'
        'start = "when"\nsector = { text = "gp" }\nkind = { text = "Review" }\n'
    )
    (extracts / "mappings.json").write_text(json.dumps({"own.csv": str(mapping)}))
    given = ("own.csv", "events.csv", "--mappings", "mappings.json", "--report", "report.json")
    assert run(monkeypatch, *given, "--progress", "progress.json") == 0
    report = json.loads((extracts / "report.json").read_text())
    assert [file["mapping"] for file in report["files"]] == ["own", "theograph"]
    assert report["totals"]["kept"] == 2
    assert report["people"] == 1
    said = json.loads((extracts / "progress.json").read_text())
    assert said == {"stage": "Published", "done": 1.0}


def test_an_import_asked_to_end_leaves_the_store_as_it_was(
    extracts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(*_: Any, progress: Progress, **__: Any) -> None:
        progress("Reading", 0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(importing, "import_extracts", end)
    assert run(monkeypatch, "events.csv", "--progress", "progress.json") == 130
    assert "stopped; the store is as it was" in capsys.readouterr().err


def test_an_import_stopped_within_a_statement_says_one_line(
    extracts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def be_long(*_: Any, **__: Any) -> None:
        with duckdb.connect() as sql, interruptible(sql):
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
            sql.execute("select sum(hash(i)) from range(1000000000000) t(i)")

    monkeypatch.setattr(importing, "import_extracts", be_long)
    assert run(monkeypatch, "events.csv") == 130
    assert capsys.readouterr().err == "theograph: stopped; the store is as it was\n"


def test_an_import_that_is_stopped_leaves_the_snapshot_and_no_folder(
    extracts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, "events.csv") == 0
    before = sorted(extracts.glob("store/**/*"))
    for stage in ("Checking", "Looking for"):
        (extracts / "more.csv").write_text(f"{HEADER}A1,2024-05-01,gp,{stage}\n")

        def ask(*said: Any, stage: str = stage) -> None:
            if said[1].startswith(stage):
                signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(cli, "write_progress", ask)
        assert run(monkeypatch, "more.csv", "--progress", "progress.json") == 130
        assert sorted(extracts.glob("store/**/*")) == before


def test_progress_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    write_progress(tmp_path / "no such folder" / "progress.json", "Reading", 0.5)
    write_progress(tmp_path / "progress.json", "Reading", 1 / 3)
    assert json.loads((tmp_path / "progress.json").read_text()) == {
        "stage": "Reading",
        "done": 0.333,
    }
