"""Extracts nobody here wrote, read where they lie; the tests are skipped where they do not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def peer_data() -> Path:
    """The folder named by THEOGRAPH_PEER_DATA."""
    folder = os.environ.get("THEOGRAPH_PEER_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("set THEOGRAPH_PEER_DATA to the folder of peer extracts to run these")
    return Path(folder)
