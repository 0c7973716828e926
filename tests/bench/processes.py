"""Measurements that are processes of their own, and the lines they make."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Done = dict[str, float]
Row = tuple[str, str, str, str, str]


def run_part(module: str, part: str, *arguments: str) -> Done:
    """What `python -m module part arguments` printed last: figures by name."""
    command = [sys.executable, "-m", module, part, *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: Done = json.loads(done.stdout.splitlines()[-1])
    print(part, *arguments, found, flush=True)
    return found


def time_once(action: Callable[[], object]) -> Done:
    """The seconds that `action` took and this process's peak memory in MB."""
    began = time.perf_counter()
    action()
    return {"seconds": time.perf_counter() - began, "peak_mb": _peak()}


def compare(what: str, against: str, ours: float, theirs: float) -> Row:
    """One line of the table: what was measured, against what, both times and their ratio."""
    return what, against, f"{ours:.3f} s", f"{theirs:.3f} s", f"{ours / theirs:.1f}"


def _peak() -> float:
    """Linux counts in `ru_maxrss` what the process that started this one had, so its own is
    read where it stands."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
