"""Entries: of a bundle, a resource, a list of them or lines, each once and in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sources.fhir.resources import bundle, ndjson, resource
from theograph.errors import UnreadableSourceError
from theograph.sources.fhir import stream
from theograph.sources.fhir.stream import Entry, read_entries

ANN = resource("Patient", id="ann")
BEN = resource("Patient", id="ben")


def entries(folder: Path, text: str | bytes, name: str = "a.json") -> list[Entry]:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_entries(file))


@pytest.mark.parametrize("kind", ["transaction", "collection", "batch", "searchset"])
def test_a_bundle_of_any_kind_gives_its_entries_by_number(tmp_path: Path, kind: str) -> None:
    found = entries(tmp_path, bundle(ANN, BEN, kind=kind, base="https://x.org/fhir/Patient/"))
    assert [(entry.number, entry.resource["id"], entry.full_url) for entry in found] == [
        (1, "ann", "https://x.org/fhir/Patient/ann"),
        (2, "ben", "https://x.org/fhir/Patient/ben"),
    ]


def test_a_bundle_without_entry_has_none(tmp_path: Path) -> None:
    assert entries(tmp_path, '{"resourceType": "Bundle", "type": "searchset", "total": 0}') == []


def test_what_stands_in_place_of_a_resource_is_said(tmp_path: Path) -> None:
    odd = [{"request": {"method": "GET"}}, None, {"resource": "Patient/1"}, {"resource": {}}]
    found = entries(tmp_path, json.dumps({"resourceType": "Bundle", "entry": odd}))
    assert [entry.problem for entry in found] == [
        "has no resource",
        "is not an object",
        "has a resource that is not an object",
        "has a resource without a resourceType",
    ]


def test_a_resource_stands_alone(tmp_path: Path) -> None:
    assert [entry.resource for entry in entries(tmp_path, json.dumps(ANN))] == [ANN]


def test_a_list_of_resources_is_read_as_a_bundle(tmp_path: Path) -> None:
    found = entries(tmp_path, json.dumps([ANN, 7]))
    assert [(entry.number, entry.problem is None) for entry in found] == [(1, True), (2, False)]


@pytest.mark.parametrize("name", ["a.ndjson", "a.json", "a.jsonl"])
def test_lines_are_numbered_blank_ones_too(tmp_path: Path, name: str) -> None:
    found = entries(tmp_path, f"{json.dumps(ANN)}\n\n  \n{json.dumps(BEN)}", name)
    assert [(entry.number, entry.resource["id"]) for entry in found] == [(1, "ann"), (4, "ben")]


@pytest.mark.parametrize(
    "line", ["{", "nonsense", '{"a": NaN}', "[" * 100_000, b"\xff".decode("latin1")]
)
def test_a_bad_line_costs_itself_only(tmp_path: Path, line: str) -> None:
    text = f"{line}\n{json.dumps(BEN)}\n".encode("latin1")
    found = entries(tmp_path, text, "a.ndjson")
    assert [entry.problem for entry in found] == ["is not valid JSON", None]


def test_a_line_beyond_the_largest_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LARGEST_ENTRY", 200_000)
    long = json.dumps({"resourceType": "Patient", "id": "x" * 500_000})
    found = entries(tmp_path, f"{long}\n{json.dumps(BEN)}\n", "a.ndjson")
    assert [(entry.number, entry.problem) for entry in found] == [
        (1, "is larger than 0 MB"),
        (2, None),
    ]


def test_a_bundle_in_a_line_gives_its_entries(tmp_path: Path) -> None:
    found = entries(tmp_path, f"{bundle(ANN, BEN)}\n{json.dumps(ANN)}\n", "a.ndjson")
    assert [(entry.number, entry.place) for entry in found] == [
        (1, "line 1.1"),
        (None, "line 1.2"),
        (2, "line 2"),
    ]


def test_a_mark_before_the_first_line_is_no_text(tmp_path: Path) -> None:
    assert entries(tmp_path, b"\xef\xbb\xbf" + ndjson(ANN).encode(), "a.ndjson")[0].resource == ANN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b'<?xml version="1.0"?><Bundle/>', "is XML; ask the sender for FHIR as JSON"),
        ("{}".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        (b"PK\x03\x04...", "is a zip file; unpack it first"),
        (b"\x1f\x8b...", "is compressed; unpack it first"),
        (b'{"name": "a package"}', "is not FHIR: its top has no resourceType"),
    ],
)
def test_what_is_not_fhir_is_refused_with_the_remedy(
    tmp_path: Path, text: bytes, said: str
) -> None:
    with pytest.raises(UnreadableSourceError, match=rf"^a\.json: {said}"):
        entries(tmp_path, text)
