"""The command line: one verb, one function.

Exit codes: 0 done, 2 wrong usage or a bad rule or mapping, 3 nothing could be read,
4 unknown person, 5 no usable store, 130 stopped by Ctrl+C with the store as it was.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from theograph.errors import TheographError, UnreadableSourceError, UsageError
from theograph.progress import Progress, say_share, write_progress
from theograph.stopping import stop_on_request
from theograph.store import Store, default_store

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="One person's whole journey through health and care, and what it cost.",
)

# The base of every complaint that Typer has about a command line; it exports only this child.
_WrongUsage: type[Exception] = typer.BadParameter.__mro__[1]

StoreOption = Annotated[Path, typer.Option("--store", help="Folder of the store.", file_okay=False)]
UnitCostsOption = Annotated[
    list[Path] | None,
    typer.Option("--unit-costs", help="A site's own unit costs, over ours.", dir_okay=False),
]
RulesOption = Annotated[
    Path | None,
    typer.Option("--rules", help="Folder of a site's own rules and concepts.", file_okay=False),
]
PersonArgument = Annotated[
    str, typer.Argument(help="An identifier as any extract gave it, or a reference.")
]

_DEFAULT_STORE = default_store()
_INTERRUPTED = 130


class ListFormat(StrEnum):
    """How a list is printed."""

    table = "table"
    csv = "csv"
    json = "json"


class RulesFormat(StrEnum):
    """How the rules are printed."""

    table = "table"
    md = "md"
    json = "json"


class SnapshotsFormat(StrEnum):
    """How snapshots are printed."""

    table = "table"
    json = "json"


class Engine(StrEnum):
    """What works the opportunities out."""

    duckdb = "duckdb"
    spark = "spark"


class JourneyFormat(StrEnum):
    """How a journey is printed."""

    json = "json"
    csv = "csv"
    necs = "necs"


@app.command("demo")
def run_demo(
    port: Annotated[int, typer.Option(help="Port; 0 for any free one.")] = 8050,
    browser: Annotated[bool, typer.Option("--browser/--no-browser")] = True,
) -> None:
    """Open Joan's journey, from the sample extracts, in the browser."""
    from theograph.serving import prepare_demo, serve_records

    with _progress() as progress:
        store, path = prepare_demo(now=_now(), progress=progress)
    serve_records(store, port=port, open_browser=browser, path=path, synthetic=True)


@app.command("serve")
def serve_store(
    store: StoreOption = _DEFAULT_STORE,
    host: Annotated[str, typer.Option(help="Address to bind.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 for any free one.")] = 8050,
    browser: Annotated[bool, typer.Option("--browser/--no-browser")] = True,
) -> None:
    """Show the journeys of a store in the browser."""
    from theograph.serving import serve_records

    serve_records(Store(store), host=host, port=port, open_browser=browser)


@app.command("import")
def import_files(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="PATH...")],
    store: StoreOption = _DEFAULT_STORE,
    mapping: Annotated[str | None, typer.Option(help="Layout of every file, or a file.")] = None,
    provider: Annotated[str | None, typer.Option(help="Whose extracts these are.")] = None,
    unit_costs: UnitCostsOption = None,
    rules: RulesOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read, report, keep nothing.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Start the store anew.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write the account as JSON.")] = None,
    mappings: Annotated[
        Path | None, typer.Option(help="JSON: by its name, the mapping of a sheet.", hidden=True)
    ] = None,
    progress_file: Annotated[
        Path | None,
        typer.Option("--progress", help="Keep saying there how far it is.", hidden=True),
    ] = None,
) -> None:
    """Read extracts into a store and account for every row."""
    from theograph.importing import ImportOptions, import_extracts
    from theograph.reports.account import print_import

    options = ImportOptions(
        mapping=mapping,
        mappings=json.loads(mappings.read_text("utf-8")) if mappings else {},
        provider=provider,
        unit_costs=tuple(unit_costs or ()),
        rules=rules,
        dry_run=dry_run,
        replace=replace,
    )
    with _progress(progress_file) as progress:
        done = import_extracts(paths, Store(store), options=options, now=_now(), progress=progress)
    print_import(done, dry_run=dry_run)
    if report is not None:
        _write_report(report, done.to_document())
    if not done.readable:
        raise UnreadableSourceError("nothing could be read; see the reasons above")


