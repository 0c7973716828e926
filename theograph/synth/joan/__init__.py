"""Joan's sample journey: a storyline kept as data, and nine extracts written from it.

Rebuild the shipped files with `python -m theograph.synth.joan sample_data/joan`.
"""
