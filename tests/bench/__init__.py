"""Measurements, apart from the tests: `make bench` runs them and writes RESULTS.md."""
