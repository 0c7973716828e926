"""The README's commands do what it says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands_under(heading: str) -> list[list[str]]:
    """The commands of the first code block under a heading, comments left out."""
    block = re.search(rf"## {heading}\n+```sh\n(.*?)```", README, re.DOTALL)
    assert block, f"the README has no commands under '{heading}'"
    return [shlex.split(line, comments=True) for line in block[1].splitlines() if line.strip()]


def run_theograph(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "theograph", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_five_lines_read_list_and_serve_the_sample(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    commands = commands_under("Your own extracts, in five lines")
    assert [command[0] for command in commands] == ["theograph"] * 5
    *quick, serve = [command[1:] for command in commands]
    outputs = [run_theograph(arguments, tmp_path) for arguments in quick]
    assert [done.returncode for done in outputs] == [0, 0, 0, 0], outputs
    assert "Dry run" in outputs[0].stdout
    assert "Joan Whitfield" in outputs[2].stdout
    assert outputs[3].stdout.startswith("person_id,event_id,")
    assert_serves_a_page([*serve, "--port", "0", "--no-browser"], tmp_path)


def assert_serves_a_page(arguments: list[str], folder: Path) -> None:
    command = [sys.executable, "-m", "theograph", *arguments]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+\S*", said)
            assert address, f"serve said {said!r}"
            with urllib.request.urlopen(address[0], timeout=30) as page:  # noqa: S310
                assert b"Theograph" in page.read()
        finally:
            server.terminate()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("target", "runs"),
    [("demo", "theograph demo"), ("test", "-m pytest"), ("lint", "ruff"), ("types", "mypy")],
)
def test_make_knows_the_targets_the_readme_names(target: str, runs: str) -> None:
    assert f"make {target}" in README or target in README
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert runs in done.stdout


def test_every_file_the_readme_points_to_exists() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
