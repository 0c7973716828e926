"""The account of an import: what became of every row, file by file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from theograph.app.components.aria import aria
from theograph.app.components.data_job import count_rows, say_events, say_people
from theograph.app.components.data_sheet import list_dates
from theograph.app.components.data_snapshots import say_when
from theograph.app.data_address import write_data_path
from theograph.app.data_columns import OWN
from theograph.app.data_facts import TRIED, DataDesk
from theograph.app.data_routes import link_download
from theograph.sources.family import shipped_families
from theograph.sources.mapping import shipped_mappings

_DUPLICATE = "is the same row again"
_MOST_CONFLICTS = 50
_MOST_VALUES = 8
_MOST_PLACES = 6
_MOST_COUNTS = 8  # beyond which a spread is said in short
ID_TYPES = {"nhs_number": "NHS number", "pseudonym": "pseudonym", "local": "local number"}


def build_report(desk: DataDesk, name: str) -> list[Component]:
    """The report called `name`, or of the newest import, and links to the others."""
    names = list_reports(desk)
    shown = name or next(iter(names), "")
    report = desk.read_report(shown) if shown else None
    if report is None:
        return [_build_nothing(sought=bool(name))]
    return [
        _build_choice(names, shown),
        _build_totals(report, shown),
        _build_files(report["files"]),
        *(_build_file(file) for file in report["files"] if _has_more(file)),
        *_build_dates(report["files"]),
        *_build_warnings(report.get("warnings", ())),
        *_build_who(report),
    ]


def list_reports(desk: DataDesk) -> dict[str, str]:
    """What each report is of, by its name, the newest first."""
    tried = {TRIED: "The last try"} if desk.read_report(TRIED) is not None else {}
    kept = [line for line in desk.list_snapshots() if line.reported and line.made_by == "import"]
    return tried | {line.name: f"Import of {say_when(line)}" for line in kept}


def name_layouts(names: str | None) -> str:
    """The titles of the layouts that an account names, commas between their names."""
    if not names:
        return "Not recognised"
    known = {layout.name: layout.title for layout in shipped_mappings()}
    known |= {family.name: family.title for family in shipped_families()}
    return "; ".join(
        "Columns as you chose them" if name.startswith(OWN) else known.get(name, name)
        for name in names.split(", ")
    )


def _build_choice(names: Mapping[str, str], shown: str) -> Component:
    links = [
        html.Li(
            dcc.Link(
                words, href=write_data_path("report", name), className=_look(chosen=name == shown)
            )
        )
        for name, words in names.items()
    ]
    return html.Nav(html.Ul(links, className="tg-report-choice"), **aria(label="Reports"))


def _look(*, chosen: bool) -> str:
    return "tg-button tg-button-chosen" if chosen else "tg-button"


def _build_totals(report: Mapping[str, Any], name: str) -> Component:
    kept = "Nothing was kept: it was a try." if name == TRIED else "Every row is accounted for."
    return html.Section(
        [
            html.Div(count_rows(report), className="tg-job-counts"),
            html.P(
                f"{kept} The records {'would hold' if name == TRIED else 'then held'} "
                f"{say_people(report['people'])} and {say_events(report['events'])}.",
                className="tg-note",
            ),
            html.Div(
                [
                    html.A(
                        f"Download as {form.upper()}",
                        href=link_download(name, form),
                        download="",
                        className="tg-button",
                    )
                    for form in ("csv", "json")
                ],
                className="tg-job-links",
            ),
        ],
        className="tg-card tg-report-totals",
        **aria(label="In all"),
    )


def _build_files(files: Sequence[Mapping[str, Any]]) -> Component:
    heads = ("File", "Read as", "Read", "Kept", "Duplicate", "Set aside")
    rows = [
        html.Tr(
            [
                html.Th(file["path"], scope="row"),
                html.Td(name_layouts(file["mapping"])),
                *(
                    html.Td(f"{file[count]:,}", className="tg-number")
                    for count in ("rows_read", "kept", "duplicates", "set_aside")
                ),
            ]
        )
        for file in files
    ]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(rows)],
        className="tg-method-table tg-report-files",
    )
    return html.Section([html.H2("File by file"), table], className="tg-card tg-report-part")


def _has_more(file: Mapping[str, Any]) -> bool:
    return any(file.get(part) for part in ("error", "reasons", "notes", "warnings"))


def _build_file(file: Mapping[str, Any]) -> Component:
    facts = [
        (f"{rows:,} {_say_fate(reason)}", f"{reason} ({_say_lines(file['lines'].get(reason, ()))})")
        for reason, rows in file["reasons"].items()
    ]
    facts += [("Noticed", note) for note in file["notes"]]
    facts += [
        (f"Check {_say_rows(warning)}", _say_warning(warning, in_file=True))
        for warning in file.get("warnings", ())
    ]
    error = [html.P(file["error"], className="tg-sheet-wants")] if file["error"] else []
    return html.Section(
        [html.H3(file["path"]), *error, _list_facts(facts)],
        className="tg-card tg-report-part",
        **aria(label=file["path"]),
    )


def _build_dates(files: Sequence[Mapping[str, Any]]) -> list[Component]:
    columns: dict[str, dict[str, list[str]]] = {}
    for file in files:
        for column, why in list_dates(file["dates"]):
            columns.setdefault(why, {}).setdefault(file["path"], []).append(column)
    if not columns:
        return []
    facts = [
        (why, "; ".join(f"{path}: {', '.join(names)}" for path, names in of.items()))
        for why, of in columns.items()
    ]
    return [
        html.Section(
            [html.H2("Dates, and the order they were read in"), _list_facts(facts)],
            className="tg-card tg-report-part tg-report-dates",
        )
    ]


def _say_fate(reason: str) -> str:
    return "duplicate" if reason == _DUPLICATE else "set aside"


def _say_lines(lines: Sequence[int]) -> str:
    shown = ", ".join(f"{line:,}" for line in lines)
    return f"line {shown}" if len(lines) == 1 else f"lines {shown}" if lines else "no line"


def _list_facts(facts: Sequence[tuple[str, str]]) -> Component:
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(what)]) for name, what in facts],
        className="tg-facts-list tg-report-facts",
    )


def _build_warnings(warnings: Sequence[Mapping[str, Any]]) -> list[Component]:
    if not warnings:
        return []
    facts = [(_say_rows(warning), _say_warning(warning)) for warning in warnings]
    return [
        html.Section(
            [
                html.H2("Worth a look"),
                html.P(
                    "What looks odd in all that the records hold. Nothing was changed for it.",
                    className="tg-note",
                ),
                _list_facts(facts),
            ],
            className="tg-card tg-report-part",
        )
    ]


def _say_rows(warning: Mapping[str, Any]) -> str:
    return "1 row" if warning["rows"] == 1 else f"{warning['rows']:,} rows"


def _say_warning(warning: Mapping[str, Any], *, in_file: bool = False) -> str:
    values = [f"{value} ({count:,})" for value, count in warning["values"].items()]
    listed = ", ".join(cut_short(values, _MOST_VALUES))
    places = _say_places(warning["places"], in_file=in_file)
    more = "; ".join(part for part in (listed, places) if part)
    return f"{warning['what']}{f': {more}' if more else ''}"


def _say_places(places: Sequence[Mapping[str, Any]], *, in_file: bool) -> str:
    """`gp.csv lines 7, 9; ecds.csv line 3`, or the lines alone `in_file`."""
    lines: dict[str, list[str]] = {}
    for place in places[:_MOST_PLACES]:
        lines.setdefault(place["file"], []).append(f"{place['line']:,}")
    said = "; ".join(
        f"{'' if in_file else f'{file} '}line{'s' * (len(numbers) > 1)} {', '.join(numbers)}"
        for file, numbers in lines.items()
    )
    return said if len(places) <= _MOST_PLACES else f"{said}, …"


def cut_short(texts: list[str], most: int) -> list[str]:
    """The first `most` of `texts`, and a mark that there are more."""
    return texts if len(texts) <= most else [*texts[:most], "…"]


def _build_who(report: Mapping[str, Any]) -> list[Component]:
    """How people were told apart, and where the sources disagree."""
    links, conflicts = report.get("links"), report["conflicts"]
    if not links and not conflicts:
        return []
    facts = []
    if links:
        facts = [
            ("Known by", f"{links['identifiers']:,} identifiers: {_say_types(links)}"),
            ("By number of files", _say_spread(links["people_by_files"], "file")),
            ("By number of providers", _say_spread(links["people_by_providers"], "provider")),
            ("By number of identifiers", _say_spread(links["people_by_identifiers"], "identifier")),
        ]
    shown = [html.Li(conflict) for conflict in conflicts[:_MOST_CONFLICTS]]
    more = len(conflicts) - len(shown)
    disagreements = [
        html.H3(f"Matters of who is who: {len(conflicts):,}"),
        html.Ul(shown, className="tg-report-conflicts"),
        *([html.P(f"{more:,} more in the downloads.", className="tg-note")] if more else []),
    ]
    return [
        html.Section(
            [
                html.H2("Who is who"),
                _list_facts(facts),
                *(disagreements if conflicts else [html.P("No two sources disagree.")]),
            ],
            className="tg-card tg-report-part",
        )
    ]


def _say_types(links: Mapping[str, Any]) -> str:
    types = links["identifiers_by_type"].items()
    return ", ".join(
        f"{count:,} {ID_TYPES.get(name, name)}{'' if count == 1 else 's'}" for name, count in types
    )


def _say_spread(spread: Mapping[str, int], noun: str) -> str:
    """`120 people with 1 file, 1 person with 2 files`, or in short; JSON made the counts text."""
    pairs = sorted((int(count), people) for count, people in spread.items())
    if len(pairs) > _MOST_COUNTS:
        often, people = max(pairs, key=lambda pair: pair[1])
        return (
            f"{pairs[0][0]:,} to {pairs[-1][0]:,} {noun}s a person; most often {often:,} "
            f"({say_people(people)})"
        )
    return ", ".join(
        f"{say_people(people)} with {count:,} {noun if count == 1 else f'{noun}s'}"
        for count, people in pairs
    )


def _build_nothing(*, sought: bool) -> Component:
    title = "That report is not kept any more" if sought else "Nothing has been imported here yet"
    text = (
        "A report is kept as long as the snapshot that its import made."
        if sought
        else "Add files, and see here what became of every row."
    )
    return html.Div(
        [html.H2(title), html.P(text), dcc.Link("Add files", href=write_data_path())],
        className="tg-card tg-empty",
    )
