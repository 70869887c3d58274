"""``python -m flowsheet`` is the command ``flowsheet``."""

from flowsheet.cli import main

main()
