"""The app as a whole: its pages, and that nothing is shared between two of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import plotly
from dash.development.base_component import Component

from theograph.app import create_app, ids
from theograph.app.application import build_page
from theograph.app.assets import PLOTLY, find_assets
from theograph.app.components.person_search import describe_rest


def words_of(component: Any) -> str:
    """Everything a component says, its figures left out."""
    if isinstance(component, Component):
        return words_of(getattr(component, "children", None))
    if isinstance(component, list | tuple):
        return " ".join(words_of(part) for part in component)
    return "" if component is None else str(component)


def test_two_apps_in_one_process_answer_for_themselves(invented: ModuleType) -> None:
    first = create_app(invented.make_services())
    second = create_app(invented.make_services(), synthetic=True)
    assert first.callback_map.keys() == second.callback_map.keys()
    for app, badge in ((first, False), (second, True)):
        client = app.server.test_client()
        assert client.get("/").status_code == 200
        assert ("Synthetic data" in client.get("/_dash-layout").get_data(as_text=True)) is badge
        assert len(json.loads(client.get("/_dash-dependencies").data)) == len(app.callback_map)


def test_every_id_is_used_once_on_a_page(invented: ModuleType) -> None:
    page = build_page(invented.make_services(), "/journey/winifred01", "")
    found = [part.id for part in page._traverse() if getattr(part, "id", None) is not None]
    assert len(found) == len(set(found))
    known = {value for name, value in vars(ids).items() if name.isupper()}
    assert {re.sub("-words$", "", name) for name in found} <= known


def test_the_page_says_who_what_and_how_sure(invented: ModuleType) -> None:
    page = words_of(build_page(invented.make_services(), "/journey/winifred01", "?e=0"))
    for words in (
        invented.CANARY_NAME,
        "78 · Female · Deprivation decile 4 · Socio-economic category not recorded",
        "Frailty: moderate → severe",
        "12 medicines",
        "The sources disagree: sex: female (gp), male (ed)",
        "emergency admission",
        "Costs: £5,123 recorded, £5,540 tariff 2024/25, 1 event not costed",
        "Data to 31 Mar 2025",
        "A timeline of 45 events",
    ):
        assert words in page, words


def test_what_is_not_recorded_is_said_and_never_filled_in(invented: ModuleType) -> None:
    page = words_of(build_page(invented.make_services(), "/journey/many000003", ""))
    for fact in ("Age", "Sex", "Deprivation", "Socio-economic category", "Household", "Frailty"):
        assert f"{fact} not recorded" in page


def test_pages_that_have_nothing_to_show(invented: ModuleType) -> None:
    services = invented.make_services()
    said = {
        "/journey/nobody": "This person is not in the store",
        "/elsewhere": "There is no such page",
        "/journey/blank00002": "No events are recorded for this person",
    }
    for path, words in said.items():
        assert words in words_of(build_page(services, path, "?e=3&q=x"))


def test_a_list_cut_short_says_so() -> None:
    assert describe_rest(26, 25) == "First 25 shown. Type more to narrow the list."
    assert describe_rest(25, 25) == ""
    assert describe_rest(0, 25).startswith("Nobody")


def test_no_store_holds_a_row_of_an_event(invented: ModuleType) -> None:
    page = build_page(invented.make_services(), "/journey/winifred01", "?e=3")
    stores = [part for part in page._traverse() if type(part).__name__ == "Store"]
    assert stores
    for store in stores:
        assert len(str(store.data)) < 100
        assert invented.CANARY_NUMBER not in str(store.data)


def test_the_vendored_plotly_is_the_one_that_plotly_brings() -> None:
    text = (find_assets() / PLOTLY).read_text("utf-8")[:200]
    assert f"v{plotly.offline.get_plotlyjs_version()}" in text


def test_vendored_files_bring_their_licence_and_no_source_map() -> None:
    vendor = find_assets() / "vendor"
    for folder in vendor.iterdir():
        assert (folder / "LICENSE").is_file(), folder.name
    for file in [*vendor.rglob("*.css"), *vendor.rglob("*.js")]:
        assert "sourceMappingURL" not in file.read_text("utf-8"), file.name


def test_stylesheets_take_their_colours_from_the_tokens() -> None:
    for name in ("theograph.css", "print.css"):
        text = (find_assets() / name).read_text("utf-8")
        assert not re.findall(r"#[0-9a-f]{6}\b", text), name


def test_callbacks_are_registered_in_functions_only() -> None:
    sources = Path(find_assets().parent / "theograph" / "app").rglob("*.py")
    for source in sources:
        assert not re.search(r"^@.*callback", source.read_text("utf-8"), re.M), source.name
