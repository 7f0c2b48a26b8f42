"""Lets `python -m spacekg` do what `spacekg` does."""

from spacekg.cli import main

main()
