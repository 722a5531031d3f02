"""The release tool: its arguments, what it prunes, its check; the real build in `make soak`."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def tool(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("release_tool", root / "packaging/release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("words", [[], ["publish"], ["check"], ["build", "--output", "x"]])
def test_what_it_does_not_understand_is_refused(
    tool: ModuleType, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        tool.main(words)
    assert refused.value.code == 2
    assert "usage:" in capsys.readouterr().err


def _fake_build(inside: Path) -> None:
    for name in (
        "PySide6/QtWidgets.abi3.so",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/lib/libQt6Qml.so.6",
        "PySide6/Qt/lib/libQt6WebEngineCore.so.6",
        "PySide6/Qt/lib/libQt6Charts.so.6",
        "PySide6/Qt/lib/libQt63DCore.so.6",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/resources/icudtl.dat",
        "PySide6/Qt/resources/qtwebengine_resources.pak",
        "PySide6/Qt/resources/qtwebengine_devtools_resources.pak",
        "PySide6/Qt/translations/qtbase_ja.qm",
        "PySide6/Qt/translations/qtwebengine_locales/ja.pak",
        "PySide6/Qt/translations/qtwebengine_locales/en-US.pak",
        "PySide6/Qt/translations/qtwebengine_locales/de.pak",
        "resources/icons/ichido.svg",
        "resources/qml/kept.txt",
    ):
        path = inside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 10)


def test_pruning_takes_what_is_never_loaded_and_nothing_else(
    tool: ModuleType, tmp_path: Path
) -> None:
    _fake_build(tmp_path)
    (tmp_path / "libQt6Charts.so.6").symlink_to("PySide6/Qt/lib/libQt6Charts.so.6")
    (tmp_path / "libQt6Widgets.so.6").symlink_to("PySide6/Qt/lib/libQt6Widgets.so.6")
    before = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if not p.is_dir()}
    tool.prune(tmp_path)
    after = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if not p.is_dir()}
    assert before - after == {
        "PySide6/Qt/lib/libQt6Charts.so.6",
        "PySide6/Qt/lib/libQt63DCore.so.6",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/resources/qtwebengine_devtools_resources.pak",
        "PySide6/Qt/translations/qtwebengine_locales/de.pak",
        "libQt6Charts.so.6",
    }
    assert tool.size_of(tmp_path) == 12 * 10  # twelve files; the link that is left counts nothing


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in program is a shell script")
@pytest.mark.parametrize("code", [0, 1])
def test_check_runs_the_program_and_gives_its_answer(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    program = tmp_path / "ichido"
    program.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/asked"\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setenv("DISPLAY", ":0")  # so that no virtual screen is started
    assert tool.main(["check", str(tmp_path)]) == code
    assert (tmp_path / "asked").read_text() == "check\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only there a virtual screen is needed")
def test_check_says_what_is_missing_for_a_virtual_screen(
    tool: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tool.check(tmp_path) == 1
    assert "apt-get install" in capsys.readouterr().err


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    out = tmp_path_factory.mktemp("release")
    done = subprocess.run(
        [sys.executable, str(root / "packaging/release.py"), "build", "--out", str(out)],
        cwd=root, capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "○ 暗号化した金庫" in done.stdout
    yield out / "ichido" / "ichido"
    shutil.rmtree(out)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="builds for Linux")
def test_the_built_program_has_all_its_commands(built: Path, root: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "ICHIDO_HOME": str(tmp_path)}
    sample = root / "resources/procedures/mhlw/koyou_hoken_shikaku_shutoku"
    (tmp_path / "no.zip").write_text("no")
    for words, code in ((["pack", "check", str(sample)], 0), (["verify", str(tmp_path / "no.zip")], 1)):  # fmt: skip
        done = subprocess.run(
            [str(built), *words], env=environment, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == code
        assert b"Traceback" not in done.stderr
    town = subprocess.Popen(
        [str(built), "town", "--with-parent"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert town.stdout is not None
    assert json.loads(town.stdout.readline())["control_token"]
    town.communicate(timeout=20)  # its parent has gone: it ends by itself


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="needs a virtual screen (Xvfb)")
def test_the_built_program_opens_its_window_and_its_town(built: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "ICHIDO_HOME": str(tmp_path)}
    environment.pop("QT_QPA_PLATFORM", None)
    program = subprocess.Popen(
        ["xvfb-run", "-a", str(built)], env=environment, start_new_session=True
    )
    try:
        end = time.monotonic() + 60
        while not _running(built, "town"):
            assert program.poll() is None, "the program ended by itself"
            assert time.monotonic() < end, "the town was not started"
            time.sleep(0.2)
    finally:
        os.killpg(program.pid, signal.SIGTERM)  # xvfb-run alone would leave its program behind
        program.wait(timeout=20)


def _running(program: Path, word: str) -> bool:
    """Whether a process of this built program runs with the word as its command (Linux)."""
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile
            continue
        if words[:2] == [os.fsencode(program), word.encode()]:
            return True
    return False
