"""The door list: exact hosts, nothing that only looks like one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl

from app.views.browser_policy import (
    BrowserPolicy,
    Standing,
    ascii_host,
    decoded_host,
    policy,
)

DOORS = ("https://gbiz-id.go.jp/oauth/", "https://account.e-gov.go.jp/auth")
BACK = "http://127.0.0.1:17110/callback"


@pytest.fixture
def real() -> BrowserPolicy:
    return policy(DOORS, BACK, practice=False, parts=("https://static.e-gov.go.jp/",))


@pytest.mark.parametrize(
    ("address", "standing"),
    [
        ("https://gbiz-id.go.jp/top/login", Standing.LISTED),
        ("https://GBIZ-ID.go.jp:443/top", Standing.LISTED),
        ("https://gbiz-id.go.jp:8443/top", Standing.UNLISTED),
        ("https://gbiz-id.go.jp./top", Standing.UNLISTED),
        ("https://gbiz-id.go.jp.example.com/", Standing.UNLISTED),
        ("https://xgbiz-id.go.jp/", Standing.UNLISTED),
        ("https://www.gbiz-id.go.jp/", Standing.UNLISTED),
        ("https://gbiz-id.go.jp@evil.example/", Standing.SCHEME),
        ("https://someone:pass@gbiz-id.go.jp/", Standing.SCHEME),
        ("https://gbız-id.go.jp/", Standing.UNLISTED),
        ("https://static.e-gov.go.jp/", Standing.UNLISTED),
        ("http://gbiz-id.go.jp/", Standing.INSECURE),
        ("http://127.0.0.1:8000/", Standing.INSECURE),
        ("file:///etc/passwd", Standing.SCHEME),
        ("javascript:alert(1)", Standing.SCHEME),
        ("data:text/html,x", Standing.SCHEME),
        ("blob:https://gbiz-id.go.jp/1", Standing.SCHEME),
        ("view-source:https://gbiz-id.go.jp/", Standing.SCHEME),
        ("chrome://gpu", Standing.SCHEME),
        ("mailto:a@example.jp", Standing.SCHEME),
        ("about:blank", Standing.NONE),
        ("about:version", Standing.SCHEME),
    ],
)
def test_only_a_doors_exact_host_may_be_the_page(
    real: BrowserPolicy, address: str, standing: Standing
) -> None:
    assert real.top_level(QUrl(address)) is standing


def test_parts_come_from_doors_and_the_second_list_only(real: BrowserPolicy) -> None:
    assert real.part(QUrl("https://static.e-gov.go.jp/a.png"), frame=False)
    assert real.part(QUrl("wss://gbiz-id.go.jp/live"), frame=False)
    assert real.part(QUrl("data:image/png;base64,AA"), frame=False)
    assert not real.part(QUrl("data:text/html,x"), frame=True)
    assert not real.part(QUrl("ws://gbiz-id.go.jp/live"), frame=False)
    assert not real.part(QUrl("https://evil.example/a.js"), frame=False)
    assert not real.part(QUrl(BACK), frame=True)


@pytest.mark.parametrize(
    ("address", "same"),
    [
        (BACK + "?code=x&state=y", True),
        (BACK, True),
        ("http://127.0.0.1:17111/callback?code=x", False),
        ("https://127.0.0.1:17110/callback?code=x", False),
        ("http://localhost:17110/callback?code=x", False),
        ("http://127.0.0.1:17110/callback/?code=x", False),
        ("http://127.0.0.1:17110/Callback?code=x", False),
        ("http://a@127.0.0.1:17110/callback?code=x", False),
        ("http://127.0.0.1:17110/x/../callback2?code=x", False),
    ],
)
def test_the_return_address_is_compared_whole(
    real: BrowserPolicy, address: str, same: bool
) -> None:
    assert real.is_return(QUrl(address)) is same


def test_practice_and_real_never_mix() -> None:
    with pytest.raises(ValueError, match="practice"):
        policy(("http://127.0.0.1:8000/",), BACK, practice=False)
    with pytest.raises(ValueError, match="practice"):
        policy(DOORS, BACK, practice=True)
    with pytest.raises(ValueError, match="http"):
        policy(("http://gbiz-id.go.jp/",), BACK, practice=False)


def test_a_pin_counts_only_in_practice_on_this_machine() -> None:
    pin = "ab" * 32
    with pytest.raises(ValueError, match="pin"):
        policy(DOORS, BACK, practice=False, pin=pin)
    town = policy(("https://127.0.0.1:9443/",), BACK, practice=True, pin=pin.upper())
    assert town.pinned(QUrl("https://127.0.0.1:9443/x"), pin)
    assert not town.pinned(QUrl("https://127.0.0.1:9443/x"), "cd" * 32)
    assert not town.pinned(QUrl("https://gbiz-id.go.jp/"), pin)
    assert not town.pinned(QUrl("https://127.0.0.1:9443/x"), "")


def test_a_host_of_other_letters_is_shown_both_ways() -> None:
    host = ascii_host(QUrl("https://gbız-id.go.jp/"))
    assert host.startswith("xn--")
    assert decoded_host(host) == "gbız-id.go.jp"
    assert decoded_host("gbiz-id.go.jp") == ""
    assert decoded_host("xn--\u00e9.example") == ""
