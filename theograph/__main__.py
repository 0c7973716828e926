"""`python -m theograph` is the command line."""

from theograph.cli import main

if __name__ == "__main__":
    main()
