"""Compares a window with its stored picture.

Pictures are rendered by child processes (render.py), one for each scale, since the scale of Qt is
fixed when its application starts. With ICHIDO_UPDATE_PICTURES=1 the stored pictures are replaced.
A picture that differs is written to out/pictures with its difference beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOLDEN = HERE / "golden"
OUT = ROOT / "out" / "pictures"
TOLERANCE = 0.001
"""The share of pixels that may differ."""
SAVED = TOLERANCE / 10
"""The share a stored picture may lose when its colours are reduced to 256, or may drift unsaved."""
STEP = 12
"""How far (of 255) one channel of a pixel may lie off before the pixel counts as different."""


@dataclass(frozen=True)
class Picture:
    """One picture: a scene of scenes/*.py in a theme, at a scale, text size and window size."""

    scene: str
    mode: str = "light"
    scale: int = 1
    text: int = 100
    width: int = 1280
    height: int = 800

    @property
    def name(self) -> str:
        """The file name without its ending."""
        parts = [self.scene, self.mode]
        if self.text != 100:
            parts.append(f"text{self.text}")
        if (self.width, self.height) != (1280, 800):
            parts.append(f"{self.width}x{self.height}")
        if self.scale != 1:
            parts.append(f"{self.scale}00pct")
        return "-".join(parts)

    @property
    def order(self) -> str:
        """The picture as render.py takes it on its command line."""
        return f"{self.scene}:{self.mode}:{self.text}:{self.width}x{self.height}:{self.name}"


def usual(scene: str) -> list[Picture]:
    """The pictures every page has: both themes at 100 and 200 %, 130 % text, and 960 × 600."""
    return [
        Picture(scene, "light"),
        Picture(scene, "dark"),
        Picture(scene, "light", scale=2),
        Picture(scene, "dark", scale=2),
        Picture(scene, "light", text=130),
        Picture(scene, "light", width=960, height=600),
    ]


def render(pictures: Iterable[Picture], folder: Path) -> None:
    """Renders the pictures into `folder`, one child process for each scale. Raises on its failure."""
    by_scale: dict[int, list[Picture]] = {}
    for picture in pictures:
        by_scale.setdefault(picture.scale, []).append(picture)
    for scale, group in by_scale.items():
        done = subprocess.run(
            [sys.executable, str(HERE / "render.py"), str(folder), *(p.order for p in group)],
            env=_environment(scale, folder),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"rendering at {scale}00 % failed:\n{done.stdout}\n{done.stderr}")


def _environment(scale: int, folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "LC_", "LANG"))}
    return {
        **kept,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(scale),
        "FONTCONFIG_FILE": str(HERE / "fonts.conf"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "LC_ALL": "C.UTF-8",
        "TZ": "Asia/Tokyo",
        "PYTHONPATH": str(ROOT),
    }


def opened(path: Path) -> Image.Image:
    """A picture in RGB, its file closed again."""
    with Image.open(path) as file:
        return file.convert("RGB")


def _small(image: Image.Image) -> Image.Image:
    """The picture in 256 colours when that changes next to nothing, else as it is."""
    counted = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    rest = image.quantize(208, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    kept = [colour for _, colour in counted[:48]]
    kept += list(zip(rest[0::3], rest[1::3], rest[2::3], strict=True))[: 256 - len(kept)]
    index = {colour: _nearest(colour, kept) for _, colour in counted}
    index.update({colour: place for place, colour in enumerate(kept[:48])})  # flat fills stay exact
    raw = image.tobytes()
    pixels = zip(raw[0::3], raw[1::3], raw[2::3], strict=True)
    few = Image.frombytes("P", image.size, bytes(map(index.__getitem__, pixels)))
    few.putpalette([level for colour in kept for level in colour])
    return few if share_different(image, few.convert("RGB")) <= SAVED else image


def _nearest(colour: tuple[int, ...], kept: list[tuple[int, ...]]) -> int:
    red, green, blue = colour
    gaps = [(red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2 for r, g, b in kept]
    return gaps.index(min(gaps))


def share_different(one: Image.Image, other: Image.Image) -> float:
    """The share (0 to 1) of pixels that differ by more than STEP in a channel; 1 for other sizes."""
    if one.size != other.size:
        return 1.0
    counts = _mask(one, other).histogram()
    return counts[255] / (one.width * one.height)


def _mask(one: Image.Image, other: Image.Image) -> Image.Image:
    red, green, blue = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return worst.point([255 if level > STEP else 0 for level in range(256)])


def judge(picture: Picture, fresh: Path) -> str:
    """Compares one rendered picture with the stored one; gives "" or what differs."""
    stored = GOLDEN / f"{picture.name}.png"
    image = opened(fresh)
    if os.environ.get("ICHIDO_UPDATE_PICTURES") == "1":
        if not stored.exists() or share_different(image, opened(stored)) > SAVED:
            GOLDEN.mkdir(exist_ok=True)
            _small(image).save(stored, optimize=True)
        return ""
    if not stored.exists():
        _keep(picture, image, None)
        return f"no stored picture {stored.name}; ICHIDO_UPDATE_PICTURES=1 makes it"
    golden = opened(stored)
    share = share_different(image, golden)
    if share <= TOLERANCE:
        return ""
    _keep(picture, image, golden)
    sizes = f"{image.size} against {golden.size}" if image.size != golden.size else f"{share:.3%}"
    return f"{picture.name} differs: {sizes}; see {OUT}"


def _keep(picture: Picture, image: Image.Image, golden: Image.Image | None) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    image.save(OUT / f"{picture.name}.png")
    if golden is not None and golden.size == image.size:
        pale = Image.blend(image, Image.new("RGB", image.size, "white"), 0.7)
        pale.paste((220, 0, 90), mask=_mask(image, golden))
        pale.save(OUT / f"{picture.name}-difference.png")
