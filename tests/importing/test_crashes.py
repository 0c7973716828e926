"""An import that is killed leaves the old snapshot or the new one; see `tests.crash`."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

KILLS = 12


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks an import for each kill")
def test_imports_killed_at_twelve_steps_tear_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.crash", "--steps", str(KILLS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = re.search(r"12 imports killed, none torn: (\d+) new, (\d+) old", done.stdout)
    assert said, done.stdout
    assert min(map(int, said.groups())) > 0  # some were killed before the switch, some after
