"""How a file would be read, and the draft of a mapping for it, on a terminal."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from theograph.importing.preview import SheetPreview
from theograph.record.money import pounds_and_pence
from theograph.record.sectors import MODE_LABELS, SECTOR_LABELS, STATUS_LABELS
from theograph.reports.console import open_console
from theograph.sources.draft import Draft
from theograph.sources.mapping import shipped_mappings

_LONGEST_ROW = 200  # characters of a row as it stands in the file
_MOST_FIELDS = 8  # of an event, after what it is and when
_PLAIN = ("provider", "team", "description", "outcome")  # said without their names
_CODED = {"status": STATUS_LABELS, "mode": MODE_LABELS}
_UNSAID = {
    *("section", "person", "source_row", "event_id", "spell_id", "start", "end", "ongoing"),
    *("sector", "kind", "code_system", "reason", "value"),
}

Row = dict[str, str | None]


def print_check(previews: list[SheetPreview]) -> None:
    """What an import would make of each sheet."""
    console = open_console()
    for number, seen in enumerate(previews):
        if number:
            console.print()
        _print_sheet(console, seen)


def print_guesses(draft: Draft) -> None:
    """Which column of the file each of ours was guessed to be, how sure that is, and why."""
    console = Console(stderr=True, highlight=False)
    table = Table(box=None, pad_edge=False)
    for name in ("ours", "theirs", "guess", "why"):
        table.add_column(name, overflow="fold")
    for column, guess in draft.guesses.items():
        table.add_row(column, escape(guess.header), guess.confidence, escape(guess.why))
    console.print(table)
    for lack in draft.lacks:
        console.print(f"No column seems to hold the {lack}; name it in the mapping.")


def _print_sheet(console: Console, seen: SheetPreview) -> None:
    console.print(f"[bold]{escape(seen.name)}[/bold]", highlight=False)
    for line in (_say_layout(seen), *(f"Note: {note}" for note in seen.notes)):
        console.print(escape(line), highlight=False)
    _print_dates(console, seen)
    _print_rows(console, seen)
    _print_counts(console, seen)


def _say_layout(seen: SheetPreview) -> str:
    if seen.error and (seen.draft is None or seen.mapping):
        return f"Not read: {seen.error}"
    if seen.mapping:
        shipped = any(mapping.name == seen.mapping for mapping in shipped_mappings())
        return f"{'Recognised as' if shipped else 'Read by'} {_name_layout(seen, shipped=shipped)}"
    if seen.family:
        return (
            f"A table of {seen.family}, read together with its other tables: "
            "theograph import --dry-run FOLDER tries them all."
        )
    if seen.draft is not None and seen.draft.usable:
        return (
            "Not a layout that is known. A drafted mapping would read it as below; "
            "theograph mapping new writes the draft."
        )
    lacks = " and no ".join(seen.draft.lacks) if seen.draft else "rows"
    return f"Not a layout that is known, and no {lacks} found in it. {seen.error or ''}"


def _name_layout(seen: SheetPreview, *, shipped: bool) -> str:
    return f"{seen.title} ({seen.mapping})" if shipped else f"{seen.mapping}: {seen.title}"


def _print_dates(console: Console, seen: SheetPreview) -> None:
    if seen.dates:
        table = Table(box=None, pad_edge=False)
        table.add_column("date column", overflow="fold")
        table.add_column("read as", overflow="fold")
        for column, why in seen.dates.items():
            table.add_row(escape(column), escape(why))
        console.print()
        console.print(table)


def _print_rows(console: Console, seen: SheetPreview) -> None:
    if not seen.events:
        return
    table = Table(box=None, pad_edge=False, leading=1)
    table.add_column("line", justify="right", vertical="top")
    table.add_column("as the file has it", ratio=2, overflow="fold")
    table.add_column("as it would be kept", ratio=3, overflow="fold")
    by_line = dict(zip(seen.lines, seen.source_rows, strict=True))
    for event in seen.events:
        line = event.get("source_row") or ""
        source = escape(_say_source(by_line.get(line, {})))
        table.add_row(line, source, "\n".join(map(escape, _say_event(event))))
    console.print()
    console.print(table)


def _say_source(row: Row) -> str:
    said = " | ".join(text for text in row.values() if text)
    return said if len(said) <= _LONGEST_ROW else f"{said[:_LONGEST_ROW]}…"


def _say_event(event: Row) -> list[str]:
    """When and what in one line, and the rest in the next; or why it would be set aside."""
    if event.get("reason"):
        value = event.get("value")
        return [f"set aside: {event['reason']}{f' ({value})' if value else ''}"]
    sector = SECTOR_LABELS.get(event.get("sector") or "")
    first = [_say_when(event), sector, event.get("kind")]
    rest = [_say_field(name, value, event) for name, value in event.items()]
    said = [part for part in rest if part]
    more = f"and {len(said) - _MOST_FIELDS} more" if len(said) > _MOST_FIELDS else ""
    lines = (
        ", ".join(part for part in first if part),
        ", ".join(part for part in (*said[:_MOST_FIELDS], more) if part),
    )
    return [line for line in lines if line]


def _say_when(event: Row) -> str | None:
    start, end = event.get("start"), event.get("end")
    if start is None:
        return None
    if event.get("ongoing") == "yes":
        return f"{_say_time(start)}, going on"
    if end is None or end == start:
        return _say_time(start)
    same_day = end[:10] == start[:10] and len(end) > len("2024-01-01 ")
    return f"{_say_time(start)} to {end[11:16] if same_day else _say_time(end)}"


def _say_time(text: str) -> str:
    moment = datetime.fromisoformat(text)
    day = f"{moment.day} {moment:%b %Y}"
    return f"{day} {moment:%H:%M}" if " " in text else day


def _say_field(name: str, value: str | None, event: Row) -> str | None:
    if not value or name in _UNSAID:
        return None
    if name.endswith("_pence"):
        return f"{name.removesuffix('_pence').replace('_', ' ')} {pounds_and_pence(int(value))}"
    if name in _CODED:
        return _CODED[name].get(value, value)
    if name == "code":
        return f"{event.get('code_system') or 'code'} {value}"
    if name == "planned":
        return "planned" if value == "yes" else "unplanned"
    return value if name in _PLAIN else f"{name.replace('_', ' ')} {value}"


def _print_counts(console: Console, seen: SheetPreview) -> None:
    if not (seen.kept or seen.reasons):
        return
    console.print()
    rows = "1 row" if seen.rows_seen == 1 else f"{seen.rows_seen:,} rows"
    aside = sum(seen.reasons.values())
    console.print(
        f"Of {'the first ' if seen.more_rows else ''}{rows} {seen.kept:,} would be kept and "
        f"{aside:,} set aside. Nothing was written.",
        highlight=False,
    )
    for reason, count in seen.reasons.items():
        console.print(f"  {count:>5,}  {escape(reason)}", highlight=False)
