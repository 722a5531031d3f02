"""The one style sheet, generated from the tokens of a theme.

Widgets are chosen by dynamic properties (`role`, `ink`, `surface`, `kind`, `state`), never by a sheet
of their own. With a high-contrast system theme only sizes and faces are set here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.theme import Theme

ROLES = ("title", "headline", "heading", "body", "label", "note")
EXTRA_ROLES = {"day": (15, 700), "wordmark": (18, 700)}
INKS = ("ink", "ink2", "ink3", "accent", "danger", "warn", "ok", "onAccent", "paperInk")
SURFACES = ("canvas", "surface", "sunken", "head", "select")


def style_sheet(theme: Theme) -> str:
    """The sheet of `theme`."""
    parts = [_type(theme), _sizes(theme)]
    if theme.contrast is None:
        parts += [_surfaces(theme), _buttons(theme), _fields(theme), _views(theme), _others(theme)]
    return "\n".join(parts)


def _type(t: Theme) -> str:
    lines = []
    for role in ROLES:
        weight = t.tokens["type"][role]["weight"]
        lines.append(f'[role="{role}"] {{ font-size: {t.px(role)}px; font-weight: {weight}; }}')
    for role, (px, weight) in EXTRA_ROLES.items():
        size = max(1, round(px * t.text_scale))
        lines.append(f'[role="{role}"] {{ font-size: {size}px; font-weight: {weight}; }}')
    lines.append('[bold="true"] { font-weight: 700; }')
    lines.append('[bold="false"] { font-weight: 400; }')
    return "\n".join(lines)


def _sizes(t: Theme) -> str:
    return f"""
    QPushButton[kind] {{ min-height: {t.size("button") - 2}px; padding: 0 16px; }}
    QPushButton[small="true"] {{ min-height: {t.size("buttonSmall") - 2}px; padding: 0 10px;
        font-size: {t.px("label")}px; }}
    QPushButton[kind="quiet"] {{ padding: 0 7px; }}
    QLineEdit[field="true"] {{ min-height: {t.size("field") - 2}px; padding: 0 10px; }}
    QPlainTextEdit[field="true"] {{ padding: 5px 8px; }}
    QComboBox[field="true"] {{ min-height: {t.size("field") - 2}px; padding: 0 10px; }}
    """


def _surfaces(t: Theme) -> str:
    lines = [f'[surface="{name}"] {{ background: {t.hex(name)}; }}' for name in SURFACES]
    lines += [f'QLabel[ink="{name}"] {{ color: {t.hex(name)}; }}' for name in INKS]
    lines.append(
        f'QFrame[surface="card"] {{ background: {t.hex("surface")};'
        f" border: 1px solid {t.hex('line')}; border-radius: {t.radius('card')}px; }}"
    )
    lines.append(f'QFrame[rule="true"] {{ background: {t.hex("line")}; border: none; }}')
    for kind in ("danger", "warn", "ok"):
        lines.append(
            f'QFrame[band="{kind}"] {{ background: {t.hex(kind + "Soft")}; border: none;'
            f" border-left: 3px solid {t.hex(kind)};"
            " border-top-right-radius: 4px; border-bottom-right-radius: 4px; }"
        )
    lines.append(
        f'QFrame[band="info"] {{ background: {t.hex("accentSoft")}; border: none;'
        f" border-left: 3px solid {t.hex('accent')};"
        " border-top-right-radius: 4px; border-bottom-right-radius: 4px; }"
    )
    return "\n".join(lines)


def _buttons(t: Theme) -> str:
    c = t.hex
    return f"""
    QPushButton[kind] {{ border-radius: 4px; border: 1px solid {c("field")};
        background: {c("surface")}; color: {c("ink")}; }}
    QPushButton[kind]:hover {{ background: {c("canvas")}; border-color: {c("ink2")}; }}
    QPushButton[kind]:pressed {{ background: {c("chip")}; }}
    QPushButton[kind="primary"] {{ background: {c("accent")}; border-color: {c("accent")};
        color: {c("onAccent")}; font-weight: 700; }}
    QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{
        background: {c("accentHover")}; border-color: {c("accentHover")}; }}
    QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent;
        color: {c("accent")}; }}
    QPushButton[kind="quiet"]:hover {{ background: {c("select")}; }}
    QPushButton[kind="quiet"]:pressed {{ background: {c("accentSoft")}; }}
    QPushButton[kind="dashed"] {{ background: transparent; color: {c("ink3")};
        border: 1px solid transparent; }}
    QPushButton[kind="dashed"]:hover {{ color: {c("ink2")}; }}
    QPushButton[kind]:focus {{ border: 2px solid {c("focus")};
        padding: 0 15px; min-height: {t.size("button") - 4}px; }}
    QPushButton[small="true"]:focus {{ padding: 0 9px; min-height: {t.size("buttonSmall") - 4}px; }}
    QPushButton[kind="quiet"]:focus {{ padding: 0 6px; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {c("focus")}; outline: none; }}
    QPushButton[kind]:disabled {{ color: {c("ink3")}; border: 1px solid transparent;
        background: transparent; }}
    QToolButton[kind="quiet"] {{ border: 2px solid transparent; border-radius: 4px;
        background: transparent; padding: 0; }}
    QToolButton[kind="quiet"]:hover {{ background: {c("select")}; }}
    QToolButton[kind="quiet"]:focus {{ border-color: {c("focus")}; }}
    """


def _fields(t: Theme) -> str:
    c = t.hex
    edits = "QLineEdit[field], QPlainTextEdit[field], QComboBox[field]"

    def each(suffix: str) -> str:
        return ", ".join(part.strip() + suffix for part in edits.split(","))

    return f"""
    {edits} {{ background: {c("surface")}; color: {c("ink")}; border: 1px solid {c("field")};
        border-radius: 4px; placeholder-text-color: {c("ink3")};
        selection-background-color: {c("accent")}; selection-color: {c("onAccent")}; }}
    {each(":hover")} {{ border-color: {c("ink2")}; }}
    {each('[state="error"]')} {{ border: 2px solid {c("danger")}; }}
    {each('[state="warn"]')} {{ border: 2px solid {c("warn")}; }}
    {each(":focus")} {{ border: 2px solid {c("focus")}; }}
    {each('[state="locked"]')} {{ border: 1px solid {c("canvas")};
        background: {c("canvas")}; color: {c("ink2")}; }}
    {each('[state="locked"]:focus')} {{ border: 2px solid {c("focus")}; }}
    QLineEdit[field][state="error"], QLineEdit[field][state="warn"], QLineEdit[field]:focus
        {{ padding: 0 9px; min-height: {t.size("field") - 4}px; }}
    QComboBox[field][state="error"], QComboBox[field][state="warn"], QComboBox[field]:focus
        {{ padding: 0 9px; min-height: {t.size("field") - 4}px; }}
    QPlainTextEdit[field][state="error"], QPlainTextEdit[field][state="warn"],
    QPlainTextEdit[field]:focus {{ padding: 4px 7px; }}
    QComboBox[field]::drop-down {{ border: none; width: 28px; }}
    QRadioButton, QCheckBox {{ spacing: 8px; min-height: 24px; padding: 3px 4px;
        border: 2px solid transparent; border-radius: 4px; background: transparent;
        outline: none; }}
    QRadioButton:focus, QCheckBox:focus {{ border-color: {c("focus")}; }}
    QRadioButton::indicator {{ width: 16px; height: 16px; border: 1px solid {c("field")};
        border-radius: 9px; background: {c("surface")}; }}
    QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {c("field")};
        border-radius: 3px; background: {c("surface")}; }}
    QCheckBox::indicator:hover {{ border-color: {c("ink2")}; }}
    QCheckBox::indicator:checked {{ border-color: {c("accent")}; background: {c("accent")};
        image: {_tick(t)}; }}
    QRadioButton::indicator:hover {{ border-color: {c("ink2")}; }}
    QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 5px solid {c("accent")};
        border-radius: 9px; background: {c("onAccent")}; }}
    """


def _tick(t: Theme) -> str:
    if t.resources is None:
        return "none"
    path = (t.resources / "icons" / f"tick-{t.mode}.svg").as_posix()
    return f'url("{path}")'


def _views(t: Theme) -> str:
    c = t.hex
    return f"""
    QScrollArea {{ border: none; background: transparent; }}
    QScrollArea > QWidget > QWidget[clear="true"] {{ background: transparent; }}
    QListView, QTreeView, QTableView {{ background: {c("surface")}; color: {c("ink")};
        border: none; outline: none; selection-background-color: {c("select")};
        selection-color: {c("ink")}; }}
    QTableView {{ gridline-color: transparent; }}
    QHeaderView {{ background: {c("head")}; border: none; }}
    QHeaderView::section {{ background: {c("head")}; color: {c("ink2")}; border: none;
        border-bottom: 1px solid {c("line")}; padding: 0 8px; font-size: {t.px("label")}px; }}
    QTableCornerButton::section {{ background: {c("head")}; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; border: none; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; border: none; }}
    QScrollBar::handle {{ background: {c("field")}; border-radius: 4px; min-height: 32px;
        min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {c("ink2")}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _others(t: Theme) -> str:
    c = t.hex
    return f"""
    QToolTip {{ background: {c("surface")}; color: {c("ink")}; border: 1px solid {c("field")};
        padding: 6px 8px; font-size: {t.px("note")}px; }}
    QMenu {{ background: {c("surface")}; color: {c("ink")}; border: 1px solid {c("field")};
        border-radius: 6px; padding: 4px; }}
    QMenu::item {{ min-height: 28px; padding: 2px 16px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {c("select")}; }}
    QDialog {{ background: {c("canvas")}; }}
    """
