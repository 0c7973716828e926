"""Files sent through the browser, kept in a private folder until they are imported."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from theograph.errors import TooLargeError, UsageError

_CHUNK_BYTES = 1024 * 1024
_MEGABYTE = 1024 * 1024
_PLAIN = " -_.()+,&'"
_LONGEST_STEM = 80
_LONGEST_ENDING = 10
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TrayFile:
    """A file that waits. `label` is its own name, cleaned, and its name in the folder."""

    key: str
    label: str
    size_bytes: int
    path: Path


class Tray:
    """The files that wait, in the order they came; safe to use from several threads.

    The folder is made when the first file comes. Families of tables are recognised by lying in
    one folder, and the account names files by their names: so all lie in one, under their own.
    """

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._files: dict[str, TrayFile] = {}
        self._coming: dict[str, tuple[str, int]] = {}

    def files(self) -> tuple[TrayFile, ...]:
        """The files that have wholly come."""
        with self._lock:
            return tuple(self._files.values())

    def find(self, key: str) -> TrayFile | None:
        """The file with that key, if it waits."""
        with self._lock:
            return self._files.get(key)

    def receive(self, name: str, stream: IO[bytes], size_bytes: int) -> TrayFile:
        """Keep what `stream` holds as a file called `name`.

        Raises `TooLargeError` when it would be too much with what waits already, `UsageError`
        when the stream holds not exactly `size_bytes`; nothing of it is kept then.
        """
        key = secrets.token_hex(8)
        label = self._reserve(key, clean_name(name), size_bytes)
        part, path = self._folder / f"{key}.part", self._folder / label
        try:
            _write_exactly(stream, part, size_bytes, label=label)
            part.replace(path)
            found = TrayFile(key, label, size_bytes, path)
            with self._lock:
                self._files[key] = found
        finally:
            part.unlink(missing_ok=True)
            with self._lock:
                del self._coming[key]
        return found

    def remove(self, key: str) -> None:
        """Let a file go; one that is gone already is no error."""
        with self._lock:
            file = self._files.pop(key, None)
        if file is not None:
            file.path.unlink(missing_ok=True)

    def _reserve(self, key: str, label: str, size_bytes: int) -> str:
        """A label of its own for a file to come; counts its bytes until it has come."""
        with self._lock:
            coming = self._coming.values()
            used = sum(file.size_bytes for file in self._files.values())
            used += sum(size for _, size in coming)
            if used + size_bytes > self._most_bytes:
                raise TooLargeError(self._say_too_large(label, size_bytes, used))
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            taken = {file.label.casefold() for file in self._files.values()}
            label = tell_apart(label, taken | {other.casefold() for other, _ in coming})
            self._coming[key] = (label, size_bytes)
            return label

    def _say_too_large(self, label: str, size_bytes: int, used: int) -> str:
        most, size = self._most_bytes // _MEGABYTE, -(-size_bytes // _MEGABYTE)
        beside = " with the files that wait already" if used else ""
        return (
            f"{label}: at {size:,} MB it is{beside} more than the {most:,} MB that can be sent "
            "here; import it on the command line"
        )


def clean_name(name: str) -> str:
    """The last part of `name`, letters and digits and plain punctuation only, of bounded length."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign if sign.isalnum() or sign in _PLAIN else "_" for sign in last)
    stem, dot, ending = re.sub(r" +", " ", plain).strip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = stem[:_LONGEST_STEM].strip(" .") or "file"
    stem = f"_{stem}" if _RESERVED.match(stem) else stem
    ending = ending[:_LONGEST_ENDING].strip(" .")
    return f"{stem}.{ending}" if ending else stem


def tell_apart(label: str, taken: set[str]) -> str:
    """`label`, or with a number that no label in `taken`, in lower case, has."""
    path, number, found = Path(label), 2, label
    while found.casefold() in taken:
        found, number = f"{path.stem} ({number}){path.suffix}", number + 1
    return found


def _write_exactly(stream: IO[bytes], path: Path, size_bytes: int, *, label: str) -> None:
    left = size_bytes
    with path.open("xb") as file:
        path.chmod(0o600)
        while chunk := stream.read(min(_CHUNK_BYTES, left + 1)):
            left -= len(chunk)
            if left < 0:
                break
            file.write(chunk)
    if left:
        raise UsageError(f"{label}: came cut short or longer than it said; choose the file again")
