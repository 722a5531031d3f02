"""Starts Ichido: the window, or a command of the command line (see app.cli)."""

import sys
from pathlib import Path

from app.bootstrap import start

if __name__ == "__main__":
    sys.exit(start(sys.argv[1:], Path(__file__).resolve().parent / "resources"))
