"""Prints a text the program composes itself (the recovery sheet). Imported only when one prints."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QTextDocument
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from app.views.theme import base_font, current


def a4_printer(title: str) -> QPrinter:
    """The usual printer set to A4 with margins of 20 mm."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    margins = QMarginsF(20, 20, 20, 20)
    size = QPageSize(QPageSize.PageSizeId.A4)
    layout = QPageLayout(
        size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )
    printer.setPageLayout(layout)
    return printer


def sheet_document(body: str) -> QTextDocument:
    """A document of our own mark-up in the bundled face, 11 points, black on paper."""
    document = QTextDocument()
    font = base_font(current())
    font.setPointSizeF(11)
    document.setDefaultFont(font)
    document.setHtml(f'<body style="color:#000000">{body}</body>')
    return document


def print_sheet(title: str, body: str, owner: QWidget, done: Callable[[], None]) -> QPrintDialog:
    """Asks for a printer without blocking; `done` is called when the pages were handed over."""
    printer = a4_printer(title)
    dialog = QPrintDialog(printer, owner)
    dialog.setWindowTitle(title)
    dialog.setObjectName("print.dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, False)

    def send() -> None:
        sheet_document(body).print_(printer)
        done()

    dialog.accepted.connect(send)
    dialog.setModal(True)
    dialog.show()
    return dialog
