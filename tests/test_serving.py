"""The demo is imported once, and a running app always shows the snapshot in force."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest

from theograph.progress import say_nothing
from theograph.serving import open_services, prepare_demo

if TYPE_CHECKING:
    from tests.conftest import Read

NOW = datetime(2026, 6, 2, 9, 30, tzinfo=UTC)


def test_the_demo_is_imported_once_and_opens_on_joan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda name: str(tmp_path / name))
    store, address = prepare_demo(now=NOW, progress=say_nothing)
    assert store.path.stat().st_mode & 0o077 == 0
    journey = open_services(store).open_journey(address.removeprefix("/journey/"))
    assert journey.person.name == "Joan Whitfield"

    def fail(stage: str, done: float) -> None:
        pytest.fail(f"imported again: {stage}")

    assert prepare_demo(now=NOW, progress=fail) == (store, address)


def test_a_running_app_follows_every_import_and_outlives_old_snapshots(read: Read) -> None:
    header = "person_id,start,sector,kind\n"
    done = read({"first.csv": header + "7,2024-04-01,gp,GP consultation\n"})
    services = open_services(done.store)
    (person,) = services.search_people("7", 5)
    assert services.open_journey(person.ref).summary.events == 1
    for day in range(2, 6):  # more imports than snapshots are kept
        read({f"{day}.csv": f"{header}7,2024-04-0{day},gp,GP consultation\n"}, into=done.store)
        assert services.open_journey(person.ref).summary.events == day
    assert len(done.store.snapshots()) == 3
    assert services.search_people("7", 5)[0].events == 5
