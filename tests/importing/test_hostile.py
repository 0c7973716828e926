"""Whatever a file holds, the answer is a report or an error that says what to do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import FORMS, make_seeds, wrap_sheet
from theograph.errors import TheographError
from theograph.sources.files import find_files, read_sheets
from theograph.sources.rows import stage_sheet

if TYPE_CHECKING:
    from tests.conftest import Read

QUICK_FORMS = [form for form in FORMS if form not in ("duckdb", "omop")]  # see tests/sources
ENDINGS = (".csv", ".xlsx", ".parquet", ".json", ".ndjson", ".txt", ".unknown")


def stage(folder: Path, name: str, content: bytes) -> int:
    """Rows read, or -1 where the file is refused in words."""
    file = folder / name
    file.write_bytes(content)
    rows = 0
    try:
        for number, sheet in enumerate(read_sheets(file)):
            rows += stage_sheet(sheet, file, folder / f"rows{number}.parquet").rows_read
    except TheographError as error:
        assert name in str(error)
        return -1
    return rows


@settings(max_examples=60)
@given(st.sampled_from(ENDINGS), st.binary(max_size=400))
def test_bytes_of_any_kind(
    tmp_path_factory: pytest.TempPathFactory, ending: str, content: bytes
) -> None:
    stage(tmp_path_factory.mktemp("bytes"), f"odd{ending}", content)


@settings(max_examples=60)
@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252"]))
def test_text_of_any_kind(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    content = text.encode(encoding, errors="ignore")
    stage(tmp_path_factory.mktemp("text"), "odd.csv", content)


@settings(max_examples=40)
@given(st.sampled_from([b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"\xef\xbb\xbf"]), st.binary())
def test_files_that_begin_as_something_else(
    tmp_path_factory: pytest.TempPathFactory, magic: bytes, rest: bytes
) -> None:
    for ending in ENDINGS[:3]:
        stage(tmp_path_factory.mktemp("magic"), f"odd{ending}", magic + rest)


@settings(max_examples=60)
@given(
    st.sampled_from(QUICK_FORMS),
    st.integers(0, 2),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_valid_files_of_which_some_bytes_are_others(
    tmp_path_factory: pytest.TempPathFactory,
    form: str,
    seed: int,
    changes: list[tuple[int, int]],
) -> None:
    content = bytearray(make_seeds(form)[seed % len(make_seeds(form))])
    for place, byte in changes:
        content[place % len(content)] = byte
    packed = wrap_sheet(bytes(content)) if form == "sheet" else bytes(content)
    ending = "xlsx" if form == "sheet" else form
    stage(tmp_path_factory.mktemp("changed"), f"odd.{ending}", packed)


def test_nul_and_overrides_are_dropped_and_the_rest_stays(read: Read) -> None:
    rows = (
        "person_id,start,sector,kind,description\n"
        "7,2024-04-03,gp,GP\u202e consultation\x00,a\u2066b\u2069\x1bc <b>&amp;</b>\n"
    )
    events = read({"events.csv": rows}).journey("7").events
    assert events["kind"].tolist() == ["GP consultation"]
    assert events["description"].tolist() == ["abc <b>&amp;</b>"]


def test_values_that_look_like_queries_and_paths_are_text(read: Read) -> None:
    texts = ["'; drop table events; --", "read_csv('/etc/passwd')", "$salt", "{0}", "../../x"]
    rows = "".join(f'"{text}",2024-04-0{n},gp,"{text}"\n' for n, text in enumerate(texts, start=1))
    done = read({"it's [odd] *.csv": "person_id,start,sector,kind\n" + rows})
    assert {one.person_id for one in done.records.list_people()} == set(texts)
    for text in texts:
        assert done.journey(text).events["kind"].tolist() == [text]


def test_one_bad_file_does_not_stop_the_others(read: Read) -> None:
    good = "person_id,start,sector,kind\n7,2024-04-03,gp,GP consultation\n"
    mixed = "person_id,start,sector,kind\n7,25/04/2024,gp,x\n7,04/25/2024,gp,x\n"
    done = read(
        {
            "a.xlsx": b"PK\x03\x04 not really",
            "b.parquet": b"PAR1",
            "c.csv": b"",
            "d.csv": mixed,
            "e.csv": "some,other\n1,2\n",
            "f.csv": good,
        }
    )
    errors = {file.path: file.error for file in done.report.files}
    assert errors.pop("f.csv") is None
    assert all(name in str(error) for name, error in errors.items())
    assert "mixes day-first and month-first" in str(errors["d.csv"])
    assert "layout not recognised" in str(errors["e.csv"])
    assert (done.file("d.csv").rows_read, done.file("d.csv").set_aside) == (2, 2)
    assert done.report.kept == 1


def test_a_very_wide_file_is_refused_in_bounded_time(read: Read, tmp_path: Path) -> None:
    started = time.monotonic()
    content = ",".join(f"h{n}" for n in range(5000)) + "\n" + ",".join("1" * 5000) + "\n"
    assert stage(tmp_path, "wide.csv", content.encode()) == 1
    assert time.monotonic() - started < 20


def test_folders_are_searched_for_tables_and_hidden_files_passed_over(tmp_path: Path) -> None:
    for name in ("b.csv", "a/c.XLSX", ".hidden.csv", ".git/x.csv", "~$open.xlsx", "readme.md"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    found = [str(file.relative_to(tmp_path)) for file in find_files([tmp_path])]
    assert found == ["a/c.XLSX", "b.csv"]


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(TheographError, match=r"nowhere: no such file") as caught:
        find_files([tmp_path / "nowhere"])
    assert caught.value.exit_code == 2
