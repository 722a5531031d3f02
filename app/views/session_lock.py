"""Hears on D-Bus that the session is locked or the computer goes to sleep (Linux desktops).

Windows and macOS have no D-Bus; there the sleep is noticed by the clocks (see program.Watch).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot

# (bus, path, interface, signal): GNOME, KDE and others on the session bus, logind on the system bus.
_ACTIVE = (
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"),
)
_LOGIND = "org.freedesktop.login1"


class SessionLock(QObject):
    """`away` tells that nobody should be able to read on: the screen is locked, or sleep begins."""

    away = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heard = 0

    def listen(self) -> int:
        """Connects to what is there; gives how many signals are heard (0 without D-Bus)."""
        from PySide6.QtDBus import QDBusConnection

        session, system = QDBusConnection.sessionBus(), QDBusConnection.systemBus()
        # The stub wants bytes; at run time only the text that SLOT gives is taken.
        switched: Any = SLOT("switched(bool)")
        locked: Any = SLOT("locked()")
        if session.isConnected():
            for path, interface in _ACTIVE:
                self.heard += session.connect("", path, interface, "ActiveChanged", self, switched)
        if system.isConnected():
            manager = f"{_LOGIND}.Manager"
            self.heard += system.connect(
                _LOGIND, "/org/freedesktop/login1", manager, "PrepareForSleep", self, switched
            )
            self.heard += system.connect(_LOGIND, "", f"{_LOGIND}.Session", "Lock", self, locked)
        return self.heard

    @Slot(bool)
    def switched(self, on: bool) -> None:
        """The screen saver came or went; sleep begins or ended."""
        if on:
            self.away.emit()

    @Slot()
    def locked(self) -> None:
        """logind asks the session to lock."""
        self.away.emit()
