"""Files that were sent: names made plain, sizes held to, nothing left of half of one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from theograph.data_desk.tray import Tray, clean_name, tell_apart
from theograph.errors import TooLargeError, UsageError


@pytest.fixture
def tray(tmp_path: Path) -> Tray:
    """An empty tray of a hundred bytes."""
    return Tray(tmp_path / "tray", most_bytes=100)


def send(tray: Tray, name: str, content: bytes) -> str:
    return tray.receive(name, io.BytesIO(content), len(content)).key


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("GP April.csv", "GP April.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\extracts\\gp.csv", "gp.csv"),
        ('<img src=x onerror="alert(1)">.csv', "_img src_x onerror__alert(1)__.csv"),
        (".hidden", "hidden"),
        ("-rf.csv", "-rf.csv"),
        ("gp\u202efdp.csv", "gp_fdp.csv"),
        ("a\x00b\nc.csv", "a_b_c.csv"),
        ("Æbleskov (2).xlsx", "Æbleskov (2).xlsx"),
        ("CON.csv", "_CON.csv"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_a_name_is_made_plain(name: str, plain: str) -> None:
    assert clean_name(name) == plain


def test_a_very_long_name_is_cut_but_keeps_its_ending() -> None:
    assert clean_name("x" * 500 + ".csv") == "x" * 80 + ".csv"


def test_names_that_are_alike_are_told_apart() -> None:
    assert tell_apart("gp.csv", {"gp.csv", "gp (2).csv"}) == "gp (3).csv"


def test_what_is_sent_is_kept_in_a_private_folder_under_its_name(tray: Tray) -> None:
    key = send(tray, "gp.csv", b"a,b\n1,2\n")
    send(tray, "GP.csv", b"a\n")
    first, second = tray.files()
    assert (first.key, first.label, first.size_bytes) == (key, "gp.csv", 8)
    assert first.path.read_bytes() == b"a,b\n1,2\n"
    assert second.label == "GP (2).csv"
    assert first.path.parent.stat().st_mode & 0o077 == 0
    assert first.path.stat().st_mode & 0o077 == 0


def test_more_than_fits_in_all_is_refused_with_the_remedy(tray: Tray) -> None:
    send(tray, "first.csv", b"x" * 60)
    with pytest.raises(TooLargeError, match=r"second\.csv: .* import it on the command line"):
        send(tray, "second.csv", b"x" * 41)
    send(tray, "third.csv", b"x" * 40)
    assert [file.label for file in tray.files()] == ["first.csv", "third.csv"]


@pytest.mark.parametrize("content", [b"x" * 9, b"x" * 11])
def test_a_file_of_another_length_than_it_said_leaves_nothing(tray: Tray, content: bytes) -> None:
    with pytest.raises(UsageError, match=r"gp\.csv: came cut short or longer"):
        tray.receive("gp.csv", io.BytesIO(content), 10)
    assert tray.files() == ()
    send(tray, "whole.csv", b"x" * 100)  # and its bytes count no more
    assert [file.name for file in tray.files()[0].path.parent.iterdir()] == ["whole.csv"]


def test_a_file_that_goes_makes_room(tray: Tray) -> None:
    key = send(tray, "gp.csv", b"x" * 100)
    path = tray.files()[0].path
    tray.remove(key)
    tray.remove(key)
    assert not path.exists()
    send(tray, "gp.csv", b"y" * 100)
