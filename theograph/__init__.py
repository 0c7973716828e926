"""One person's whole journey through health and care, what it cost, and where to act sooner."""

from importlib.metadata import version

__version__ = version("theograph")
