"""Leaving out what a text denies, so that "no low mood" is not a low mood."""

from __future__ import annotations

from typing import Final

from theograph.sql_text import quote

# After one of these the clause is about something else, as a full stop would say.
_TURNS: Final = (
    r"\b(but|however|although|though|since|after|because|due to|following|apart from|except)\b"
)
_DENIALS: Final = (
    r"\b(?:no|not|never|nil|deny|denies|denied|denying|without|negative for|no evidence of|"
    r"ruled out|free of|isn't|wasn't|hasn't|doesn't|didn't|cannot|can't)\b"
)
# To the end of the clause; a comma ends it unless the list goes on to "or".
_DENIED: Final = rf"{_DENIALS}(?:[^.;:!?,\n]*(?:,[^.;:!?,\n]*){{0,6}}\b(?:or|nor)\b)?[^.;:!?,\n]*"


def strip_denials(column: str) -> str:
    """SQL for the text of `column` in lower case, what it denies left out."""
    lower = f"replace(lower({column}), '’', '''')"
    turned = f"regexp_replace({lower}, {quote(_TURNS)}, '. \\1', 'g')"
    return f"regexp_replace({turned}, {quote(_DENIED)}, ' ', 'g')"
