"""What a mapping may say of one of our columns: the forms of an expression."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag


class Strict(BaseModel):
    """What a mapping may say, and nothing besides."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Use(Strict):
    """What to put in place of a value that is not in the list."""

    use: str


class Constant(Strict):
    """The same text in every row."""

    text: str


class FromColumn(Strict):
    """A source column, its values translated, a pattern removed."""

    column: str
    values: dict[str, str] = {}
    other: Literal["keep", "empty", "refuse"] | Use = "keep"
    strip: str | None = None


class DateAndTime(Strict):
    """A date column and, where there is one, a time column."""

    date: str
    time: str | None = None


class Join(Strict):
    """The parts that are not empty, joined."""

    join: list[Expression]
    with_: str = Field(default=" ", alias="with")


class First(Strict):
    """The first part that is not empty."""

    first: list[Expression]


class Condition(Strict):
    """A test on one column, or a combination of tests."""

    column: str | None = None
    is_: Literal["present", "absent"] | list[str] | None = Field(default=None, alias="is")
    starts: list[str] | None = None
    contains: list[str] | None = None
    all: list[Condition] | None = None
    any: list[Condition] | None = None
    not_: Condition | None = Field(default=None, alias="not")


class Case(Strict):
    """A value, and when it holds; without a condition it always holds."""

    if_: Condition | None = Field(default=None, alias="if")
    then: Expression


class Cases(Strict):
    """The value of the first case that holds."""

    cases: list[Case]


class Blank(Strict):
    """True where the column is empty: a blank end means that it goes on."""

    blank: str


Name = Annotated[str, StringConstraints(min_length=1)]

FORMS: dict[str, type[Strict]] = {
    "column": FromColumn,
    "text": Constant,
    "date": DateAndTime,
    "first": First,
    "join": Join,
    "cases": Cases,
    "blank": Blank,
}
"""The key that tells each form of an expression, other than the name of a column."""


def _tell_form(value: object) -> str | None:
    """The tag of the form that a value of a mapping has."""
    if isinstance(value, str):
        return f"{FORM_MARK}name"
    keys = type(value).model_fields if isinstance(value, Strict) else value
    if not isinstance(keys, dict):
        return None
    return next((FORM_MARK + key for key in FORMS if key in keys), None)


FORM_MARK = "form "  # begins the tags of forms, so that a place is named without them
NO_FORM = "no_form"  # type of the error for what has no form at all

Expression = Annotated[
    Annotated[Name, Tag(f"{FORM_MARK}name")]
    | Annotated[FromColumn, Tag(f"{FORM_MARK}column")]
    | Annotated[Constant, Tag(f"{FORM_MARK}text")]
    | Annotated[DateAndTime, Tag(f"{FORM_MARK}date")]
    | Annotated[First, Tag(f"{FORM_MARK}first")]
    | Annotated[Join, Tag(f"{FORM_MARK}join")]
    | Annotated[Cases, Tag(f"{FORM_MARK}cases")]
    | Annotated[Blank, Tag(f"{FORM_MARK}blank")],
    Discriminator(_tell_form, custom_error_type=NO_FORM, custom_error_message="has no form"),
]

for _model in (Join, First, Condition, Case, Cases):
    _model.model_rebuild()


def list_parts(expression: Expression) -> Iterator[Expression]:
    """`expression` and every expression within it."""
    yield expression
    inner: list[Expression] = []
    match expression:
        case First():
            inner = expression.first
        case Join():
            inner = expression.join
        case Cases():
            inner = [case.then for case in expression.cases]
    for part in inner:
        yield from list_parts(part)
