"""Can a window and the embedded browser start here? Asked of a child process, which may die of it.

As root, or where the system gives no user namespaces, Chromium ends its whole process when it cannot
build its sandbox. So a child tries first; when it dies the sign-in takes the system-browser way.
The child prints a JSON line after each step, each with all that is known by then, so the last line
that came is the answer: {"window": true, "window_note": …, "browser": true, "browser_note": …}.

The sandbox is never switched off for a person: `guard_sandbox_environment` removes the switches that
would do it. Tests that must run as root set ICHIDO_TEST_NO_SANDBOX=1, which counts only under pytest.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TEST_SWITCH = "ICHIDO_TEST_NO_SANDBOX"
SANDBOX_SWITCH = "QTWEBENGINE_DISABLE_SANDBOX"
_FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"
# Each of these can weaken the browser: no sandbox, a debugging port, another engine, TLS keys on disk.
UNSAFE_VARIABLES = (
    SANDBOX_SWITCH,
    _FLAGS,
    "QTWEBENGINE_REMOTE_DEBUGGING",
    "QTWEBENGINEPROCESS_PATH",
    "QTWEBENGINE_RESOURCES_PATH",
    "SSLKEYLOGFILE",
)
UNSAFE_ARGUMENTS = ("--no-sandbox", "--webEngineArgs", "--disable-web-security")
# Chromium writes nothing and calls nobody of its own accord.
OUR_FLAGS = (
    "--disable-gpu-shader-disk-cache --disable-breakpad --disable-background-networking "
    "--no-pings --disable-domain-reliability --disable-component-update"
)
REFUSED_SENTENCE = (
    "ブラウザの守り(サンドボックス)を外す指定がありましたので、使わずに始めます。"
    "守りのないブラウザでは、サインインできません。"
)


@dataclass(frozen=True)
class ProbeResult:
    """What the child could start. `reason` is a short English id; `sentence` says it in Japanese."""

    window: bool
    webengine: bool
    reason: str = ""
    detail: str = ""

    @property
    def sentence(self) -> str:
        """What this means for the person, or "" when the embedded browser can be used."""
        if self.webengine:
            return ""
        why = {
            "root": "管理者(root)として動いているため、内蔵ブラウザを安全に開けません。",
            "sandbox": "このパソコンの設定では、内蔵ブラウザを安全に開けません。",
            "missing": "このパソコンには、内蔵ブラウザの部品がそろっていません。",
            "slow": "内蔵ブラウザが、時間内に立ち上がりませんでした。",
        }.get(self.reason, "内蔵ブラウザを開けませんでした。")
        return f"{why}\nいつものブラウザでサインインします。"


def under_tests(environ: Mapping[str, str]) -> bool:
    """Whether pytest runs this program (pytest sets PYTEST_VERSION for itself and its children)."""
    return bool(environ.get("PYTEST_VERSION"))


def guard_sandbox_environment(
    environ: MutableMapping[str, str], testing: bool, arguments: list[str] | None = None
) -> str:
    """Remove every switch that would weaken the embedded browser, and set our own.

    Call before any Qt import. `arguments` (sys.argv) is cleaned in place too. With `testing` and
    ICHIDO_TEST_NO_SANDBOX=1 the sandbox is off: root has none. Returns the sentence to show, or "".
    """
    allowed = testing and environ.get(TEST_SWITCH) == "1"
    found = [name for name in UNSAFE_VARIABLES if environ.pop(name, None) not in (None, OUR_FLAGS)]
    if arguments is not None:
        kept = [a for a in arguments if a.split("=")[0] not in UNSAFE_ARGUMENTS]
        if len(kept) != len(arguments):
            found.append("arguments")
            arguments[:] = kept
    environ[_FLAGS] = OUR_FLAGS
    if allowed:
        environ[SANDBOX_SWITCH] = "1"
    elif environ.pop(TEST_SWITCH, None) is not None:
        found.append(TEST_SWITCH)
    return REFUSED_SENTENCE if found and not allowed else ""


def probe_command() -> list[str]:
    """The command that runs `main` in a process of its own."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--probe"]
    return [sys.executable, "-m", "app.views.probe"]


def _told(output: str) -> dict[str, object]:
    """The last thing the child could say before it ended."""
    told: dict[str, object] = {}
    for line in output.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and "window" in said:
            told = said
    return told


def _reason(stderr: str, returncode: int | None) -> str:
    """A short id for why the child got no page."""
    said = stderr.lower()
    if "running as root" in said:
        return "root"
    if "sandbox" in said or "user namespace" in said:
        return "sandbox"
    if "modulenotfounderror" in said or "importerror" in said or "cannot open shared" in said:
        return "missing"
    return "slow" if returncode is None else "ended"


def probe_webengine(command: Sequence[str] | None = None, timeout: float = 20.0) -> ProbeResult:
    """Try a window and a page in a child process; blocks up to `timeout` seconds, so use a thread."""
    import subprocess  # here, because the first window reads the guard above from this module

    root = Path(__file__).resolve().parents[2]
    try:
        child = subprocess.run(
            list(command or probe_command()),
            cwd=None if getattr(sys, "frozen", False) else root,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        text = late.stdout if isinstance(late.stdout, str) else (late.stdout or b"").decode()
        return ProbeResult(bool(_told(text).get("window")), False, "slow")
    except OSError as fault:
        return ProbeResult(False, False, "missing", type(fault).__name__)
    told = _told(child.stdout)
    window = bool(told.get("window"))
    if told.get("browser") and child.returncode == 0:
        return ProbeResult(window, True)
    last = child.stderr.strip().splitlines()[-1:] or [""]
    reason = _reason(child.stderr, child.returncode)
    return ProbeResult(window, False, reason, last[0][:200])


def _say(told: Mapping[str, object]) -> None:
    """One JSON line, at once: the next step may end this process."""
    print(json.dumps(told, ensure_ascii=False), flush=True)


def main() -> int:
    """The child: a window, then a page in an off-the-record profile. Returns the exit code."""
    guard_sandbox_environment(os.environ, under_tests(os.environ), sys.argv)
    if (
        not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
        and sys.platform == "linux"
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DisableShaderDiskCache)
    qt = QApplication([sys.argv[0]])
    window = QWidget()
    window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    window.setWindowFlag(Qt.WindowType.Tool)
    window.resize(8, 8)
    window.show()
    told: dict[str, object] = {"window": True, "window_note": qt.platformName()}
    _say(told)
    from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, qWebEngineChromiumVersion
    from shiboken6 import delete

    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    loaded: list[bool] = []
    page.loadFinished.connect(loaded.append)
    page.loadFinished.connect(qt.quit)
    page.setHtml("<!doctype html><title>probe</title>")
    QTimer.singleShot(15_000, qt.quit)
    qt.exec()
    delete(page)
    delete(profile)
    version: object = qWebEngineChromiumVersion()  # typed as bytes, given as text
    chromium = version.decode() if isinstance(version, bytes) else str(version)
    ok = loaded[:1] == [True]
    _say(told | {"browser": ok, "browser_note": f"Chromium {chromium}"})
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
