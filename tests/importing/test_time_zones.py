"""The machine's own time zone changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, sys
from datetime import datetime, UTC
from pathlib import Path
from theograph.importing import ImportOptions, import_extracts
from theograph.journey import journey_document
from theograph.reading import open_records
from theograph.store import Store
folder = Path(sys.argv[1])
store = Store(folder / sys.argv[2])
now = datetime(2026, 6, 1, tzinfo=UTC)
import_extracts([folder / "events.csv"], store, options=ImportOptions(), now=now)
records = open_records(store.current())
print(json.dumps(journey_document(records.read_journey(records.find_person("7")))["events"]))
"""
STARTS = {
    "2024-03-31T01:30": "2024-03-31T01:30:00",
    "2024-03-31T01:30:00Z": "2024-03-31T02:30:00",
    "2024-10-27T01:30": "2024-10-27T01:30:00",
    "2024-10-27T00:30:00Z": "2024-10-27T01:30:00",
    "2024-10-27T01:30:00Z": "2024-10-27T01:30:00",
    "2024-02-29": "2024-02-29",
    "2024-07-01T23:30:00Z": "2024-07-02T00:30:00",
}
ZONES = ("Pacific/Auckland", "America/Los_Angeles")


def test_events_are_the_same_in_every_zone(tmp_path: Path) -> None:
    rows = "".join(f"7,{start},gp,GP consultation,e{n}\n" for n, start in enumerate(STARTS))
    (tmp_path / "events.csv").write_text("person_id,start,sector,kind,event_id\n" + rows)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path), f"store{number}"],
            stdout=subprocess.PIPE,
            env=os.environ | {"TZ": zone},
        )
        for number, zone in enumerate(ZONES)
    ]
    answers = [json.loads(process.communicate()[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0]
    for event in (*answers[0], *answers[1]):
        del event["person_ref"]  # each store has its own salt
    assert answers[0] == answers[1]
    found = {event["event_id"]: event["start"] for event in answers[0]}
    assert found == {f"e{n}": start for n, start in enumerate(STARTS.values())}
