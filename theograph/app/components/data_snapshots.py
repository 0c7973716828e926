"""The snapshots kept: what each holds, and going back to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.data_address import write_data_path
from theograph.app.data_facts import SnapshotLine

_MADE_BY = {"import": "Import", "price": "Pricing again", "detect": "Applying rules again"}
_COUNTED = ("people", "events", "conditions", "measures", "opportunities")


def build_snapshots(
    lines: Sequence[SnapshotLine], *, busy: bool, trouble: str = ""
) -> list[Component]:
    """A table of the snapshots, each beside what it holds more or less than the one before.

    `trouble` says why it could not be gone back to one.
    """
    if not lines:
        return [_build_none()]
    heads = ("Made", "By", *(name.capitalize() for name in _COUNTED), "Report", "In force")
    older = [*lines[1:], None]
    rows = [_build_row(line, than, busy=busy) for line, than in zip(lines, older, strict=True)]
    head = html.Tr([html.Th(name, scope="col") for name in heads])
    said = [html.P(trouble, className="tg-card tg-data-trouble", role="alert")] if trouble else []
    return [
        *said,
        html.Section(
            [
                html.P(
                    "Every import makes a snapshot; three of them are kept. Under each count: "
                    "how many more or fewer than in the snapshot before it.",
                    className="tg-note",
                ),
                html.Table(
                    [html.Thead(head), html.Tbody(rows)], className="tg-method-table tg-snapshots"
                ),
            ],
            className="tg-card tg-report-part",
        ),
    ]


def _build_none() -> Component:
    return html.Div(
        [
            html.H2("There is no snapshot yet"),
            html.P("Every import makes one, so that you can go back to how it was."),
            dcc.Link("Add files", href=write_data_path()),
        ],
        className="tg-card tg-empty",
    )


def say_when(line: SnapshotLine) -> str:
    """`22 Nov 2026, 09:31`; the snapshot's name where its manifest cannot be read."""
    return line.name if line.created_at is None else f"{line.created_at:%-d %b %Y, %H:%M}"


def _build_row(line: SnapshotLine, older: SnapshotLine | None, *, busy: bool) -> Component:
    name = html.Th(
        [html.Span(say_when(line)), html.Span(line.name, className="tg-costs-note")], scope="row"
    )
    if line.rows is None:
        error = html.Td(line.error, colSpan=len(_COUNTED) + 1, className="tg-sheet-wants")
        return html.Tr([name, html.Td(), error, html.Td("In force" if line.current else "")])
    before = older.rows if older is not None else None
    counts = [_build_count(line.rows, before, table) for table in _COUNTED]
    report = dcc.Link("Report", href=write_data_path("report", line.name)) if line.reported else "–"
    return html.Tr(
        [
            name,
            html.Td(_MADE_BY.get(line.made_by or "", "")),
            *counts,
            html.Td(report),
            html.Td(_build_force(line, busy=busy)),
        ],
        className="tg-snapshot-current" if line.current else "",
    )


def _build_count(
    rows: Mapping[str, int], before: Mapping[str, int] | None, table: str
) -> Component:
    count = rows.get(table, 0)
    change = count - before.get(table, 0) if before is not None else 0
    said = [html.Span(f"{change:+,}", className="tg-costs-note")] if change else []
    return html.Td([html.Span(f"{count:,}"), *said], className="tg-number")


def _build_force(line: SnapshotLine, *, busy: bool) -> Component:
    if line.current:
        return html.Strong("In force")
    return html.Details(
        [
            html.Summary("Go back to it…"),
            html.P(
                "New pages then show these records; pages that are open keep theirs until they "
                "are loaded again. Nothing is deleted."
            ),
            html.Button(
                f"Go back to {say_when(line)}",
                id={"part": ids.DATA_GO_BACK, "name": line.name},
                type="button",
                className="btn btn-primary",
                disabled=busy,
            ),
        ],
        className="tg-go-back",
    )
