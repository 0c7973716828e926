"""Which column is which, as lists to choose from, with what seems likely filled in."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.data_columns import (
    NOTHING,
    TARGETS,
    WRITTEN,
    Target,
    choose_at_first,
    guess_columns,
    list_options,
)
from theograph.app.data_facts import Columns, SheetPreview
from theograph.app.data_routes import link_mapping
from theograph.sources.draft import Guess

_SURE = {"sure": "Sure", "likely": "Likely", "perhaps": "Perhaps"}
_TEXT = "text:"
_KEPT = "Kept: whatever file has these headers is read so, here and on the command line."
_NOT_KEPT = "Keep this mapping, and next month's file with these headers is read so without asking."
Place = dict[str, str | int]  # a file's key, and the number of the table in it


def build_columns(
    key: str,
    sheet: SheetPreview,
    place: int,
    chosen: Columns | None,
    *,
    kept: bool = False,
    wanted: bool,
) -> Component:
    """The lists for the table at `place` in its file; open where they are `wanted`.

    What is `chosen` can be `kept` for the next file of its kind.
    """
    first = choose_at_first(sheet, chosen)
    guesses = sheet.draft.guesses if sheet.draft else {}
    where: Place = {"key": key, "place": place}
    choices = [
        _build_choice(target, sheet, where, first, guesses.get(target.name)) for target in TARGETS
    ]
    return html.Details(
        [
            html.Summary("Which column is which"),
            html.P(
                "What nothing is chosen for stays empty. Words that are not ours are kept as they "
                "stand, but a sector must be one of ours.",
                className="tg-note",
            ),
            html.Div(choices, className="tg-choices"),
            _build_end(where, chosen=chosen is not None, kept=kept),
            dcc.Store(id={"part": ids.DATA_CHOSEN, **where}, data=0),
        ],
        open=wanted or (chosen is not None and not kept),
        className="tg-mapping",
    )


def _build_end(where: Place, *, chosen: bool, kept: bool) -> Component:
    """What is done with the choices, and what is still wanting in them."""
    keep = {"part": ids.DATA_KEEP, **where}
    read_so = {"part": ids.DATA_READ_SO, **where}
    forget = {"part": ids.DATA_READ_AS_KNOWN, **where}
    said = {"part": ids.DATA_COLUMNS_SAID, **where}
    toml = link_mapping(str(where["key"]), int(where["place"]))
    forget_words = "Forget this mapping" if kept else "Forget these choices"
    buttons = [
        html.Button("Read it so", id=read_so, type="button", className="btn btn-primary"),
        html.Button(
            "Keep this mapping", id=keep, type="button", className="tg-button", hidden=kept
        ),
        html.Button(forget_words, id=forget, type="button", className="tg-button"),
        html.A("Download as TOML", href=toml, download="", className="tg-button"),
    ]
    note = _KEPT if kept else _NOT_KEPT
    return html.Div(
        [
            *buttons[: len(buttons) if chosen else 1],
            html.P(id=said, className="tg-choices-said", role="alert"),
            *([html.P(note, className="tg-note tg-choices-kept")] if chosen else []),
        ],
        className="tg-choices-end",
    )


def _build_choice(
    target: Target,
    sheet: SheetPreview,
    where: Place,
    first: dict[str, str],
    guess: Guess | None,
) -> Component:
    label = f"{target.label} (needed)" if target.needed else target.label
    value = first.get(target.name, NOTHING)
    words = value.removeprefix(_TEXT) if value.startswith(_TEXT) else ""
    written = target.name in WRITTEN
    field = dbc.Select(
        id={"part": ids.DATA_COLUMN, "column": target.name, **where},
        options=list_options(target, sheet.headers, guess_columns(sheet).get(target.name)),
        value=NOTHING if written and words else value,
        class_name="tg-select",
    )
    return html.Div(
        [
            html.Label([html.Span(label, className="tg-label"), field]),
            *([_build_written(target, where, words)] if written else []),
            html.P(_say_guess(target, guess, value), className="tg-choice-why"),
        ],
        className="tg-choice-box",
    )


def _build_written(target: Target, where: Place, words: str) -> Component:
    field = dbc.Input(
        id={"part": ids.DATA_WRITTEN, "column": target.name, **where},
        type="text",
        value=words,
        maxlength=80,
        placeholder="or the same words in every row",
        class_name="tg-written",
    )
    name = f"{target.label} in every row"
    return html.Label([html.Span(name, className="visually-hidden"), field])


def _say_guess(target: Target, guess: Guess | None, value: str) -> str:
    if guess is None or value != f"column:{guess.header}":
        return target.meaning
    return f"{_SURE[guess.confidence]}: {guess.why}"
