"""Renders scenes to PNG files: render.py FOLDER scene:mode:text:WxH:name …

A scene is a function in scenes/*.py, listed in that module's SCENES, that takes a Stage and gives a
widget. The clock stands at 2026-07-03 13:42, the locale is Japanese, the only faces are the bundled.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from PySide6.QtCore import QEvent, QLocale  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.domain.clock import fixed_clock  # noqa: E402
from app.views import background, theme  # noqa: E402
from tests.pictures.stage import NOW, Scene, Stage  # noqa: E402


def scenes(wanted: set[str]) -> dict[str, Scene]:
    """The scenes of those names, from the modules of scenes/ that name them."""
    found: dict[str, Scene] = {}
    for path in sorted((HERE / "scenes").glob("*.py")):
        if not wanted & _names(path):
            continue
        spec = importlib.util.spec_from_file_location(f"scenes_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        found.update(module.SCENES)
    return found


def _names(path: Path) -> set[str]:
    """The keys of a module's SCENES, read without importing it."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        named = isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "SCENES" for t in node.targets
        )
        if named and isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            return {str(k.value) for k in node.value.keys if isinstance(k, ast.Constant)}
    return set()


def settle(app: QApplication) -> None:
    """Lets posted layouts, background work and paints come to rest."""
    for calm in range(200):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if calm >= 8 and not background.pending():
            break
        background.wait(50)


def shoot(app: QApplication, scene: Scene, order: str, folder: Path) -> None:
    """Renders one picture."""
    _, mode, text, size, name = order.split(":")
    look = theme.load(ROOT / "resources", mode, int(text) / 100)
    theme.apply(app, look)
    window = scene(Stage(ROOT / "resources", fixed_clock(NOW), look))
    width, height = (int(part) for part in size.split("x"))
    window.setFixedSize(width, height)
    window.show()
    window.activateWindow()
    settle(app)
    picture = window.grab()
    if not picture.save(str(folder / f"{name}.png")):
        raise OSError(f"{name}.png could not be written")
    window.hide()
    window.deleteLater()
    settle(app)


def main(folder: Path, orders: list[str]) -> int:
    """Renders all orders; 0 when every one was written."""
    folder.mkdir(parents=True, exist_ok=True)
    QLocale.setDefault(QLocale(QLocale.Language.Japanese, QLocale.Country.Japan))
    app = QApplication([])
    app.setCursorFlashTime(0)
    known = scenes({order.split(":")[0] for order in orders})
    for order in orders:
        shoot(app, known[order.split(":")[0]], order, folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:]))