@app.command("check")
def check_file(
    file: Annotated[Path, typer.Argument(help="A file to try.", exists=True, dir_okay=False)],
    mapping: Annotated[str | None, typer.Option(help="Layout of the file, or a file.")] = None,
    provider: Annotated[str | None, typer.Option(help="Whose extract it is.")] = None,
) -> None:
    """Try a file: how it would be read, and what its first rows would become. Keeps nothing."""
    from theograph.importing.preview import preview_file
    from theograph.reports.mapping import print_check
    from theograph.sources.mapping import find_mapping

    chosen = find_mapping(mapping) if mapping else None
    previews = preview_file(file, mapping=chosen, provider=provider)
    print_check(previews)
    if not any(seen.kept or seen.family for seen in previews):
        raise UnreadableSourceError(f"{file.name}: no row would be kept; see the reasons above")


mappings = typer.Typer(help="Mappings: which column of an extract is which of ours.")
app.add_typer(mappings, name="mapping")


@mappings.command("new")
def draft_new_mapping(
    file: Annotated[Path, typer.Argument(help="A file to draft it for.", exists=True)],
    out: Annotated[Path | None, typer.Option(help="Write it there.", dir_okay=False)] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
) -> None:
    """Draft a mapping for a file from its headers and first rows; check it before use."""
    from theograph.importing.preview import draft_for_file
    from theograph.reports.mapping import print_guesses

    draft = draft_for_file(file, sheet=sheet)
    print_guesses(draft)
    if out is None:
        typer.echo(draft.text, nl=False)
        return
    if out.exists():
        raise UsageError(f"{out}: exists already; give another name or take it away first")
    out.write_text(draft.text, encoding="utf-8")
    typer.echo(f"Wrote {out}. Try it: theograph check {file} --mapping {out}")


@app.command("price")
def price_events(
    store: StoreOption = _DEFAULT_STORE,
    unit_costs: UnitCostsOption = None,
    price_year: Annotated[
        str | None, typer.Option(help="Restate every cost to this price year, such as 2023/24.")
    ] = None,
) -> None:
    """Price a store again: with a site's own unit costs, or in another price year."""
    from theograph.importing import price_store

    with _progress() as progress:
        snapshot = price_store(
            Store(store),
            unit_costs=tuple(unit_costs or ()),
            price_year=price_year,
            now=_now(),
            progress=progress,
        )
    typer.echo(f"Priced {snapshot.rows['events']:,} events; snapshot {snapshot.name}")


@app.command("detect")
def detect_opportunities(store: StoreOption = _DEFAULT_STORE, rules: RulesOption = None) -> None:
    """Look for missed opportunities again: after a change of rules, or with a site's own."""
    from theograph.importing import screen_store

    with _progress() as progress:
        snapshot = screen_store(Store(store), rules=rules, now=_now(), progress=progress)
    typer.echo(f"Found {snapshot.rows['opportunities']:,}; snapshot {snapshot.name}")


@app.command("opportunities")
def list_opportunities(
    person: Annotated[
        str | None, typer.Argument(help="An identifier, or a reference; everyone without.")
    ] = None,
    store: StoreOption = _DEFAULT_STORE,
    status: Annotated[
        str, typer.Option(help="Of missed, open, met, not_assessable; commas between.")
    ] = "missed,open",
    rule: Annotated[list[str] | None, typer.Option(help="Id of a rule; may be repeated.")] = None,
    engine: Annotated[
        Engine, typer.Option(help="spark works them out anew on a Spark session.")
    ] = Engine.duckdb,
    form: Annotated[ListFormat, typer.Option("--format")] = ListFormat.table,
) -> None:
    """List missed opportunities, and those still open to act on."""
    from theograph.opportunities.rulebook import load_rulebook
    from theograph.reading import open_records
    from theograph.reports.opportunities import print_opportunities
    from theograph.screening import choose_opportunities, read_choice

    opened = Store(store)
    rulebook = load_rulebook(opened.rules_folder())
    records = open_records(opened.current())
    choice = read_choice(records, rulebook, person=person, status=status, rules=rule or ())
    rows = choose_opportunities(records, rulebook, choice, engine=engine.value)
    print_opportunities(rows, rulebook, form.value)


@app.command("rules")
def show_rules(
    store: Annotated[
        Path | None, typer.Option("--store", help="Rules of that store.", file_okay=False)
    ] = None,
    rules: RulesOption = None,
    form: Annotated[RulesFormat, typer.Option("--format")] = RulesFormat.table,
) -> None:
    """Show the rules: what is looked for, what was expected, and on whose word."""
    from theograph.opportunities.rulebook import load_rulebook
    from theograph.reports.rules import print_rules

    site = rules or (Store(store).rules_folder() if store else None)
    print_rules(load_rulebook(site), form.value)


