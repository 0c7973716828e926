"""The Data page's desk: files that wait, jobs that import them, and what came of it."""

from theograph.data_desk.desk import Desk, open_desk

__all__ = ["Desk", "open_desk"]
