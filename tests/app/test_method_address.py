"""The Method page's address: tab, search, page and what is open."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.app.method_address import (
    MAX_PAGE,
    MethodAddress,
    Tab,
    is_method_path,
    parse_method_address,
    write_method_address,
)

addresses = st.builds(
    MethodAddress,
    tab=st.sampled_from(get_args(Tab)),
    text=st.text(max_size=100),
    page=st.integers(1, MAX_PAGE),
    chosen=st.text(max_size=40),
)


@given(addresses)
def test_an_address_survives_the_round_trip(address: MethodAddress) -> None:
    assert parse_method_address(write_method_address(address)) == address


@pytest.mark.parametrize(
    "query", ["tab=graphs&page=-1", "page=٣", "page=99999", "page=0", "=&&&", "tab=&q="]
)
def test_what_cannot_be_read_falls_back_to_what_is_usual(query: str) -> None:
    assert parse_method_address(f"/method?{query}") == MethodAddress()


def test_what_is_usual_leaves_no_trace() -> None:
    assert write_method_address(MethodAddress()) == "/method"
    assert write_method_address(MethodAddress(chosen="R14")) == "/method#R14"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/method", True), ("/method/", True), ("/methods", False), ("/", False), (None, False)],
)
def test_the_path_of_the_page(path: str | None, expected: bool) -> None:
    assert is_method_path(path) is expected
