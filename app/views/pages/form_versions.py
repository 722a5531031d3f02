"""On the form page: earlier texts of a field brought back, and what a new edition of the form changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from app.views.models.form_face import moment_text
from app.views.widgets.band import Band

if TYPE_CHECKING:
    from app.services.draft_files import Version
    from app.services.draft_renewal import Renewal

_HEAD = 28
_MOST = 20


def versions_menu(
    parent: QWidget, versions: Sequence[Version], take: Callable[[str], None]
) -> QMenu:
    """A menu of the earlier texts, latest first; the one taken stands in the field again."""
    menu = QMenu(parent)
    menu.setObjectName("form.versions")
    menu.setAccessibleName("前の文")
    menu.setToolTipsVisible(True)
    for version in versions[:_MOST]:
        head = " ".join(version.text.split())
        head = head[:_HEAD] + ("…" if len(head) > _HEAD else "")
        word = f"{moment_text(version.at)}　{len(version.text):,}字　{head}"
        action = menu.addAction(word.replace("&", "&&"))
        action.setToolTip(version.text[:1000])
        action.triggered.connect(lambda _=False, text=version.text: take(text))
    if not versions:
        menu.addAction("前の文はまだありません").setEnabled(False)
    return menu


def renewal_band(renewal: Renewal, seen: Callable[[], None]) -> Band:
    """The band that names the new questions and shows the answers that have no place any more."""
    parts = []
    if renewal.asked:
        parts.append("新しい欄: " + "、".join(label for _, label in renewal.asked))
    parts += [f"残した答え: {k.label}「{k.text}」" for k in renewal.kept]
    return Band(
        "info",
        renewal.sentence,
        "\n".join(parts),
        [("分かりました", seen)],
        name="form.renewal",
    )
