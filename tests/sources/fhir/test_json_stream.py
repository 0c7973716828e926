"""JSON as a stream: what is well formed is read in any order, the rest refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from theograph.errors import UnreadableSourceError
from theograph.sources.fhir import json_stream
from theograph.sources.fhir.json_stream import (
    DEEPEST,
    TooDeep,
    find_shape,
    read_document,
    stream_items,
)


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "a.json"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ('{"resourceType": "Bundle", "entry": []}', "Bundle"),
        ('{"entry": [{"resource": {}}], "resourceType": "Bundle"}', "Bundle"),
        ('{"entry": [{"item": {"reference": "a/1"}}], "resourceType": "List"}', "List"),
        ('{"contained": [{"resourceType": "Patient"}], "resourceType": "Encounter"}', "Encounter"),
        ('[{"resourceType": "Patient"}]', "list"),
        ('{"name": "theograph"}', None),
        ('{"resourceType": ["Patient"]}', None),
        ('{"meta": {"resourceType": "Patient"}}', None),
        ('"Bundle"', None),
    ],
)
def test_the_shape_is_known_wherever_the_type_stands(
    tmp_path: Path, text: str, shape: str | None
) -> None:
    assert find_shape(written(tmp_path, text)) == shape


def test_items_are_those_of_the_member_and_of_no_other(tmp_path: Path) -> None:
    file = written(
        tmp_path, '{"a": [[1]], "entry": [{"b": [1, {"c": null}]}, true], "d": {"e": 2}}'
    )
    assert list(stream_items(file, "entry")) == [{"b": [1, {"c": None}]}, True]


def test_a_member_given_twice_is_read_twice(tmp_path: Path) -> None:
    file = written(tmp_path, '{"entry": [1], "type": "batch", "entry": [2]}')
    assert list(stream_items(file, "entry")) == [1, 2]


def test_a_document_is_one_value(tmp_path: Path) -> None:
    assert read_document(written(tmp_path, b'\xef\xbb\xbf{"a": [1.5, "\\u00e9"]}')) == {
        "a": [1.5, "é"]
    }


def test_what_is_too_deep_is_passed_over_and_the_next_item_read(tmp_path: Path) -> None:
    deep = "[" * 5_000 + "]" * 5_000
    bearable = "[" * DEEPEST + "]" * DEEPEST
    found = list(stream_items(written(tmp_path, f'{{"entry": [{deep}, {bearable}, 7]}}'), "entry"))
    assert isinstance(found[0], TooDeep)
    assert not isinstance(found[1], TooDeep)
    assert found[2] == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"entry": [{}, {"a": "b', "breaks off after entry 1"),
        ('{"entry": [{}, {}, oops]}', "is not valid JSON after entry 2"),
        ('{"entry": [NaN]}', "is not valid JSON"),
        ('{"entry": [1e999999999]}', "holds a number beyond any that is measured"),
        ('{"entry": [' + "9" * 5_000 + "]}", "holds a number beyond any that is measured"),
        (b'{"entry": ["\xff"]}', "is not valid JSON"),
        ('{"entry": []} and more', "is not valid JSON"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    with pytest.raises(UnreadableSourceError, match=rf"^a\.json: {said}.*; ask for it again$"):
        list(stream_items(written(tmp_path, text), "entry"))


def test_an_entry_beyond_the_largest_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "LARGEST_ENTRY", 1 << 20)
    monkeypatch.setattr(json_stream, "_CHUNK_BYTES", 1 << 16)
    small = ", ".join(['"' + "x" * 100_000 + '"'] * 30)
    assert len(list(stream_items(written(tmp_path, f'{{"entry": [{small}]}}'), "entry"))) == 30
    large = '"' + "x" * (2 << 20) + '"'
    with pytest.raises(UnreadableSourceError, match="entry 2 is larger than 1 MB"):
        list(stream_items(written(tmp_path, f'{{"entry": [1, {large}]}}'), "entry"))
