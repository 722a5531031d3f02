"""Filling a portal's page in the embedded browser: on the person's press, and only there (DESIGN 7).

The script of `resources/portal/fill.js` runs in a world of its own: the page has no way to see it or
to call it, and nothing of ours is put into the page's world. Before each step the address is
compared, whole, with the origin of the program's own door registry; https only, top frame only.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, QUrl, Signal

from app.views.browser_policy import Site, Standing, site_of

if TYPE_CHECKING:
    from app.views.browser_page import DoorPage

WORLD: Final = 7
"""The isolated world of the script; 0 is the page's own, 1 is Qt's for applications."""
_EVERY_MS = 80
_MOST_MS = 120_000
_MOST_ASKED = 200


@dataclass(frozen=True)
class Put:
    """One value for one control, as the script takes it. `nth` 0: the only one of its name."""

    key: str
    kind: str
    label: str = ""
    selector: str = ""
    within: str = ""
    nth: int = 0
    row: int = 0
    text: str = field(default="", repr=False)
    on: bool = False
    files: tuple[tuple[str, str, bytes], ...] = field(default=(), repr=False)
    """Name, media type and bytes of each file."""
    add: str = ""
    add_within: str = ""
    guard: bool = False
    """Nothing else goes in where the page holds another value (kind read)."""
    last: bool = False
    """The last row of a table: rows that stand behind it in the page are told."""

    def plan(self) -> dict[str, Any]:
        """Plain JSON values, bytes as base64."""
        return {
            "key": self.key,
            "kind": self.kind,
            "label": self.label,
            "selector": self.selector,
            "within": self.within,
            "nth": self.nth,
            "row": self.row,
            "text": self.text,
            "on": self.on,
            "files": [
                {"name": name, "type": kind, "data": base64.b64encode(body).decode("ascii")}
                for name, kind, body in self.files
            ],
            "add": self.add,
            "addWithin": self.add_within,
            "guard": self.guard,
            "last": self.last,
        }


@dataclass(frozen=True)
class Outcome:
    """What became of one `Put`; `why` is "" where the page holds the value now."""

    key: str
    why: str

    @property
    def fits(self) -> bool:
        """Whether the control was read back with the value."""
        return not self.why


@dataclass(frozen=True)
class Asked:
    """An empty control of the page that nothing was put into. `known`: the draft has a field for it."""

    name: str
    needed: bool
    known: bool


@dataclass(frozen=True)
class Seen:
    """The page as it stands: where it is and what its headings say (widths folded, no spaces)."""

    origin: str
    path: str
    heads: tuple[str, ...]


class PortalFiller(QObject):
    """Looks at, fills and reads the pages of one portal.

    `origin` is the address of the portal in the program's registry. `told(done, total)` while it
    fills; `finished(list[Outcome])` once, also when the page went away in the middle, and before it
    `beside(list[Asked])`: what the page asks for and did not get.
    """

    told = Signal(int, int)
    beside = Signal(list)
    finished = Signal(list)

    def __init__(
        self, page: DoorPage, origin: str, resources: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        site = site_of(QUrl(origin, QUrl.ParsingMode.StrictMode))
        if site is None or site.scheme != "https":
            raise ValueError("a portal is filled over https only")
        self._site: Site = site
        self._origin = _origin_text(site)
        self._page = page
        self._script = (resources / "portal" / "fill.js").read_text("utf-8")
        self._puts: Sequence[Put] = ()
        self._left_ms = 0
        self._asking = False
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._ask)
        page.moved.connect(self._moved)

    @property
    def filling(self) -> bool:
        """Whether values are being put in just now."""
        return self._timer.isActive()

    def at_home(self) -> bool:
        """Whether the page shown is the portal's, by its whole origin."""
        url = self._page.url()
        return site_of(url) == self._site and self._page.standing(url) is Standing.LISTED

    def look(self, seen: Callable[[Seen | None], None]) -> None:
        """Tell where the page is; None when it is not the portal's."""
        if not self.at_home():
            seen(None)
            return

        def told(answer: object) -> None:
            found = _object(answer)
            if not found or found.get("origin") != self._origin or not found.get("top"):
                seen(None)
                return
            heads = tuple(str(h) for h in found.get("heads", ()))
            seen(Seen(self._origin, str(found.get("path", "")), heads))

        self._run("ichido.look()", told)

    def fill(self, puts: Sequence[Put], known: Sequence[tuple[str, str]] = ()) -> None:
        """Put these values in, one after another. Nothing happens unless the page is the portal's.

        `known` are (label, selector) of every control of this page that the folder knows.
        """
        if self.filling:
            return
        self._puts = tuple(puts)
        if not self.at_home():
            self._end("相手のページが変わったので、入れませんでした")
            return
        plan = {
            "origin": self._origin,
            "entries": [put.plan() for put in self._puts],
            "known": [{"label": label, "selector": selector} for label, selector in known],
        }
        self._left_ms = _MOST_MS
        self._timer.start()
        self._run(f"ichido.fill({json.dumps(plan, ensure_ascii=True)})", self._begun)

    def read(self, name: str, told: Callable[[str], None]) -> None:
        """The words that stand beside `name` on the portal's page; "" where there are none."""
        if not self.at_home():
            told("")
            return
        self._run(f"ichido.beside({json.dumps(name)})", lambda answer: told(str(answer or "")))

    def _run(self, call: str, told: Callable[[object], None]) -> None:
        self._page.runJavaScript(f"{self._script}\n{call}", WORLD, told)

    def _begun(self, answer: object) -> None:
        if answer != "begun":
            self._end("相手のページが変わったので、入れませんでした")

    def _ask(self) -> None:
        self._left_ms -= _EVERY_MS
        if self._left_ms <= 0:
            self._end("時間がかかりすぎたので、止めました")
            return
        if not self._asking:
            self._asking = True
            self._run("ichido.told()", self._heard)

    def _heard(self, answer: object) -> None:
        self._asking = False
        state = _object(answer)
        if not self.filling or not state:
            return
        outcomes = [Outcome(str(d["key"]), str(d["why"])) for d in state.get("done", ())]
        self.told.emit(len(outcomes), len(self._puts))
        if not state.get("running"):
            asked = [
                Asked(str(a["name"])[:120], bool(a["needed"]), bool(a["known"]))
                for a in state.get("beside", ())[:_MOST_ASKED]
            ]
            self.beside.emit(asked)
            self._end("ページが変わったので、入れませんでした", outcomes)

    def _moved(self, _url: QUrl, _submitted: bool) -> None:
        if self.filling:
            self._end("途中でページが変わったので、入れませんでした")

    def _end(self, why: str, outcomes: Sequence[Outcome] = ()) -> None:
        """Tell every outcome; what was not reached is told with `why`."""
        self._timer.stop()
        self._asking = False
        known = {outcome.key: outcome for outcome in outcomes}
        puts, self._puts = self._puts, ()
        self.finished.emit([known.get(put.key, Outcome(put.key, why)) for put in puts])


def _origin_text(site: Site) -> str:
    host = f"[{site.host}]" if ":" in site.host else site.host
    return f"https://{host}" if site.port == 443 else f"https://{host}:{site.port}"


def _object(answer: object) -> dict[str, Any]:
    try:
        found = json.loads(answer) if isinstance(answer, str) else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
