"""Everyone is screened, however many at a time."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.opportunities.journeys import CONCEPTS, assemble
from tests.opportunities.stores import to_arrow
from theograph.opportunities import screen
from theograph.opportunities.engine import ORDER, READ
from theograph.opportunities.rulebook import Rulebook
from theograph.record.tables import OPPORTUNITIES

PEOPLE = 40
RANDOM = assemble(range(PEOPLE), range(20), 0)
RULEBOOK = Rulebook(MappingProxyType(RANDOM.rules), MappingProxyType(CONCEPTS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tables of a snapshot of random journeys."""
    for table in READ:
        rows = to_arrow(table, RANDOM.tables[table.name])
        if "person_ref" in table.names:
            rows = rows.sort_by("person_ref")
        pq.write_table(rows, tmp_path / f"{table.name}.parquet")
    return tmp_path


def read_found(folder: Path) -> pa.Table:
    return pq.read_table(folder / "opportunities.parquet").cast(OPPORTUNITIES.schema)


def count_slices(folder: Path) -> int:
    told: list[float] = []
    screen.screen_people(
        folder, RULEBOOK, as_of=RANDOM.as_of, progress=lambda _, done: told.append(done)
    )
    return len(told) - 1


def test_so_many_at_a_time_is_as_all_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    screen.screen_people(folder, RULEBOOK, as_of=RANDOM.as_of)
    together = read_found(folder)
    monkeypatch.setattr(screen, "FEWEST_AT_ONCE", 1)
    count = screen.screen_people(
        folder, RULEBOOK, as_of=RANDOM.as_of, at_once=7, progress=lambda _, done: told.append(done)
    )
    assert told == [0, *(pytest.approx(number / 6) for number in range(1, 7))]
    assert read_found(folder).equals(together)
    assert count == together.num_rows > PEOPLE
    assert not list(folder.glob(".screened*"))


def test_whoever_is_screened_stands_in_the_order_of_the_table(folder: Path) -> None:
    screen.screen_people(folder, RULEBOOK, as_of=RANDOM.as_of)
    found = read_found(folder)
    assert found.equals(found.sort_by([(name, "ascending") for name in ORDER]))


def test_the_cores_share_people_evenly_unless_they_are_few(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(screen, "FEWEST_AT_ONCE", 1)
    assert count_slices(folder) == 2
    monkeypatch.setattr(screen, "FEWEST_AT_ONCE", PEOPLE)
    assert count_slices(folder) == 1


def test_without_people_the_table_is_there_and_empty(folder: Path) -> None:
    for table in READ:
        pq.write_table(table.schema.empty_table(), folder / f"{table.name}.parquet")
    assert screen.screen_people(folder, RULEBOOK, as_of=RANDOM.as_of) == 0
    assert read_found(folder).schema.names == list(OPPORTUNITIES.names)
