"""What can go wrong for a user, said as value, place and remedy."""

from __future__ import annotations


class TheographError(Exception):
    """An error the user can act on: printed as one line, without a traceback."""

    exit_code = 1


class UsageError(TheographError):
    """The command was given something it cannot use."""

    exit_code = 2


class TooLargeError(UsageError):
    """A file is larger than may be sent through the browser."""


class BusyError(UsageError):
    """Something of its kind is being done already; it must end first."""


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


class SnapshotGoneError(StoreError):
    """The snapshot that a page shows has been let go for newer ones."""
