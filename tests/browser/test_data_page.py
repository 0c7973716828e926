"""A first-time user brings files to the Data page, with everything that may be wrong with them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from theograph.app import create_app
from theograph.data_desk import open_desk
from theograph.importing import ImportOptions, import_extracts
from theograph.serving import open_services
from theograph.store import Store

pytestmark = pytest.mark.browser
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)

SEVEN_COLUMNS = """Client_ID,Event_ID,Start_Date,End_Date,Event_Type,Event_Subtype,Event_Desc
1234,A1,13/01/2023,17/01/2023,Acute Inpatient,General medicine,Emergency admission
1234,A2,15/02/2023,15/02/2023,GP,Consultation,review
1234,A3,18/02/2023,,ASC Long Term,Home Care,twice a day
"""
MISTAKES = """person_id,start,end,sector,kind,status,mode,cost_gbp
A1,2024-01-05,,gp,GP consultation,,,40
A1,2024-02-30,,gp,GP consultation,,,40
A1,2024-03-05,2024-03-01,hospital,Emergency admission,,,1000
A1,2024-03-06,,dentist,Check-up,,,20
,2024-03-07,,gp,GP consultation,,,40
A1,,,gp,GP consultation,,,40
A1,1850-01-01,,gp,GP consultation,,,40
A1,2024-01-05,,gp,GP consultation,,,40
A1,2024-03-08,,gp,,,,40
A1,2024-03-09,,gp,GP consultation,maybe,,40
A1,2024-03-11,,gp,GP consultation,,,forty
A1,2024-03-12,,gp,GP consultation,,,40,one,too many
"""
SAID = {
    "has a start that is not a date": 3,
    "has its end before its start": 4,
    "has an unknown sector": 5,
    "says not whose it is": 6,
    "has no start": 7,
    "has an implausible start": 8,
    "is the same row again": 9,
    "has no kind": 10,
    "has an unknown status": 11,
    "has a cost that is not an amount": 12,
    "has more cells than the header": 13,
}
MARKUP = '<img src=x onerror="document.title=1">'
OWN_LAYOUT = f"""patient no,seen on,clinic,notes
77,2024-03-01,Leg ulcer clinic,{MARKUP.replace('"', "")}
78,2024-03-08,Leg ulcer clinic,dressing
"""
DROP = """([name, text]) => {
  const held = new DataTransfer();
  held.items.add(new File([text], name));
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true });
    document.getElementById("data-drop").dispatchEvent(event);
  }
}"""


@dataclass
class Bringing:
    """A visit to an app over a store of its own, and what is done on its Data page."""

    visit: Any
    store: Store

    @property
    def page(self) -> Page:
        return self.visit.page

    def drop(self, name: str, text: str) -> None:
        """Drop a file and wait until it lies on the page."""
        before = self.page.locator(".tg-tray-file").count()
        self.page.evaluate(DROP, [name, text])
        expect(self.page.locator(".tg-tray-file")).to_have_count(before + 1)

    def do(self, button: str, ends: str) -> None:
        """Press a button and wait until its job has ended."""
        self.page.get_by_role("button", name=button).click()
        expect(self.page.locator(".tg-job h2")).to_have_text(ends, timeout=60_000)


@pytest.fixture
def bringing(
    window: BrowserContext, serving: Any, visiting: Any, tmp_path: Path
) -> Iterator[Bringing]:
    """An app over a store without records."""
    store = Store(tmp_path / "store")
    with open_desk(store) as desk:
        app = create_app(replace(open_services(store), desk=desk))
        with serving(app) as address:
            for visit in visiting(window, address):
                yield Bringing(visit, store)


def peer_text() -> str:
    """The peer's own sample where it lies; else one like it."""
    folder = os.environ.get("THEOGRAPH_PEER_DATA", "")
    file = Path(folder) / "necs-theograph" / "Input_dataset.csv"
    return file.read_text("utf-8-sig") if folder and file.is_file() else SEVEN_COLUMNS


