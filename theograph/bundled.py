"""Folders that travel with the package: beside it in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

from theograph.errors import StoreError

_PACKAGE = Path(__file__).resolve().parent


def find_bundled(name: str) -> Path:
    """The folder `assets` or `sample_data`; `StoreError` if the installation lacks it."""
    for folder in (_PACKAGE / "_bundled" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise StoreError(f"{_PACKAGE.parent / name}: is missing; install theograph again")
