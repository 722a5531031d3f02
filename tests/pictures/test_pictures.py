"""The windows look as stored: both themes, 100 and 200 %, 130 % text, and 960 × 600."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.pictures.compare import TOLERANCE, Picture, judge, opened, render, share_different, usual

HERE = Path(__file__).resolve().parent


def _listed(name: str) -> list[str]:
    """The scenes that scenes/*.py list under USUAL (six pictures each) or ONCE (one, light)."""
    found: list[str] = []
    for path in sorted((HERE / "scenes").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
                found += ast.literal_eval(node.value)
    return found


PICTURES = [
    *(Picture("components", mode, scale) for mode in ("light", "dark") for scale in (1, 2)),
    *(picture for scene in _listed("USUAL") for picture in usual(scene)),
    *(Picture(scene) for scene in _listed("ONCE")),
]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pictures, rendered by two child processes."""
    folder = tmp_path_factory.mktemp("pictures")
    render(PICTURES, folder)
    return folder


@pytest.mark.pictures
@pytest.mark.timeout(300)
@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: p.name)
def test_looks_as_stored(picture: Picture, rendered: Path) -> None:
    assert judge(picture, rendered / f"{picture.name}.png") == ""


@pytest.mark.pictures
def test_sizes_are_exact(rendered: Path) -> None:
    for picture in PICTURES:
        size = opened(rendered / f"{picture.name}.png").size
        assert size == (picture.width * picture.scale, picture.height * picture.scale)


@pytest.mark.pictures
def test_dark_keeps_the_same_layout(rendered: Path) -> None:
    """Where light has an edge of a card, dark has one too: the themes differ in colour only."""
    light = opened(rendered / "today-light.png").convert("L")
    dark = opened(rendered / "today-dark.png").convert("L")
    for x, y in ((232, 300), (823, 300), (840, 200), (1255, 640)):
        assert light.getpixel((x, y)) != light.getpixel((x - 3 if x % 2 else x + 3, y))
        assert dark.getpixel((x, y)) != dark.getpixel((x - 3 if x % 2 else x + 3, y))


def test_the_judge_sees_a_moved_word() -> None:
    """A word of 60 × 14 moved by two pixels is more than the tolerance; a soft edge is not."""
    one = Image.new("RGB", (400, 200), "white")
    ImageDraw.Draw(one).rectangle((100, 100, 160, 114), fill="black")
    moved = Image.new("RGB", (400, 200), "white")
    ImageDraw.Draw(moved).rectangle((102, 102, 162, 116), fill="black")
    soft = Image.new("RGB", (400, 200), (250, 250, 250))
    ImageDraw.Draw(soft).rectangle((100, 100, 160, 114), fill=(6, 6, 6))
    assert share_different(one, moved) > TOLERANCE
    assert share_different(one, soft) == 0
    assert share_different(one, Image.new("RGB", (400, 201))) == 1


def test_a_picture_that_differs_is_written_beside_its_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tests.pictures.compare as compare

    monkeypatch.setattr(compare, "GOLDEN", tmp_path / "golden")
    monkeypatch.setattr(compare, "OUT", tmp_path / "out")
    monkeypatch.delenv("ICHIDO_UPDATE_PICTURES", raising=False)
    (tmp_path / "golden").mkdir()
    picture = Picture("sheet", width=40, height=30)
    Image.new("RGB", (40, 30), "white").save(tmp_path / "golden" / f"{picture.name}.png")
    fresh = tmp_path / "fresh.png"
    Image.new("RGB", (40, 30), "black").save(fresh)
    assert "differs" in judge(picture, fresh)
    assert (tmp_path / "out" / f"{picture.name}-difference.png").exists()
    monkeypatch.setenv("ICHIDO_UPDATE_PICTURES", "1")
    assert judge(picture, fresh) == ""
    monkeypatch.delenv("ICHIDO_UPDATE_PICTURES")
    assert judge(picture, fresh) == ""