@pytest.mark.parametrize("peer", [False, True])
def test_a_first_file_is_dropped_and_its_journey_seen(bringing: Bringing, peer: bool) -> None:
    text = peer_text() if peer else SEVEN_COLUMNS
    if peer and text == SEVEN_COLUMNS:
        pytest.skip("set THEOGRAPH_PEER_DATA to the folder of peer extracts")
    page = bringing.visit.open("/")
    page.get_by_role("link", name="Add files").click()
    expect(page.locator("#page-title")).to_have_text("Data")
    expect(page.get_by_text("No records yet: drop files here")).to_be_visible()
    assert bringing.visit.find_axe_violations() == []
    bringing.drop("Input_dataset.csv", text)
    expect(page.locator(".tg-sheet-said")).to_contain_text("NECS TheoGraph, seven columns")
    expect(page.locator(".tg-sheet-facts")).to_contain_text("day first")
    assert bringing.visit.find_axe_violations() == []
    bringing.do("Import 1 file", "Imported 1 file")
    expect(page.locator(".tg-tray-file")).to_have_count(0)
    assert bringing.visit.find_axe_violations() == []
    page.get_by_role("link", name="See the journeys").click()
    page.locator(".tg-person").first.click()
    bringing.visit.wait_for_picture()
    assert bringing.store.current().rows["events"] >= 3


def test_every_mistake_in_a_file_is_learned_of_with_its_line(bringing: Bringing) -> None:
    page = bringing.visit.open("/data")
    bringing.drop("mistakes.csv", MISTAKES)
    bringing.do("Try first, keep nothing", "Tried 1 file")
    assert bringing.store.current_or_none() is None
    expect(page.locator(".tg-tray-file")).to_have_count(1)
    page.get_by_role("link", name="See what became of every row").click()
    told = page.get_by_role("region", name="mistakes.csv", exact=True)
    for reason, line in SAID.items():
        expect(told).to_contain_text(f"{reason} (line {line})")
    expect(page.locator(".tg-report-files tbody tr")).to_contain_text("12")
    assert bringing.visit.find_axe_violations() == []
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download as CSV").click()
    assert "has no kind" in Path(kept.value.path()).read_text("utf-8")


def test_a_cancelled_import_leaves_the_records_as_they_were(
    bringing: Bringing, tmp_path: Path
) -> None:
    page = bringing.visit.open("/data")
    bringing.drop("one.csv", SEVEN_COLUMNS)
    bringing.do("Import 1 file", "Imported 1 file")
    before = bringing.store.current().name
    expect(page.locator(".tg-tray-file")).to_have_count(0)
    bringing.drop("two.csv", SEVEN_COLUMNS.replace("1234", "99"))
    with bringing.store.writing():  # it waits its turn, so that there is time to cancel it
        page.get_by_role("button", name="Import 1 file").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        assert bringing.visit.find_axe_violations() == []
        page.reload()  # the job goes on, and the page finds it again
        expect(page.get_by_role("heading", name="Importing 1 file")).to_be_visible()
        expect(page.get_by_role("button", name="Import 1 file")).to_be_disabled()
        cancel = page.get_by_role("button", name="Cancel")
        cancel.focus()
        with page.expect_response(lambda answer: '"data-job-stage"' in answer.text()):
            pass  # how far it is has been told again
        expect(cancel).to_be_focused()
        cancel.press("Enter")
        expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    assert bringing.store.current().name == before
    expect(page.locator(".tg-tray-name")).to_have_text("two.csv")
    expect(page.get_by_role("button", name="Import 1 file")).to_be_enabled()


def test_an_unknown_layout_is_read_once_its_columns_are_chosen(bringing: Bringing) -> None:
    page = bringing.visit.open("/data")
    bringing.drop(f"{MARKUP}.csv", OWN_LAYOUT)
    expect(page.locator(".tg-tray-name")).to_contain_text("_img src_x onerror_")
    expect(page.locator(".tg-sheet-said")).to_contain_text("Not a layout that is known")
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    assert bringing.visit.find_axe_violations() == []
    expect(page.get_by_label("Starts (needed)")).to_have_value("column:seen on")
    page.get_by_role("button", name="Read it so").click()
    expect(page.get_by_role("alert").filter(has_text="Provider")).to_be_visible()
    page.get_by_label("Provider in every row").fill("Elm Tree Clinic")
    bringing.drop("seven.csv", SEVEN_COLUMNS)  # which leaves what is being chosen as it is
    page.get_by_label("Sector (needed)").select_option(label="Every row: Outpatients")
    page.get_by_role("button", name="Read it so").click()
    expect(page.locator(".tg-sheet-said")).to_have_text("Read by the columns you chose.")
    page.get_by_role("button", name="Keep this mapping").click()
    expect(page.locator(".tg-sheet-said")).to_contain_text("Read by your mapping")
    assert bringing.visit.find_axe_violations() == []
    read = page.get_by_role("region", name=re.compile("as events"))
    expect(read).to_contain_text("Elm Tree Clinic")
    expect(read).to_contain_text("Outpatients")
    expect(read).to_contain_text(MARKUP.replace('"', ""))
    assert page.locator("#data-sheets img").count() == 0
    assert page.title() == "Data · Theograph"
    bringing.do("Import 2 files", "Imported 2 files")
    assert bringing.store.current().rows["events"] == 5
    expect(page.locator(".tg-tray-file")).to_have_count(0)
    bringing.drop("next month.csv", OWN_LAYOUT.replace("03-", "04-"))
    expect(page.locator(".tg-tray-layout")).to_have_text("Your mapping")
    bringing.do("Import 1 file", "Imported 1 file")
    assert bringing.store.current().rows["events"] == 7


