"""Saying which column is which: what may be chosen for each of ours, and what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from theograph.app.data_facts import Columns, SheetPreview
from theograph.errors import MappingError
from theograph.record.sectors import SECTOR_LABELS
from theograph.sources.mapping import (
    IDENTIFIERS,
    Blank,
    Constant,
    DateAndTime,
    Expression,
    FromColumn,
    shipped_mappings,
)

NOTHING = "nothing"
AS_KNOWN = "as_known"
OWN = "chosen_"  # begins the names of layouts that users chose the columns of
_COLUMN, _TEXT = "column:", "text:"
WRITTEN = ("kind", "provider")  # what may be written instead, the same in every row


@dataclass(frozen=True, slots=True)
class Target:
    """One of our columns that a user may fill: what it is called and means."""

    name: str
    label: str
    meaning: str
    needed: bool = False


TARGETS: tuple[Target, ...] = (
    Target("nhs_number", "NHS number", "Or one of the two below: whose event it is"),
    Target("pseudonym", "Pseudonym", "One pseudonym for a person in every extract"),
    Target("local_id", "Local number", "The provider's own number for the person"),
    Target("start", "Starts", "Day or time of the contact, or of arrival", needed=True),
    Target("end", "Ends", "Day or time of leaving; nothing for a contact"),
    Target("sector", "Sector", "The lane it is drawn in", needed=True),
    Target("kind", "Kind", "What happened, in a few words", needed=True),
    Target("provider", "Provider", "Who gave the care; needed with a local number"),
    Target("team", "Team", "Service, clinic or team"),
    Target("clinician", "Clinician", "Who was seen"),
    Target("description", "Description", "Anything more that was written"),
    Target("mode", "How", "Face to face, telephone, home visit"),
    Target("status", "Attended", "Attended, did not attend, cancelled"),
    Target("cost_gbp", "Cost in pounds", "What it cost, where the extract says"),
    Target("event_id", "Event number", "The extract's own number for the event"),
)


def list_options(
    target: Target, headers: list[str], guess: Expression | None
) -> list[dict[str, str]]:
    """What may be chosen for `target`: nothing, a column, or for a sector the same throughout.

    A `guess` that puts several columns together may be kept.
    """
    options = [{"label": "–", "value": NOTHING}]
    options += [{"label": header, "value": _COLUMN + header} for header in headers if header]
    if guess is not None and _write_choice(guess) == AS_KNOWN:
        options.append({"label": "Several columns, as the layout says", "value": AS_KNOWN})
    if target.name == "sector":
        options += [
            {"label": f"Every row: {label}", "value": _TEXT + key}
            for key, label in SECTOR_LABELS.items()
        ]
    return options


def guess_columns(sheet: SheetPreview) -> Columns:
    """The columns as the draft guesses them, or as the layout that was recognised has them."""
    if sheet.draft is not None:
        return sheet.draft.columns
    known = (layout.events for layout in shipped_mappings() if layout.name == sheet.mapping)
    return next(known, None) or {}


def holds_events(sheet: SheetPreview) -> bool:
    """Whether the rows are events, or might be: those of other tables have other columns."""
    return sheet.mapping is None or bool(guess_columns(sheet)) or sheet.mapping.startswith(OWN)


def choose_at_first(sheet: SheetPreview, chosen: Columns | None) -> dict[str, str]:
    """The choice for each of ours to begin with: as it was chosen, or else as it is guessed."""
    columns = guess_columns(sheet) if chosen is None else chosen
    return {name: _write_choice(expression) for name, expression in columns.items()}


def read_choices(
    sheet: SheetPreview, choices: Mapping[str, str | None], written: Mapping[str, str | None]
) -> Columns:
    """The columns that `choices` come to; `written` is the same in every row where none is chosen.

    Where the choice is what was guessed, the guess's translation of values stays, as does what
    was guessed of columns that are not offered. Raises `MappingError` when it is not said whose
    events these are and by whose number, when they were, in which sector, or what they were.
    """
    guessed = guess_columns(sheet)
    columns: dict[str, Expression] = {}
    for target in TARGETS:
        choice = choices.get(target.name) or NOTHING
        guess = guessed.get(target.name)
        if guess is not None and choice == _write_choice(guess):
            columns[target.name] = guess
        elif choice.startswith(_COLUMN):
            columns[target.name] = choice.removeprefix(_COLUMN)
        elif choice.startswith(_TEXT):
            columns[target.name] = Constant(text=choice.removeprefix(_TEXT))
    for name, words in written.items():
        if words and words.strip() and name not in columns:
            columns[name] = Constant(text=words.strip())
    offered = {target.name for target in TARGETS}
    columns |= {name: guess for name, guess in guessed.items() if name not in offered}
    _refuse_lacking(columns)
    return columns


def find_header(expression: Expression) -> str | None:
    """The column that `expression` reads first; None for the same text in every row."""
    if isinstance(expression, str):
        return expression
    if isinstance(expression, FromColumn):
        return expression.column
    if isinstance(expression, DateAndTime):
        return expression.date
    return expression.blank if isinstance(expression, Blank) else None


def _write_choice(expression: Expression) -> str:
    if isinstance(expression, Constant):
        return _TEXT + expression.text
    header = find_header(expression)
    return AS_KNOWN if header is None else _COLUMN + header


def _refuse_lacking(columns: Columns) -> None:
    if not set(columns) & set(IDENTIFIERS):
        raise MappingError("Say whose events these are: choose a column with a number of theirs")
    if not set(columns) & {"nhs_number", "pseudonym", "person_id", "provider"}:
        raise MappingError(
            "Provider: a local number means one person only with one provider; say with which"
        )
    lacking = [target.label for target in TARGETS if target.needed and target.name not in columns]
    if lacking:
        raise MappingError(f"{' and '.join(lacking)}: nothing is chosen; every event needs it")
