"""The theme: tokens.json turned into a palette, fonts and one style sheet (LOOK 1, 9).

`load` reads the tokens and the bundled faces, `apply` dresses the application, `current` is asked by
everything that paints. A theme change regenerates palette and sheet and emits `theme_changed`.
With a high-contrast system theme our colours step back: every colour is then taken from the
system's palette, and shapes and words carry the meaning alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from app.views.sheet import EXTRA_ROLES, style_sheet

STYLE_ARGUMENTS: Final = ("-style", "fusion")
"""Given to the QApplication: the style at once, without asking for the one of the desktop first."""

TEXT_SCALES: Final = (0.9, 1.0, 1.15, 1.3)
"""The text sizes a person can choose."""

_SYSTEM_ROLES: Final[dict[str, QPalette.ColorRole]] = {
    "canvas": QPalette.ColorRole.Window,
    "surface": QPalette.ColorRole.Base,
    "sunken": QPalette.ColorRole.Window,
    "head": QPalette.ColorRole.Window,
    "chip": QPalette.ColorRole.Window,
    "select": QPalette.ColorRole.Base,
    "accentSoft": QPalette.ColorRole.Base,
    "dangerSoft": QPalette.ColorRole.Base,
    "warnSoft": QPalette.ColorRole.Base,
    "okSoft": QPalette.ColorRole.Base,
    "accent": QPalette.ColorRole.Highlight,
    "accentHover": QPalette.ColorRole.Highlight,
    "onAccent": QPalette.ColorRole.HighlightedText,
    "focus": QPalette.ColorRole.Highlight,
}


class Theme:
    """One look: tokens, `mode` "light" or "dark", the text size, and where the pictures lie.

    `contrast` holds the system's palette when a high-contrast system theme rules.
    """

    def __init__(
        self,
        tokens: dict[str, Any],
        mode: str,
        text_scale: float = 1.0,
        *,
        resources: Path | None = None,
        contrast: QPalette | None = None,
    ) -> None:
        if mode not in ("light", "dark"):
            raise ValueError(f"unknown mode {mode!r}")
        self.tokens = tokens
        self.mode = mode
        self.text_scale = text_scale
        self.resources = resources
        self.contrast = contrast

    def hex(self, name: str) -> str:
        """`colour(name)` as #rrggbb, for style sheets and SVG."""
        if self.contrast is not None:
            role = _SYSTEM_ROLES.get(name, QPalette.ColorRole.WindowText)
            return self.contrast.color(role).name()
        group, _, key = name.partition(".")
        if group == "origin":
            return str(self.tokens["origin"][key][self.mode])
        if group == "plate":
            return str(self.tokens["plate"][key]["plate"])
        if group == "stripe" and not key:
            return self.hex("ink3")  # all companies of an office: grey
        if group == "stripe":
            stripe = "stripeLight" if self.mode == "light" else "stripeDark"
            return str(self.tokens["plate"][key][stripe])
        if group == "app":
            return str(self.tokens["app"][key])
        return str(self.tokens["colour"][self.mode][name])

    def colour(self, name: str) -> QColor:
        """A colour by its name in tokens.json, or "origin.x", "plate.x", "stripe.x", "app.x"."""
        return QColor(self.hex(name))

    def px(self, role: str) -> int:
        """The letter size of a role in logical pixels at this text size, never below 12 at 100 %."""
        if role in EXTRA_ROLES:
            return max(1, round(EXTRA_ROLES[role][0] * self.text_scale))
        return max(1, round(float(self.tokens["type"][role]["px"]) * self.text_scale))

    def size(self, name: str) -> int:
        """A size of tokens.json in logical pixels; what holds one line of text grows with it."""
        base = int(self.tokens["size"][name])
        return self.grown(base) if name in _GROWING else base

    def grown(self, pixels: int) -> int:
        """`pixels` at this text size, never smaller than at 100 %."""
        return round(pixels * max(1.0, self.text_scale))

    def radius(self, name: str) -> int:
        """A corner radius in logical pixels."""
        return int(self.tokens["radius"][name])

    def font(self, role: str, *, bold: bool | None = None) -> QFont:
        """The face of a role: title, headline, heading, body, label, note."""
        font = base_font(self)
        font.setPixelSize(self.px(role))
        extra = EXTRA_ROLES.get(role)
        weight = extra[1] if extra else int(self.tokens["type"][role]["weight"])
        if bold is not None:
            weight = 700 if bold else 400
        font.setWeight(QFont.Weight(weight))
        return font

    @property
    def families(self) -> list[str]:
        """The faces in order, the last ones for rare kanji of names."""
        return [str(name) for name in self.tokens["type"]["family"]]


