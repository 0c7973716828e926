"""Text within SQL that cannot take a parameter: names of files, words of concepts."""

from __future__ import annotations


def quote(value: object) -> str:
    """`value` as a text of SQL, whatever quotes it holds."""
    return "'" + str(value).replace("'", "''") + "'"


def quote_name(name: str) -> str:
    """`name` as the name of a table or column in SQL, whatever quotes it holds."""
    return '"' + name.replace('"', '""') + '"'
