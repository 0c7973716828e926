"""Mapping files: what they may say, and what they are told when they say something else."""

from __future__ import annotations

import csv
from pathlib import Path

import ibis
import pytest

from theograph.errors import MappingError, UnreadableSourceError
from theograph.sources.expression import SourceRows, compile_refusal, compile_text
from theograph.sources.mapping import (
    Join,
    Mapping,
    find_mapping,
    normalise_header,
    read_mapping,
    shipped_mappings,
)
from theograph.sources.recognise import recognise_layout

SAMPLES = Path(__file__).parents[2] / "sample_data"
HEAD = 'title = "T"\nsource = "S"\nrecognise = ["a"]\n'

# mapping text -> words of the error
ERRORS = {
    "not-toml": ("title = ", ["site.toml", "TOML", "correct the line"]),
    "no-title": ('source = "S"\nrecognise = ["a"]\n', ["site.toml", "title"]),
    "nothing-to-recognise-by": ('title = "T"\nsource = "S"\nrecognise = []\n', ["recognise"]),
    "no-table": (HEAD, ["feeds no table", "[events]"]),
    "unknown-table": (HEAD + '[happenings]\nperson_id = "a"\n', ["happenings"]),
    "unknown-column": (
        HEAD + '[events]\nperson_id = "a"\nstrat = "b"\n',
        ["[events]", "'strat'", "start"],
    ),
    "nobody": (HEAD + '[events]\nstart = "b"\n', ["[events]", "whose", "nhs_number"]),
    "unknown-form": (
        HEAD + '[events]\nperson_id = "a"\nkind = { colum = "b" }\n',
        ["events.kind", "'colum'", "column, text, date", "existing mapping"],
    ),
    "unknown-form-deep-within": (
        HEAD
        + '[events]\nperson_id = "a"\n'
        + 'kind = { cases = [{ then = { first = ["b", { clumn = "c" }] } }] }\n',
        ["events.kind.cases.0.then.first.1", "'clumn'"],
    ),
    "unknown-key-of-a-form": (
        HEAD + '[events]\nperson_id = "a"\nkind = { column = "b", vales = { x = "y" } }\n',
        ["events.kind.vales", "is no key that may stand there", "existing mapping"],
    ),
    "no-such-sector": (
        HEAD + '[events]\nperson_id = "a"\nsector = { text = "hospitl" }\n',
        ["[events] sector", "'hospitl'", "use one of hospital, ed,"],
    ),
    "no-such-status-deep-within": (
        HEAD
        + '[events]\nperson_id = "a"\n'
        + 'status = { cases = [{ then = { column = "b", values = { x = "gone" } } }] }\n',
        ["[events] status", "'gone'", "did_not_attend"],
    ),
    "no-form-of-a-date": (
        HEAD + '[events]\nperson_id = "a"\nstart = "b"\n[dates]\nb = "%Q/%m"\n',
        ["[dates] b", "'%Q/%m'", "%d/%m/%Y"],
    ),
    "bad-pattern": (
        HEAD + '[events]\nperson_id = "a"\nkind = { column = "b", strip = "(" }\n',
        ["[events] kind", "'('", "regular expression"],
    ),
    "provenance-is-ours": (
        HEAD + '[events]\nperson_id = "a"\nsource_row = "b"\n',
        ["'source_row'"],
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_name_the_file_the_place_and_the_remedy(tmp_path: Path, case: str) -> None:
    text, words = ERRORS[case]
    file = tmp_path / "site.toml"
    file.write_text(text)
    with pytest.raises(MappingError) as caught:
        read_mapping(file)
    for word in words:
        assert word in str(caught.value)


def test_a_mapping_that_is_not_utf_8_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes('title = "é"'.encode("cp1252"))
    with pytest.raises(MappingError, match=r"site\.toml: is not UTF-8 text; save it as UTF-8"):
        read_mapping(tmp_path / "site.toml")


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(MappingError, match=r"'nocs'.*necs"):
        find_mapping("nocs")


def test_a_mapping_may_be_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(HEAD + '[people]\nnhs_number = "a"\n')
    assert find_mapping(str(file)).name == "site"


@pytest.mark.parametrize("mapping", shipped_mappings(), ids=lambda mapping: mapping.name)
def test_every_shipped_mapping_says_what_it_is_and_reads_its_own_headers(mapping: Mapping) -> None:
    assert mapping.title
    assert len(mapping.source) > 20
    assert recognise_layout(mapping.recognise, shipped_mappings(), name="x").name == mapping.name


OWN = {
    "events": "theograph",
    "people": "theograph_people",
    "conditions": "theograph_conditions",
    "measures": "theograph_measures",
    "feeds": "theograph_feeds",
}
SAMPLE_FILES = sorted(SAMPLES.glob("*/*.csv"))


@pytest.mark.parametrize("file", SAMPLE_FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_each_sample_file_is_recognised_as_what_it_is(file: Path) -> None:
    text = file.read_bytes().decode("cp1252").removeprefix("ï»¿")
    delimiter = max(",;\t", key=text.splitlines()[0].count)
    headers = next(csv.reader(text.splitlines(), delimiter=delimiter))
    expected = OWN.get(file.stem, file.stem)
    assert recognise_layout(headers, shipped_mappings(), name=file.name).name == expected
    others = [mapping for mapping in shipped_mappings() if mapping.name != expected]
    mistaken = [one for one in others if not one.name.startswith("theograph")]
    with pytest.raises(UnreadableSourceError):
        recognise_layout(headers, mistaken, name=file.name)


def test_an_unrecognised_file_is_told_the_nearest_layouts_and_what_they_lack() -> None:
    headers = ["Client ID", "Event ID", "Start Date", "End Date", "Event Type"]
    with pytest.raises(UnreadableSourceError) as caught:
        recognise_layout(headers, shipped_mappings(), name="odd.csv")
    error = str(caught.value)
    assert error.startswith(
        "odd.csv: layout not recognised from its 5 headers; nearest: necs lacks"
    )
    assert "necs lacks Event_Subtype, Event_Desc" in error
    assert "--mapping" in error


@pytest.mark.parametrize(
    "header", ["Start_Date", "start date", "START-DATE", " StartDate ", "start.date", "Start Date:"]
)
def test_headers_match_whatever_their_case_and_punctuation(header: str) -> None:
    assert normalise_header(header) == "startdate"


ROWS = {
    "a": ["x", None, "DNA - Podiatry", "Z9"],
    "b": ["1", "2", None, "4"],
    "day": ["2024-04-03", "2024-04-04", None, "2024-04-05"],
    "time": ["10:20", None, "11:00", "1130"],
}
EXPRESSIONS = {
    "a column": ("'b'", ["1", "2", None, "4"]),
    "a column the file lacks": ("'nowhere'", [None] * 4),
    "a constant": ("{ text = 'ed' }", ["ed"] * 4),
    "an empty constant": ("{ text = '' }", [None] * 4),
    "values, others kept": ("{ column = 'a', values = { X = 'y' } }", ["y", None, *ROWS["a"][2:]]),
    "values, others empty": (
        "{ column = 'a', values = { x = 'y' }, other = 'empty' }",
        ["y", None, None, None],
    ),
    "values, others replaced": (
        "{ column = 'a', values = { x = 'y' }, other = { use = 'z' } }",
        ["y", "z", "z", "z"],
    ),
    "a pattern removed": (
        "{ column = 'a', strip = '^DNA - ' }",
        ["x", None, "Podiatry", "Z9"],
    ),
    "joined": ("{ join = ['a', 'b'], with = '/' }", ["x/1", "2", "DNA - Podiatry", "Z9/4"]),
    "the first that is there": ("{ first = ['a', 'b'] }", ["x", "2", "DNA - Podiatry", "Z9"]),
    "a date with its time within a first": (
        "{ first = ['nowhere', { date = 'day', time = 'time' }] }",
        ["2024-04-03 10:20", "2024-04-04", None, "2024-04-05"],
    ),
    "blank": ("{ blank = 'a' }", ["false", "true", "false", "false"]),
    "cases": (
        (
            "{ cases = [{ if = { column = 'a', starts = ['dna', 'z'] }, then = { text = 's' } }, "
            "{ if = { column = 'a', is = 'absent' }, then = { text = 'none' } }, { then = 'b' }] }"
        ),
        ["1", "none", "s", "s"],
    ),
    "all, any and not": (
        (
            "{ cases = [{ if = { all = [{ column = 'a', is = 'present' }, "
            "{ not = { any = [{ column = 'b', is = ['4'] }, { column = 'a', contains = ['pod'] }"
            "] } }] }, then = { text = 'yes' } }] }"
        ),
        ["yes", None, None, None],
    ),
}


def write_mapping(folder: Path, expression: str) -> Mapping:
    file = folder / "site.toml"
    file.write_text(HEAD + f'[events]\nperson_id = "a"\nkind = {expression}\n')
    return read_mapping(file)


def test_expressions_give_what_they_say(tmp_path: Path) -> None:
    headers = list(ROWS)
    table = ibis.memtable({f"c{n}": ROWS[name] for n, name in enumerate(headers)})
    rows = SourceRows(table, headers)
    compiled = {
        name: compile_text(write_mapping(tmp_path, text).sections["events"]["kind"], rows)
        for name, (text, _) in EXPRESSIONS.items()
    }
    found = ibis.duckdb.connect().to_pyarrow(table.select(**compiled)).to_pydict()
    assert found == {name: expected for name, (_, expected) in EXPRESSIONS.items()}


def test_many_joined_columns_stay_a_short_query() -> None:
    names = [f"c{place}" for place in range(30)]
    table = ibis.table(dict.fromkeys(names, "string"), name="rows")
    joined = compile_text(Join(join=names, **{"with": ";"}), SourceRows(table, names))
    assert len(str(ibis.to_sql(table.select(joined=joined), dialect="duckdb"))) < 2_000


def test_a_value_not_in_the_list_may_be_refused(tmp_path: Path) -> None:
    mapping = write_mapping(tmp_path, "{ column = 'a', values = { x = 'y' }, other = 'refuse' }")
    table = ibis.memtable({"c0": ROWS["a"]})
    refused = compile_refusal(mapping.sections["events"]["kind"], SourceRows(table, ["a"]))
    assert refused is not None
    found = ibis.duckdb.connect().to_pyarrow(table.select(refused=refused)).to_pydict()
    assert found["refused"] == [None, None, "DNA - Podiatry", "Z9"]
