"""The keyring: in memory, refused back ends, and a real Secret Service on a private bus."""

from __future__ import annotations

import base64
import subprocess
import sys

import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from app.domain.errors import Known
from app.services.keys import KeyRing, encrypts
from tests.services.secret_service import lock_collections, secret_service

KEY = bytes(range(32))


class InMemory(keyring.backend.KeyringBackend):
    """A back end that keeps secrets in a dict."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.fault: Exception | None = None
        self.forgetful = False

    def set_password(self, service, username, password):
        if self.fault:
            raise self.fault
        if not self.forgetful:
            self.kept[(service, username)] = password

    def get_password(self, service, username):
        if self.fault:
            raise self.fault
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        del self.kept[(service, username)]


def test_a_key_is_kept_found_and_dropped():
    backend = InMemory()
    ring = KeyRing(backend)
    assert ring.available() == ""
    assert ring.get("vault-1") is None
    ring.put("vault-1", KEY)
    ring.put("みなと製菓", b"other")
    assert ring.get("vault-1") == KEY
    assert set(backend.kept) == {("ichido", "vault-1"), ("ichido", "みなと製菓")}
    ring.drop("vault-1")
    ring.drop("vault-1")
    assert ring.get("vault-1") is None
    assert ring.get("みなと製菓") == b"other"


def test_a_ring_that_forgets_is_noticed():
    backend = InMemory()
    backend.forgetful = True
    with pytest.raises(Known) as fault:
        KeyRing(backend).put("v", KEY)
    assert fault.value.code == "keyring-not-kept"


def test_what_is_not_a_key_is_not_taken():
    backend = InMemory()
    backend.kept[("ichido", "v")] = "not base64!"
    with pytest.raises(Known) as fault:
        KeyRing(backend).get("v")
    assert fault.value.code == "keyring-not-a-key"


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (KeyringLocked("x"), "keyring-locked"),
        (InitError("x"), "keyring-locked"),
        (NoKeyringError("x"), "keyring-none"),
        (OSError("AAECAwQFBgc="), "keyring-trouble"),
        (type("PromptDismissedException", (Exception,), {})("x"), "keyring-locked"),
    ],
)
def test_every_fault_of_a_back_end_is_a_sentence_without_its_text(raised, code):
    backend = InMemory()
    backend.fault = raised
    for call in (lambda r: r.get("v"), lambda r: r.put("v", KEY), lambda r: r.drop("v")):
        with pytest.raises(Known) as fault:
            call(KeyRing(backend))
        assert fault.value.code == code
        assert "合言葉" in fault.value.sentence
        assert "AAEC" not in str(fault.value)
        assert fault.value.__suppress_context__


def test_only_back_ends_that_encrypt_are_taken(monkeypatch):
    class PlaintextKeyring(InMemory):
        priority = 100

    PlaintextKeyring.__module__ = "keyrings.alt.file"
    plain = PlaintextKeyring()
    assert not encrypts(plain)
    assert not encrypts(keyring.backends.fail.Keyring())
    assert not encrypts(keyring.backends.null.Keyring())
    found: list[object] = [plain, keyring.backends.fail.Keyring()]
    monkeypatch.setattr(keyring.backend, "get_all_keyring", lambda: found)
    ring = KeyRing()
    assert "キーリング)がありません" in ring.available()
    with pytest.raises(Known) as fault:
        ring.put("v", KEY)
    assert fault.value.code == "keyring-none"
    assert plain.kept == {}

    class SecretService(InMemory):
        priority = 5

    SecretService.__module__ = "keyring.backends.SecretService"
    real = SecretService()
    found.append(real)
    ring.put("v", KEY)
    assert len(real.kept) == 1
    assert plain.kept == {}


def test_a_machine_without_a_keyring_says_so_even_when_plain_text_is_asked_for():
    """Headless, with PYTHON_KEYRING_BACKEND pointing at a back end that keeps nothing safe."""
    program = (
        "from app.services.keys import KeyRing; from app.domain.errors import Known\n"
        "ring = KeyRing(); print(ring.available())\n"
        "try: ring.put('v', b'k')\n"
        "except Known as fault: print(fault.code)\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, timeout=60,
        env={"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "PATH": "/usr/bin:/bin",
             "HOME": "/nonexistent", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
             "PYTHONIOENCODING": "utf-8", "PYTHONPATH": ":".join(p for p in sys.path if p) or "."},
    )  # fmt: skip
    sentence, code = shown.stdout.split("\n")[:2]
    assert "合言葉か復旧キーで開けます" in sentence
    assert code == "keyring-none"


@pytest.mark.keyring
def test_a_real_secret_service_keeps_keys():
    with secret_service() as home:
        ring = KeyRing()
        assert ring.available() == ""
        ring.put("会社-1", KEY)
        assert KeyRing().get("会社-1") == KEY
        assert ring.get("会社-2") is None
        ring.put("会社-1", KEY[::-1])
        assert ring.get("会社-1") == KEY[::-1]
        files = [f for f in home.rglob("*") if f.is_file()]
        assert files
        for file in files:
            content = file.read_bytes()
            assert KEY[::-1] not in content
            assert base64.b64encode(KEY[::-1])[:16] not in content
        ring.drop("会社-1")
        assert ring.get("会社-1") is None


@pytest.mark.keyring
def test_a_locked_collection_of_a_real_secret_service_is_a_sentence(monkeypatch):
    import secretstorage

    opened = []
    open_bus = secretstorage.dbus_init
    monkeypatch.setattr(secretstorage, "dbus_init", lambda: opened.append(open_bus()) or opened[-1])
    with secret_service():
        ring = KeyRing()
        ring.put("会社-1", KEY)
        lock_collections()
        for call in (lambda: ring.get("会社-1"), lambda: ring.put("会社-3", KEY)):
            assert _code_of(call) == "keyring-locked"
        # The library leaves the connection of a refused call open; nobody but us can close it.
        for connection in opened:
            connection.close()


def _code_of(call) -> str:
    with pytest.raises(Known) as fault:
        call()
    return fault.value.code
