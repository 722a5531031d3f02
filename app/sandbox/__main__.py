"""Start the practice town: ``python -m app.sandbox [--state DIR] [--seed N] [--port-file F]``."""

from __future__ import annotations

import sys

from app.sandbox.serve import main

if __name__ == "__main__":
    sys.exit(main())