_GROWING: Final = frozenset(
    {
        "field", "button", "buttonSmall", "chip", "badge", "tableRow", "tableRowDense",
        "tableHead", "listRow", "sectionRow", "matrixRow", "status", "label", "originColumn",
    }
)  # fmt: skip


class _Notices(QObject):
    theme_changed = Signal()


_notices = _Notices()
theme_changed = _notices.theme_changed
_state: dict[str, Theme] = {}


def base_font(theme: Theme) -> QFont:
    """The bundled face with its fallbacks, at body size; hinting off, as drawn by its makers."""
    font = QFont()
    font.setFamilies(theme.families)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setPixelSize(theme.px("body"))
    return font


def load_tokens(resources: Path) -> dict[str, Any]:
    """The tokens of resources/theme/tokens.json."""
    text = (resources / "theme" / "tokens.json").read_text(encoding="utf-8")
    tokens: dict[str, Any] = json.loads(text)
    return tokens


def load_fonts(resources: Path) -> list[str]:
    """Registers the bundled faces with Qt; gives the family names Qt knows them by."""
    families: list[str] = []
    for path in sorted((resources / "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        if number >= 0:
            families += QFontDatabase.applicationFontFamilies(number)
    return families


def load(resources: Path, mode: str = "light", text_scale: float = 1.0) -> Theme:
    """A theme with its faces registered. `mode` may be "system": the desktop's own preference."""
    if mode not in ("light", "dark"):
        hints = QGuiApplication.styleHints()
        mode = "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"
    contrast = QPalette(QGuiApplication.palette()) if _high_contrast() else None
    if "loaded" not in _fonts:
        _fonts["loaded"] = load_fonts(resources)
    return Theme(load_tokens(resources), mode, text_scale, resources=resources, contrast=contrast)


_fonts: dict[str, list[str]] = {}


def _high_contrast() -> bool:
    hints = QGuiApplication.styleHints()  # keeps the hints below alive
    accessibility = hints.accessibility()
    return bool(accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast)


def apply(app: QApplication, theme: Theme, *, first: bool = False) -> None:
    """Dresses the application: Fusion, the palette, the face, one style sheet.

    With `first` the application was just made with STYLE_ARGUMENTS, and the style sheet is left for
    `put_on_sheet`: under a sheet every widget that is put into another is looked through again, so
    the first window is built before it.
    """
    _state["current"] = theme
    if not first and app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(base_font(theme))
    if theme.contrast is None:
        app.setPalette(_palette(theme))
    if not first:
        put_on_sheet(app)
    theme_changed.emit()


def put_on_sheet(app: QApplication) -> None:
    """Puts the style sheet of the theme in force on the whole application."""
    app.setStyleSheet(style_sheet(current()))


def current() -> Theme:
    """The theme in force. Raises LookupError before the first `apply`."""
    return _state["current"]


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Sets a property the style sheet selects by, and has the widget drawn anew by it."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it has not been drawn yet and takes the property with its first look
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    pairs = {
        role.Window: "canvas", role.WindowText: "ink", role.Base: "surface",
        role.AlternateBase: "head", role.Text: "ink", role.PlaceholderText: "ink3",
        role.Button: "surface", role.ButtonText: "ink", role.BrightText: "danger",
        role.Highlight: "accent", role.HighlightedText: "onAccent", role.Link: "accent",
        role.LinkVisited: "accent", role.ToolTipBase: "surface", role.ToolTipText: "ink",
        role.Light: "surface", role.Midlight: "line", role.Mid: "line", role.Dark: "field",
        role.Shadow: "field", role.Accent: "accent",
    }  # fmt: skip
    palette = QPalette()
    for key, name in pairs.items():
        palette.setColor(key, theme.colour(name))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, theme.colour("ink3"))
    return palette
