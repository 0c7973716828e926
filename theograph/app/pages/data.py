"""The Data page: files in, what became of every row, how far it reaches, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.app.components.data_coverage import build_coverage
from theograph.app.components.data_drop import build_drop
from theograph.app.components.data_job import build_job
from theograph.app.components.data_report import build_report, list_reports
from theograph.app.components.data_sheet import build_sheets
from theograph.app.components.data_snapshots import build_snapshots
from theograph.app.components.data_tray import build_tray, choose_opened, find_waiting
from theograph.app.data_address import DataAddress, Tab, write_data_path
from theograph.app.data_facts import DataDesk

TABS: Mapping[Tab, str] = {
    "files": "Add files",
    "report": "What was read",
    "coverage": "Coverage",
    "snapshots": "Snapshots",
}
TICK_MS = 500
_DEMO = (
    "This is the demo's own store of invented people. Try files here freely; keep real records "
    "in a store of their own: "
)


def build_data_page(desk: DataDesk, address: DataAddress) -> Component:
    """The page at `address`."""
    return html.Div(
        [
            html.Div([_build_title(), *_build_demo_note(desk)], className="tg-method-head"),
            html.Nav(_build_tabs(desk, address), className="tg-method-tabs", **aria(label="Data")),
            html.Div(_build_tab(desk, address), className=f"tg-data-{address.tab}"),
        ],
        className="tg-page tg-data",
    )


def build_file_parts(desk: DataDesk, opened: str) -> tuple[list[Component], list[Component], str]:
    """The tray, the file that is open, and which that is."""
    opened = choose_opened(desk, opened)
    file = find_waiting(desk.list_files(), opened)
    sheets = [] if file is None else build_sheets(desk, file)
    return build_tray(desk, opened, busy=is_busy(desk)), sheets, opened


def is_busy(desk: DataDesk) -> bool:
    """Whether a job runs."""
    job = desk.job()
    return job is not None and job.state == "running"


def name_job_state(desk: DataDesk) -> str:
    """The state of the last job; empty before the first."""
    job = desk.job()
    return "" if job is None else job.state


def _build_tab(desk: DataDesk, address: DataAddress) -> list[Component]:
    if address.tab == "report":
        return build_report(desk, address.name)
    if address.tab == "coverage":
        return build_coverage(desk.read_coverage())
    if address.tab == "snapshots":
        return [
            html.Div(
                build_snapshots(desk.list_snapshots(), busy=is_busy(desk)), id=ids.DATA_SNAPSHOTS
            )
        ]
    return _build_files_tab(desk)


def _build_files_tab(desk: DataDesk) -> list[Component]:
    tray, sheets, opened = build_file_parts(desk, "")
    return [
        dcc.Store(id=ids.DATA_STAMP, data=""),
        dcc.Store(id=ids.DATA_OPENED, data=opened),
        dcc.Store(id=ids.DATA_JOB_STATE, data=name_job_state(desk)),
        dcc.Interval(id=ids.DATA_TICK, interval=TICK_MS, disabled=not is_busy(desk)),
        html.Div(build_job(desk.job()), id=ids.DATA_JOB, tabIndex=-1),
        build_drop(desk.command, empty=not desk.list_snapshots()),
        html.Div(
            [
                html.Div(html.Div(tray, id=ids.DATA_TRAY), className="tg-data-side"),
                html.Div(sheets, id=ids.DATA_SHEETS),
            ],
            className="tg-data-columns",
        ),
    ]


def _build_title() -> Component:
    return html.Div(
        [
            html.H1("Data", id=ids.PAGE_TITLE, tabIndex=-1),
            html.P(
                "Drop extracts as they come: every row of them is read, or set aside with its "
                "reason and its line.",
                className="tg-method-lead",
            ),
        ]
    )


def _build_demo_note(desk: DataDesk) -> list[Component]:
    if not desk.demo:
        return []
    return [
        html.P(
            [_DEMO, html.Code("theograph serve --store DIR")],
            className="tg-data-demo",
        )
    ]


def _build_tabs(desk: DataDesk, address: DataAddress) -> Component:
    counts: dict[Tab, int] = {
        "files": len(desk.list_files()),
        "report": len(list_reports(desk)),
        "snapshots": len(desk.list_snapshots()),
    }
    return html.Ul([html.Li(_build_tab_link(tab, counts.get(tab, 0), address)) for tab in TABS])


def _build_tab_link(tab: Tab, count: int, address: DataAddress) -> Component:
    chosen = "tg-method-tab tg-tab-chosen" if tab == address.tab else "tg-method-tab"
    number = [html.Span(f"{count:,}", className="tg-method-count")] if count else []
    return dcc.Link([TABS[tab], *number], href=write_data_path(tab), className=chosen)
