"""What the pages of 送信箱 ask for beside sending: the hand-over, comparing, the explanation sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Known
from app.services.filing_view import FilingView

if TYPE_CHECKING:
    from app.services.hand_back import HandOvers
    from app.services.social.after import SocialAfter
    from app.services.social.comparing import Comparison

_MOST = 60_000_000
"""Most bytes read of a file a person chooses."""


@dataclass(frozen=True)
class Beside:
    """What was found about a filing off the window's thread."""

    comparison: Comparison | None = None
    trouble: str = ""
    explanation: bool = False


def hands_of(desk: Any) -> HandOvers | None:
    """The hand-overs of the open company; None where this desk has none."""
    found: HandOvers | None = getattr(desk, "hand_overs", None)
    return found


def _after_of(desk: Any) -> SocialAfter | None:
    social = getattr(desk, "social", None)
    found: SocialAfter | None = getattr(social, "after", None)
    return found


def has_beside(desk: Any, view: FilingView) -> bool:
    """Whether it is worth looking (off the window's thread) for what stands beside a filing."""
    return _after_of(desk) is not None and not view.by_portal and not view.withdraws


def look_beside(desk: Any, view: FilingView) -> Beside:
    """The comparison and whether there is a sheet on replaced letters. May block."""
    after = _after_of(desk)
    if after is None:
        return Beside()
    comparison, trouble = None, ""
    if view.compared:
        try:
            comparison = after.compare(view.id)
        except Known as fault:
            trouble = fault.sentence
    try:
        explanation = bool(after.explanation_of(view.id))
    except Known:
        explanation = False
    return Beside(comparison, trouble, explanation)


def write_explanation(desk: Any, filing_id: str, path: Path) -> None:
    """Writes the sheet on replaced letters to `path`. Blocks; raises Known."""
    after = _after_of(desk)
    assert after is not None
    content = after.explanation_of(filing_id)
    try:
        path.write_bytes(content)
    except OSError:
        raise Known(
            "explanation-unsaved", "そこには保存できません。別の置き場所を選んでください。"
        ) from None


@dataclass(frozen=True)
class HandedOut:
    """The hand-over and its new folder; without one, `trouble` says why it could not be written."""

    filing_id: str
    folder: Path | None = None
    trouble: str = ""


def hand_over(desk: Any, view: FilingView, folder: Path) -> HandedOut:
    """Writes a hand-over out, sealing it first where the filing still waits for e-Gov.

    What was sealed stands where it could not be written. Blocks; raises Known: nothing was sealed.
    """
    hands = hands_of(desk)
    assert hands is not None
    ident = hands.instead_of(view.id) if view.hand is None else view.id
    try:
        return HandedOut(ident, hands.give(ident, folder))
    except Known as fault:
        return HandedOut(ident, trouble=fault.sentence)


def take_in(desk: Any, filing_id: str, paths: list[Path]) -> str:
    """Takes documents in one after another; gives what came of each. Blocks; raises Known."""
    hands = hands_of(desk)
    assert hands is not None
    told = []
    for path in paths:
        try:
            with path.open("rb") as stream:
                content = stream.read(_MOST + 1)
        except OSError:
            raise Known("document-unread", f"{path.name} を読めません。") from None
        told.append(hands.take_in(filing_id, path.name, content).sentence)
    return "\n".join(told)


def ask_folder(
    owner: QWidget, title: str, name: str, chosen: Callable[[Path], None]
) -> QFileDialog:
    """Asks for a folder; the dialog is opened, so that nothing waits for it."""
    dialog = QFileDialog(owner, title)
    dialog.setObjectName(name)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, "ここに書き出す")
    dialog.fileSelected.connect(lambda folder: chosen(Path(folder)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def ask_files(owner: QWidget, name: str, chosen: Callable[[list[Path]], None]) -> QFileDialog:
    """Asks for the documents a person downloaded."""
    dialog = QFileDialog(owner, "届いた書類をえらぶ", str(Path.home()), "書類 (*.zip *.pdf *.xml)")
    dialog.setObjectName(name)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda paths: chosen([Path(p) for p in paths]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def ask_save(owner: QWidget, wanted: str, name: str, chosen: Callable[[Path], None]) -> QFileDialog:
    """Asks where a PDF is to be kept."""
    dialog = QFileDialog(owner, "PDF を保存", wanted, "PDF (*.pdf)")
    dialog.setObjectName(name)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, "保存")
    dialog.selectFile(wanted)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
