"""Missed opportunities: rules as data, one engine."""
