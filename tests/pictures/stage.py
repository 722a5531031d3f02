"""What a scene is given, and the moment all pictures show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.domain.clock import Clock
from app.views.theme import Theme

NOW = datetime(2026, 7, 3, 13, 42)


@dataclass(frozen=True)
class Stage:
    """Resources, the fixed clock, the theme in force."""

    resources: Path
    clock: Clock
    theme: Theme


Scene = Callable[[Stage], QWidget]
