"""The only owner of the operating system's keyring. It holds unlock keys only (DESIGN 7).

Only keyrings that encrypt are used, found by an allow-list: a plain-text back end that happens to be
installed (keyrings.alt) or named by the environment is never chosen. The library is imported at
first use.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import Known

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "ichido"
_ENCRYPTING = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
_NONE_HERE = (
    "このパソコンには、鍵をしまう場所(キーリング)がありません。合言葉か復旧キーで開けます。"
)
_T = TypeVar("_T")


class KeyRing:
    """Unlock keys of vaults in the person's own keyring, under the service name `ichido`.

    `backend` replaces the search in tests.
    """

    def __init__(self, backend: KeyringBackend | None = None) -> None:
        self._backend = backend

    def available(self) -> str:
        """ "" when a keyring can be used, else the sentence that says why not."""
        try:
            self._found()
        except Known as fault:
            return fault.sentence
        return ""

    def put(self, vault_id: str, key: bytes) -> None:
        """Keep the unlock key of a vault, and read it back to be sure.

        Raises:
            Known: there is no keyring, it is locked, or it did not keep the key.
        """
        text = base64.b64encode(key).decode("ascii")
        backend = self._found()
        self._ask(lambda: backend.set_password(SERVICE, vault_id, text))
        if self._ask(lambda: backend.get_password(SERVICE, vault_id)) != text:
            raise Known(
                "keyring-not-kept",
                "キーリングに鍵をしまえませんでした。合言葉で開けますので、そのままお使いください。",
            )

    def get(self, vault_id: str) -> bytes | None:
        """The unlock key of a vault, None when none is kept.

        Raises:
            Known: there is no keyring, it is locked, or what it holds is not a key.
        """
        backend = self._found()
        text = self._ask(lambda: backend.get_password(SERVICE, vault_id))
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Known(
                "keyring-not-a-key",
                "キーリングの中の鍵を読めません。合言葉で開いて、設定で鍵をしまい直してください。",
            ) from None

    def drop(self, vault_id: str) -> None:
        """Forget the unlock key of a vault; nothing happens when none is kept.

        Raises:
            Known: there is no keyring, or it is locked.
        """
        backend = self._found()
        if self._ask(lambda: backend.get_password(SERVICE, vault_id)) is not None:
            self._ask(lambda: backend.delete_password(SERVICE, vault_id))

    def _found(self) -> KeyringBackend:
        if self._backend is None:
            self._backend = _best()
        return self._backend

    def _ask(self, call: Callable[[], _T]) -> _T:
        """One call to the back end. Back ends raise many kinds of faults (D-Bus, KWallet, Windows);
        none may carry its text further, since it could hold the key."""
        from keyring.errors import InitError, KeyringLocked, NoKeyringError

        try:
            return call()
        except (KeyringLocked, InitError):
            raise Known(
                "keyring-locked",
                "キーリングに鍵がかかっています。キーリングを開くか、合言葉で開いてください。",
            ) from None
        except NoKeyringError:
            raise Known("keyring-none", _NONE_HERE) from None
        except Exception as fault:
            if _says_locked(fault):
                raise Known(
                    "keyring-locked",
                    "キーリングに鍵がかかっています。キーリングを開くか、合言葉で開いてください。",
                ) from None
            raise Known(
                "keyring-trouble",
                "キーリングが答えません。合言葉で開いてください。",
            ) from None


def encrypts(backend: object) -> bool:
    """Whether a back end is one of the operating systems' own, which encrypt."""
    return type(backend).__module__ in _ENCRYPTING


def _best() -> KeyringBackend:
    """The encrypting back end of the highest priority on this machine."""
    from keyring.backend import get_all_keyring

    found = [(float(b.priority), b) for b in get_all_keyring() if encrypts(b)]
    usable = [pair for pair in found if pair[0] > 0]
    if not usable:
        raise Known("keyring-none", _NONE_HERE)
    return max(usable, key=lambda pair: pair[0])[1]


def _says_locked(fault: Exception) -> bool:
    return any(word in type(fault).__name__ for word in ("Locked", "PromptDismissed"))
