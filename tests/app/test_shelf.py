"""A page keeps the snapshot it was opened on; new pages get the new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from theograph.app import create_app, ids
from theograph.errors import SnapshotGoneError, StoreError
from theograph.importing import price_store
from theograph.serving import choose_opening, open_services
from theograph.store import Store

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

HEADER = "person_id,start,sector,kind\n"
COSTS = """line,activity,sector,kind,unit,cost_gbp,price_year,source,licence,verified
our_gp,Our own consultation,gp,GP consultation,contact,99.00,2024/25,Ours,OGL,local
"""


@pytest.fixture(scope="module")
def first(read: Read) -> Imported:
    """A store with one person and one event."""
    return read({"first.csv": HEADER + "7,2024-04-01,gp,GP consultation\n"})


@pytest.fixture
def done(first: Imported, tmp_path: Path) -> Imported:
    """A copy of it to change."""
    return first.copy(tmp_path / "store")


def add(read: Read, store: Store, days: range) -> None:
    for day in days:
        read({f"{day}.csv": f"{HEADER}7,2024-04-{day:02},gp,GP consultation\n"}, into=store)


def test_a_page_keeps_its_snapshot_and_a_new_one_gets_the_new(read: Read, done: Imported) -> None:
    services = open_services(done.store)
    (person,) = services.search_people("7", 5)
    old = services.at(None).open_journey(person.ref)
    add(read, done.store, range(2, 3))
    assert services.at(old.snapshot).open_journey(person.ref).summary.events == 1
    assert services.at(None).open_journey(person.ref).summary.events == 2


def test_a_page_whose_snapshot_was_let_go_is_told_so(read: Read, done: Imported) -> None:
    services = open_services(done.store)
    (person,) = services.search_people("7", 5)
    snapshot = services.open_journey(person.ref).snapshot
    add(read, done.store, range(2, 6))  # more than are kept
    with pytest.raises(SnapshotGoneError, match="load the page again"):
        services.at(snapshot)
    answer = (
        create_app(services)
        .server.test_client()
        .post(
            "/_dash-update-component",
            json={
                "output": f"..{ids.IN_VIEW}.children...{ids.NOTHING_IN_VIEW}.hidden..",
                "outputs": [
                    {"id": ids.IN_VIEW, "property": "children"},
                    {"id": ids.NOTHING_IN_VIEW, "property": "hidden"},
                ],
                "inputs": [{"id": ids.VIEW, "property": "data", "value": f"/journey/{person.ref}"}],
                "state": [{"id": ids.SNAPSHOT, "property": "data", "value": snapshot}],
                "changedPropIds": [f"{ids.VIEW}.data"],
            },
        )
    )
    assert answer.status_code == 410


def test_unit_costs_follow_the_store(done: Imported, tmp_path: Path) -> None:
    services = open_services(done.store)
    before = services.at(None)
    assert services.unit_cost("our_gp") is None
    file = tmp_path / "ours.csv"
    file.write_text(COSTS)
    (person,) = services.search_people("7", 5)
    costs = services.open_journey(person.ref).events["cost_pence"].tolist()
    price_store(
        done.store, unit_costs=(file,), price_year=None, now=done.store.current().created_at
    )
    assert services.open_journey(person.ref).events["cost_pence"].tolist() != costs
    line = services.unit_cost("our_gp")
    assert line is not None
    assert line.cost_pence == 9900
    assert before.unit_cost("our_gp") is None


def test_unit_costs_that_come_just_after_their_snapshot_are_seen(
    done: Imported, tmp_path: Path
) -> None:
    services = open_services(done.store)
    assert services.unit_cost("our_gp") is None
    file = tmp_path / "ours.csv"
    file.write_text(COSTS)
    done.store.keep_unit_costs((file,))
    assert services.unit_cost("our_gp") is not None


def test_an_empty_store_has_nobody_and_opens_where_files_are_added(tmp_path: Path) -> None:
    store = Store(tmp_path / "none")
    services = open_services(store)
    assert services.search_people("", 5) == []
    assert services.method().rules
    assert choose_opening(store, "/") == "/data"
    with pytest.raises(StoreError, match="holds no records"):
        services.open_journey("x")


def test_a_damaged_store_opens_where_it_can_be_gone_back(read: Read, done: Imported) -> None:
    add(read, done.store, range(2, 3))
    assert choose_opening(done.store, "/journey/x") == "/journey/x"
    done.store.current().table("events").unlink()
    assert choose_opening(done.store, "/") == "/data/snapshots"
    done.store.go_back(done.store.snapshots()[0])
    assert choose_opening(done.store, "/") == "/"


def test_a_damaged_store_without_another_snapshot_is_refused(done: Imported) -> None:
    done.store.current().table("events").unlink()
    with pytest.raises(StoreError, match="missing or damaged"):
        choose_opening(done.store, "/")
