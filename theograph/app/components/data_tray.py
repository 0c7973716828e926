"""The files that wait: what each was recognised as, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.app.data_facts import DataDesk, SheetPreview, WaitingFile

_KILO = 1024


def build_tray(desk: DataDesk, opened: str, *, busy: bool) -> list[Component]:
    """The files that wait, the one that is open marked; nothing where none waits.

    While a job is `busy` with them they can be looked at, and no more.
    """
    files = desk.list_files()
    if not files:
        return []
    ready = sum(desk.is_ready(file.key) for file in files)
    total = say_size(sum(file.size_bytes for file in files))
    return [
        html.Div(
            [
                html.H2("Waiting to be read"),
                html.P(f"{say_files(len(files))}, {total}", className="tg-note"),
            ],
            className="tg-table-head",
        ),
        _build_actions(ready, len(files), busy=busy),
        html.Ul(
            [_build_file(desk, file, opened=file.key == opened, busy=busy) for file in files],
            className="tg-tray-files",
        ),
    ]


def choose_opened(desk: DataDesk, opened: str) -> str:
    """The file to show: the one that is open, or else the first that waits; empty for none."""
    keys = [file.key for file in desk.list_files()]
    return opened if opened in keys else next(iter(keys), "")


def describe_file(desk: DataDesk, file: WaitingFile) -> str:
    """What the file was recognised as, or what it wants."""
    sheets = desk.glance(file.key)
    known = list(dict.fromkeys(_name_layout(desk, file, sheet) for sheet in sheets))
    titles = [title for title in known if title]
    if len(titles) > 1:
        return f"{len(titles)} layouts: {'; '.join(titles)}"
    if titles and len(titles) == len(known):
        return titles[0]
    if titles:
        return f"{titles[0]}; other tables not recognised"
    if any(sheet.headers for sheet in sheets):
        return "Not recognised: say which column is which"
    return "Cannot be read"


def say_size(size_bytes: int) -> str:
    """`1.4 MB`, `37 KB` or `210 bytes`."""
    if size_bytes >= _KILO * _KILO:
        return f"{size_bytes / _KILO / _KILO:,.1f} MB"
    return f"{size_bytes / _KILO:,.0f} KB" if size_bytes >= _KILO else f"{size_bytes} bytes"


def say_files(count: int) -> str:
    """`1 file` or `3 files`."""
    return "1 file" if count == 1 else f"{count:,} files"


def _name_layout(desk: DataDesk, file: WaitingFile, sheet: SheetPreview) -> str | None:
    if desk.chosen_columns(file.key, sheet.name) is not None:
        kept = desk.keeps_columns(file.key, sheet.name)
        return "Your mapping" if kept else "Columns as you chose them"
    return sheet.title or desk.name_family(file.key, sheet.name)


def _build_file(desk: DataDesk, file: WaitingFile, *, opened: bool, busy: bool) -> Component:
    ready = desk.is_ready(file.key)
    return html.Li(
        [
            html.Button(
                [
                    html.Span(file.label, className="tg-tray-name"),
                    html.Span(say_size(file.size_bytes), className="tg-tray-size"),
                    html.Span(
                        describe_file(desk, file),
                        className="tg-tray-layout" if ready else "tg-tray-layout tg-tray-wants",
                    ),
                ],
                id={"part": ids.DATA_FILE, "key": file.key},
                type="button",
                className="tg-tray-open",
                **(aria(current="true") if opened else {}),
            ),
            html.Button(
                "Remove",
                id={"part": ids.DATA_REMOVE, "key": file.key},
                type="button",
                className="tg-button",
                disabled=busy,
                **aria(label=f"Remove {file.label}"),
            ),
        ],
        className="tg-tray-file",
    )


def _build_actions(ready: int, waiting: int, *, busy: bool) -> Component:
    idle = busy or not ready
    left = waiting - ready
    label = f"Import {say_files(ready)}" if ready else "Import"
    said = "1 file is left out: open it" if left == 1 else f"{left:,} files are left out: open one"
    note = f"{said} to see what it wants."
    return html.Div(
        [
            _build_start("import", label, "btn btn-primary", disabled=idle),
            _build_start("try", "Try first, keep nothing", "tg-button", disabled=idle),
            *([html.P(note, className="tg-note")] if left else []),
        ],
        className="tg-tray-actions",
    )


def _build_start(kind: str, label: str, look: str, *, disabled: bool) -> Component:
    return html.Button(
        label,
        id={"part": ids.DATA_START, "kind": kind},
        type="button",
        className=look,
        disabled=disabled,
    )


def find_waiting(files: Sequence[WaitingFile], key: str) -> WaitingFile | None:
    """The file with that key, if it waits still."""
    return next((file for file in files if file.key == key), None)
