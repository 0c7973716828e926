"""Fuzzing of the readers with atheris, apart from `make test`."""
