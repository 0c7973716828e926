"""A dry run or an import: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.app.components.data_tray import say_files
from theograph.app.data_address import write_data_path
from theograph.app.data_facts import TRIED, Job
from theograph.progress import say_share

_DOING = {"try": "Trying", "import": "Importing"}
_COUNTS = {
    "rows_read": "rows read",
    "kept": "kept",
    "duplicates": "duplicate",
    "set_aside": "set aside",
}


def build_job(job: Job | None, *, trouble: str = "") -> list[Component]:
    """The job that runs or the last that ended; nothing before the first.

    `trouble` says why another could not begin.
    """
    said = [html.P(trouble, className="tg-card tg-data-trouble", role="alert")] if trouble else []
    if job is None:
        return [*said]
    return [*said, _build_running(job) if job.state == "running" else _build_ended(job)]


def count_rows(report: Mapping[str, Any]) -> list[Component]:
    """The totals of an account as tiles."""
    return [
        html.Div(
            [
                html.Span(f"{report['totals'][count]:,}", className="tg-tile-figure"),
                html.Span(words, className="tg-tile-label"),
            ],
            className="tg-tile",
        )
        for count, words in _COUNTS.items()
    ]


def say_people(count: int) -> str:
    """`1 person` or `12 people`."""
    return "1 person" if count == 1 else f"{count:,} people"


def say_events(count: int) -> str:
    """`1 event` or `12 events`."""
    return "1 event" if count == 1 else f"{count:,} events"


def say_how_far(job: Job) -> dict[str, dict[str, str]]:
    """What changes of a job while it runs: properties of the parts of its panel, by their ids."""
    return {
        # without a value the bar only moves
        ids.DATA_JOB_BAR: {"value": str(round(job.done, 3))} if job.done else {},
        ids.DATA_JOB_SHARE: {"children": say_share(job.done) if job.done else ""},
        ids.DATA_JOB_STAGE: {"children": f"{job.stage}…"},
    }


def _build_running(job: Job) -> Component:
    name = f"{_DOING[job.kind]} {say_files(len(job.files))}"
    far: dict[str, Any] = say_how_far(job)
    bar, share, stage = ({"id": part, **properties} for part, properties in far.items())
    return html.Section(
        [
            html.H2(name),
            html.Div(
                [
                    html.Progress(**bar, max="1", **aria(label=f"{name}: how far")),
                    html.Span(**share, className="tg-job-share"),
                    html.Button("Cancel", id=ids.DATA_CANCEL, type="button", className="tg-button"),
                ],
                className="tg-job-line",
            ),
            html.P(**stage, className="tg-note", role="status"),
        ],
        className="tg-card tg-job",
        **aria(label="What is being done"),
    )


def _build_ended(job: Job) -> Component:
    title, said = _say_end(job)
    links: list[Component] = []
    if job.report is not None:
        name = TRIED if job.kind == "try" else str(job.report["snapshot"] or "")
        links.append(dcc.Link("See what became of every row", href=write_data_path("report", name)))
    if job.kind == "import" and job.state == "done":
        links.insert(0, dcc.Link("See the journeys", href="/", className="btn btn-primary"))
    counts = [] if job.report is None else count_rows(job.report)
    return html.Section(
        [
            html.H2(title),
            html.P(said, role="status"),
            *([html.Div(counts, className="tg-job-counts")] if counts else []),
            *([html.Div(links, className="tg-job-links")] if links else []),
        ],
        className=f"tg-card tg-job tg-job-{job.state}",
        **aria(label="What was done"),
    )


def _say_end(job: Job) -> tuple[str, str]:
    files = say_files(len(job.files))
    if job.state == "cancelled":
        return "Cancelled", "The records are as they were. The files wait here still."
    if job.state == "failed":
        return "Nothing was imported" if job.kind == "import" else "Nothing could be tried", (
            job.error or ""
        )
    report = job.report or {}
    people, events = report.get("people", 0), report.get("events", 0)
    holds = f"{say_people(people)} and {say_events(events)}"
    if job.kind == "try":
        return f"Tried {files}", f"Nothing was kept. The records would hold {holds}."
    return f"Imported {files}", f"The records now hold {holds}."
