"""NHS numbers are checked, and nothing but a valid one counts as one."""

from __future__ import annotations

import duckdb
import ibis
import nhs_number
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theograph.sources.identifiers import link_key, valid_nhs_number

CON = duckdb.connect()
TEXTS = ibis.table({"text": "string"}, name="texts")
NUMBERS = ibis.to_sql(TEXTS.select(found=valid_nhs_number(TEXTS.text)), dialect="duckdb")
KEYS = ibis.to_sql(TEXTS.select(found=link_key("pseudonym", TEXTS.text)), dialect="duckdb")


def run(query: str, texts: list[str]) -> list[str | None]:
    CON.register("texts", pa.table({"text": pa.array(texts, pa.string())}))
    return [found for (found,) in CON.execute(query).fetchall()]


def read_numbers(texts: list[str]) -> list[str | None]:
    return run(NUMBERS, texts)


@settings(max_examples=10)
@given(st.lists(st.integers(600_000_000, 799_999_999), min_size=20, max_size=40))
def test_modulus_11_agrees_with_an_independent_library(stems: list[int]) -> None:
    # The library also refuses ranges not yet issued; England's are not among those.
    texts = [f"{stem}{digit}" for stem in stems for digit in range(10)]
    expected = [
        text if nhs_number.is_valid(text) and len(set(text)) > 1 else None for text in texts
    ]
    assert read_numbers(texts) == expected


@settings(max_examples=10)
@given(st.lists(st.integers(0, 999_999_999), min_size=20, max_size=50))
def test_exactly_one_check_digit_fits_at_most(stems: list[int]) -> None:
    texts = [f"{stem:09d}{digit}" for stem in stems for digit in range(10)]
    found = read_numbers(texts)
    for position in range(0, len(texts), 10):
        assert sum(number is not None for number in found[position : position + 10]) <= 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9990417288", "9990417288"),
        ("999 041 7288", "9990417288"),
        ("999-041-7288", "9990417288"),
        ("9990417287", None),  # wrong check digit
        ("999041728", None),
        ("99904172880", None),
        ("0000000000", None),
        ("1111111111", None),  # passes modulus 11
        ("9999999999", None),
        ("٩٩٩٠٤١٧٢٨٨", None),
        ("９９９０４１７２８８", None),
        ("999041728X", None),
        ("9990417288.0", None),
        ("999\u00a0041\u00a07288", None),
        ("", None),
    ],
)
def test_a_number_is_ten_ascii_digits_not_all_the_same(text: str, number: str | None) -> None:
    assert read_numbers([text]) == [number]


@pytest.mark.parametrize("text", ["INVALID", "null", "None", "Unknown", "#N/A"])
def test_words_for_no_identifier_link_nobody(text: str) -> None:
    assert run(KEYS, [text]) == [None]


@pytest.mark.parametrize("text", ["NA", "007", "-9223372036854775808", "0"])
def test_odd_identifiers_stay_as_they_are(text: str) -> None:
    assert run(KEYS, [text]) == [f"pseudonym:{text}"]
