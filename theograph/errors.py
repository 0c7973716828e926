"""What can go wrong for a user, said as value, place and remedy."""

from __future__ import annotations


class TheographError(Exception):
    """An error the user can act on: printed as one line, without a traceback."""

    exit_code = 1


class UsageError(TheographError):
    """The command was given something it cannot use."""

    exit_code = 2


class UnreadableSourceError(TheographError):
    """A file, or every file of an import, could not be read as records."""

    exit_code = 3


class UnknownPersonError(TheographError):
    """No person, or more than one, answers to the identifier given."""

    exit_code = 4


class MappingError(TheographError):
    """A mapping, unit-cost or other data file that Theograph runs on is not valid."""

    exit_code = 2


class StoreError(TheographError):
    """The store is missing, empty, damaged or cannot be written."""

    exit_code = 5
