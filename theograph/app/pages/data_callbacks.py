"""Keeping tray, open file, job and snapshots of the Data page in step with the desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update, set_props
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.browser import run_in_browser
from theograph.app.components.data_job import build_job, say_how_far
from theograph.app.components.data_snapshots import build_snapshots
from theograph.app.data_columns import TARGETS, WRITTEN, read_choices
from theograph.app.data_facts import DataDesk, SheetPreview
from theograph.app.pages.data import build_file_parts, is_busy, name_job_state
from theograph.errors import BusyError, TheographError

_Place = dict[str, Any]
COLUMNS_CHOSEN = "columns"  # how data.js begins a stamp that says so


def register(app: Dash, desk: DataDesk) -> None:
    """Register every callback of the Data page."""
    _register_tray(app, desk)
    _register_columns(app, desk)
    _register_forgetting(app, desk)
    _register_job(app, desk)
    _register_snapshots(app, desk)
    run_in_browser(app, "settle_data", Input(ids.PAGE, "children"), at_start=True)


def _register_tray(app: Dash, desk: DataDesk) -> None:
    @app.callback(
        Output(ids.DATA_TRAY, "children"),
        Output(ids.DATA_SHEETS, "children"),
        Output(ids.DATA_OPENED, "data"),
        Input(ids.DATA_STAMP, "data"),
        Input({"part": ids.DATA_FILE, "key": ALL}, "n_clicks"),
        Input({"part": ids.DATA_REMOVE, "key": ALL}, "n_clicks"),
        Input(ids.DATA_JOB_STATE, "data"),
        State(ids.DATA_OPENED, "data"),
        prevent_initial_call=True,
    )
    def show_files(
        stamp: str, opens: list[int | None], removes: list[int | None], state: str, opened: str
    ) -> Any:
        by = _find_press()
        if by is None:
            return no_update, no_update, no_update
        if by.get("part") == ids.DATA_REMOVE:
            with suppress(BusyError):  # of another window; what is shown now says so
                desk.remove(by["key"])
        elif by.get("part") == ids.DATA_FILE:
            opened = by["key"]
        tray, sheets, shown = build_file_parts(desk, opened)
        # What is being chosen of a file that stays open is not drawn over.
        anew = by or shown != opened or stamp.startswith(COLUMNS_CHOSEN)
        return tray, sheets if anew else no_update, shown

    run_in_browser(app, "clear_landed", Input(ids.DATA_TRAY, "children"))


def _register_columns(app: Dash, desk: DataDesk) -> None:
    @app.callback(
        Output({"part": ids.DATA_COLUMNS_SAID, "key": MATCH, "place": MATCH}, "children"),
        Output({"part": ids.DATA_CHOSEN, "key": MATCH, "place": MATCH}, "data"),
        Input({"part": ids.DATA_READ_SO, "key": MATCH, "place": MATCH}, "n_clicks"),
        State({"part": ids.DATA_COLUMN, "column": ALL, "key": MATCH, "place": MATCH}, "value"),
        State({"part": ids.DATA_WRITTEN, "column": ALL, "key": MATCH, "place": MATCH}, "value"),
        State({"part": ids.DATA_READ_SO, "key": MATCH, "place": MATCH}, "id"),
        prevent_initial_call=True,
    )
    def read_by_columns(
        clicks: int | None, values: list[str | None], words: list[str | None], where: _Place
    ) -> Any:
        sheet = _find_sheet(desk, where)
        if not clicks or sheet is None:
            return no_update, no_update
        choices = dict(zip((target.name for target in TARGETS), values, strict=True))
        written = dict(zip(WRITTEN, words, strict=True))
        try:
            columns = read_choices(sheet, choices, written)
            desk.choose_columns(where["key"], sheet.name, columns)
        except TheographError as error:
            return str(error), no_update
        return "", clicks

    run_in_browser(
        app,
        "refresh_files",
        Input({"part": ids.DATA_CHOSEN, "key": ALL, "place": ALL}, "data"),
    )


def _register_forgetting(app: Dash, desk: DataDesk) -> None:
    @app.callback(
        Output({"part": ids.DATA_CHOSEN, "key": MATCH, "place": MATCH}, "data", True),
        Input({"part": ids.DATA_READ_AS_KNOWN, "key": MATCH, "place": MATCH}, "n_clicks"),
        State({"part": ids.DATA_READ_AS_KNOWN, "key": MATCH, "place": MATCH}, "id"),
        prevent_initial_call=True,
    )
    def forget_columns(clicks: int | None, where: _Place) -> Any:
        sheet = _find_sheet(desk, where)
        if not clicks or sheet is None:
            return no_update
        desk.choose_columns(where["key"], sheet.name, None)
        return -clicks

    @app.callback(
        Output({"part": ids.DATA_CHOSEN, "key": MATCH, "place": MATCH}, "data", True),
        Input({"part": ids.DATA_KEEP, "key": MATCH, "place": MATCH}, "n_clicks"),
        State({"part": ids.DATA_KEEP, "key": MATCH, "place": MATCH}, "id"),
        prevent_initial_call=True,
    )
    def keep_columns(clicks: int | None, where: _Place) -> Any:
        sheet = _find_sheet(desk, where)
        if not clicks or sheet is None:
            return no_update
        desk.keep_columns(where["key"], sheet.name)
        return f"kept {clicks}"


def _find_sheet(desk: DataDesk, where: _Place) -> SheetPreview | None:
    sheets = desk.preview(where["key"])
    place = where["place"]
    return sheets[place] if isinstance(place, int) and 0 <= place < len(sheets) else None


def _register_job(app: Dash, desk: DataDesk) -> None:
    @app.callback(
        Output(ids.DATA_JOB, "children"),
        Output(ids.DATA_TICK, "disabled"),
        Output(ids.DATA_JOB_STATE, "data"),
        Input(ids.DATA_TICK, "n_intervals"),
        Input({"part": ids.DATA_START, "kind": ALL}, "n_clicks"),
        State(ids.DATA_JOB_STATE, "data"),
        prevent_initial_call=True,
    )
    def follow_job(ticks: int | None, starts: list[int | None], state: str) -> Any:
        by = _find_press()
        if by is None:
            return no_update, no_update, no_update
        trouble = _try_to(lambda: desk.start(by["kind"])) if "kind" in by else ""
        job, now = desk.job(), name_job_state(desk)
        if not by and job is not None and now == state == "running":
            # only what changes: a button drawn anew loses the focus, and a click that is under way
            for part, properties in say_how_far(job).items():
                set_props(part, properties)
            return no_update, no_update, no_update
        shown = build_job(job, trouble=trouble)
        return shown, not is_busy(desk), now if now != state else no_update

    run_in_browser(app, "show_job", Input(ids.DATA_JOB_STATE, "data"))

    @app.callback(
        Output(ids.DATA_TICK, "interval"),
        Input(ids.DATA_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )
    def cancel_job(clicks: int | None) -> Any:
        if clicks:
            desk.cancel()
        return no_update


def _register_snapshots(app: Dash, desk: DataDesk) -> None:
    @app.callback(
        Output(ids.DATA_SNAPSHOTS, "children"),
        Input({"part": ids.DATA_GO_BACK, "name": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def go_back(clicks: list[int | None]) -> list[Component] | Any:
        by = _find_press()
        if by is None:
            return no_update
        trouble = _try_to(lambda: desk.go_back(by["name"]))
        return build_snapshots(desk.list_snapshots(), busy=is_busy(desk), trouble=trouble)


def _find_press() -> _Place | None:
    """What set the callback off: `{}` for a plain part; None when a button was only drawn."""
    by = ctx.triggered_id
    if not isinstance(by, dict):
        return None if by is None else {}
    return by if ctx.triggered[0]["value"] else None


def _try_to(act: Callable[[], None]) -> str:
    """Do it, and answer what the user can put right when it cannot be done."""
    try:
        act()
    except TheographError as error:
        return str(error)
    return ""