def test_snapshots_and_coverage_are_seen_and_gone_back_to(bringing: Bringing) -> None:
    page = bringing.visit.open("/data/snapshots")
    expect(page.get_by_role("heading", name="There is no snapshot yet")).to_be_visible()
    for name, text in (("one.csv", SEVEN_COLUMNS), ("two.csv", MISTAKES)):
        import_text(bringing.store, name, text)
    bringing.visit.open("/data/coverage")
    expect(page.locator("#data-coverage .main-svg").first).to_be_visible()
    assert bringing.visit.find_axe_violations() == []
    first, second = bringing.store.snapshots()
    page.get_by_role("link", name="Snapshots").click()
    expect(page.locator(".tg-snapshots tbody tr")).to_have_count(2)
    page.get_by_text("Go back to it…").press("Enter")
    assert bringing.visit.find_axe_violations() == []
    assert bringing.store.current().name == second
    page.get_by_role("button", name="Go back to").press("Enter")
    expect(page.locator(".tg-snapshot-current")).to_contain_text(first)
    assert bringing.store.current().name == first


def test_an_open_page_keeps_its_records_until_they_are_let_go(bringing: Bringing) -> None:
    import_text(bringing.store, "1.csv", SEVEN_COLUMNS)
    page = bringing.visit.open("/")
    page.locator(".tg-person").first.click()
    bringing.visit.wait_for_picture()
    import_text(bringing.store, "2.csv", SEVEN_COLUMNS.replace("1234,A", "1234,B"))
    page.get_by_label("Costs").first.click()
    expect(page.locator("#events-in-view")).to_contain_text("3")
    for number in (3, 4, 5):
        text = SEVEN_COLUMNS.replace("1234,A", f"1234,{number}-")
        import_text(bringing.store, f"{number}.csv", text)
    page.locator(".ag-center-cols-container .ag-row").first.click()
    trouble = page.get_by_role("alert").filter(has_text="Newer imports have taken the place")
    trouble.get_by_role("button", name="Load it again").click()
    bringing.visit.wait_for_picture()
    expect(page.locator("#events-in-view")).to_contain_text("15")
    bringing.visit.complaints.clear()  # the browser itself reports the 410 as an error


def test_files_are_chosen_and_let_go_by_keyboard_alone(bringing: Bringing, tmp_path: Path) -> None:
    file = tmp_path / "seven.csv"
    file.write_text(SEVEN_COLUMNS)
    page = bringing.visit.open("/data")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").press("Enter")
    chooser.value.set_files([file])
    expect(page.locator(".tg-tray-file")).to_have_count(1)
    page.get_by_role("button", name="Remove seven.csv").press("Enter")
    expect(page.locator(".tg-tray-file")).to_have_count(0)
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()


def test_a_file_too_large_is_refused_before_it_is_sent(bringing: Bringing) -> None:
    page = bringing.visit.open("/data")
    page.locator("#data-drop").evaluate("(zone) => { zone.dataset.mostBytes = '10'; }")
    page.evaluate(DROP, ["large.csv", "x" * 11])
    failed = page.locator(".tg-upload-failed")
    expect(failed).to_contain_text("More than 100 MB in all")
    assert bringing.visit.find_axe_violations() == []
    failed.get_by_role("button", name="Dismiss").click()
    expect(failed).to_have_count(0)


def import_text(store: Store, name: str, text: str) -> None:
    """Import a file as another program would."""
    folder = store.path.parent / "extracts"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    import_extracts([folder / name], store, options=ImportOptions(), now=NOW)
