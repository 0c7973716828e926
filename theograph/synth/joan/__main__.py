"""`python -m theograph.synth.joan DIR`: write Joan's extracts into DIR."""

from __future__ import annotations

import argparse
from pathlib import Path

from theograph.synth.csv_text import write_extracts
from theograph.synth.joan.extracts import build_extracts


def main() -> None:
    """Write Joan's extracts into the folder given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m theograph.synth.joan", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    write_extracts(build_extracts(), parser.parse_args().folder)


if __name__ == "__main__":
    main()