@app.command("people")
def list_people(
    store: StoreOption = _DEFAULT_STORE,
    form: Annotated[ListFormat, typer.Option("--format")] = ListFormat.table,
) -> None:
    """List the people in a store."""
    from theograph.reading import open_records
    from theograph.reports.people import print_people

    print_people(open_records(Store(store).current()).list_people(), form.value)


@app.command("snapshots")
def list_snapshots(
    store: StoreOption = _DEFAULT_STORE,
    back: Annotated[
        str | None, typer.Option(metavar="NAME", help="Go back to this snapshot, or forth to it.")
    ] = None,
    form: Annotated[SnapshotsFormat, typer.Option("--format")] = SnapshotsFormat.table,
) -> None:
    """List the snapshots of a store and compare them; with --back, put another in force."""
    from theograph.reports.snapshots import compare_snapshots, print_snapshots

    if back is not None:
        Store(store).go_back(back)
    print_snapshots(compare_snapshots(Store(store)), form.value)


@app.command("journey")
def show_journey(
    person: PersonArgument,
    store: StoreOption = _DEFAULT_STORE,
    form: Annotated[JourneyFormat, typer.Option("--format")] = JourneyFormat.json,
) -> None:
    """Print one person's journey. Put -- before an identifier that begins with a hyphen."""
    from theograph.export.csv_text import write_necs_csv, write_own_csv
    from theograph.journey import journey_document
    from theograph.reading import open_records

    records = open_records(Store(store).current())
    journey = records.read_journey(records.find_person(person))
    if form is JourneyFormat.json:
        typer.echo(json.dumps(journey_document(journey), indent=2, ensure_ascii=False))
    else:
        write = write_necs_csv if form is JourneyFormat.necs else write_own_csv
        typer.echo(write(journey), nl=False)


@app.command("record")
def describe_record() -> None:
    """Print the record standard: every table and column, as Markdown."""
    from theograph.record.reference import write_reference

    typer.echo(write_reference(), nl=False)


def main() -> None:
    """Run the command line; an error a user can act on is one line on stderr."""
    arguments = sys.argv[1:] or ["--help"]
    try:
        if app(arguments, prog_name="theograph", standalone_mode=False) == _INTERRUPTED:
            raise KeyboardInterrupt  # which Typer has made a code that it only returns
    except TheographError as error:
        sys.exit(_fail(str(error), error.exit_code))
    except _WrongUsage as error:
        verbs = {command.name for command in app.registered_commands}
        verbs |= {group.name for group in app.registered_groups}
        verb = f"{arguments[0]} " if arguments[0] in verbs else ""
        said = _complaint(error)
        sys.exit(_fail(f"{said}; theograph {verb}--help shows how", UsageError.exit_code))
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(_fail("stopped; the store is as it was", _INTERRUPTED))


def _complaint(error: Exception) -> str:
    """Typer's words, after the option that they are about."""
    said = str(error).removeprefix("Value error, ").rstrip(".")
    names: list[str] = getattr(getattr(error, "param", None), "opts", [])
    return said if not names or names[0] in said else f"{names[0]}: {said}"


def _write_report(file: Path, account: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(account, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be written ({error.strerror}), though the import is done; "
            "the store has its account too"
        ) from error


def _fail(message: str, code: int) -> int:
    typer.echo(f"theograph: {' '.join(message.split())}", err=True)
    return code


def _now() -> datetime:
    return datetime.now().astimezone()


@contextmanager
def _progress(file: Path | None = None) -> Iterator[Progress]:
    """A bar on stderr that says what is being done; nothing where nobody watches.

    With a `file` it is said there instead, to the program that started this one; when that
    asks this one to end, the import ends as on Ctrl+C.
    """
    shown = _show_progress() if file is None else nullcontext(partial(write_progress, file))
    with shown as progress, stop_on_request(progress) as tell:
        yield tell


@contextmanager
def _show_progress() -> Iterator[Progress]:
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    words = TextColumn("{task.description}", table_column=Column(no_wrap=True, ratio=1))
    share = TextColumn("{task.fields[share]:>4}")
    columns = (words, BarColumn(bar_width=20), share, TimeElapsedColumn())
    console = Console(stderr=True)
    watched = console.is_terminal
    with Bar(*columns, console=console, transient=True, expand=True, disable=not watched) as bar:
        task = bar.add_task("Starting", total=1.0, share="0%")
        yield lambda stage, done: bar.update(
            task, description=stage, completed=done, share=say_share(done)
        )
