"""Attacks on the OpenID client: each is refused, by its code."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.domain.errors import BadInput, Known, Refused
from app.services.connectors.oidc import (
    parse_returned,
)
from tests.services.certificates import rsa_key
from tests.services.openid_provider import (
    CLIENT,
    REDIRECT,
    SECRET,
    OpenIdProvider,
    Watch,
    b64,
    client_of,
    hs256,
    jwk,
    public_pem,
    rs256,
)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def provider(watch):
    return OpenIdProvider(watch)


@pytest.fixture
def client(provider, watch):
    return client_of(provider, watch)


def refused(client, provider, code, **returned):
    """Sign in and expect this refusal."""
    request = client.start()
    with pytest.raises(Known) as fault:
        client.finish(request, provider.authorize(request.url, **returned))
    assert fault.value.code == code
    return fault.value


# ---- attacks on the ID token --------------------------------------------------------------------

WRONG_CLAIMS = [
    ("oidc-iss", {"iss": "http://127.0.0.1:9000/oauth"}),
    ("oidc-iss", {"iss": "https://evil.example/"}),
    ("oidc-aud", {"aud": "another"}),
    ("oidc-aud", {"aud": ["another"]}),
    ("oidc-aud", {"aud": {"soft-ware-1": 1}}),
    ("oidc-azp", {"aud": [CLIENT, "another"]}),
    ("oidc-azp", {"aud": [CLIENT, "another"], "azp": "another"}),
    ("oidc-azp", {"azp": "another"}),
    ("oidc-nonce", {"nonce": "another"}),
    ("oidc-nonce", {"nonce": 7}),
    ("oidc-exp", {"exp": "2099-01-01"}),
    ("oidc-exp", {"exp": True}),
    ("oidc-exp", {"exp": 1e30}),
    ("oidc-auth-time", {"auth_time": "yesterday"}),
    ("oidc-sub", {"sub": ""}),
    ("oidc-sub", {"sub": 1242}),
    ("oidc-at-hash", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
]


@pytest.mark.parametrize(("code", "claims"), WRONG_CLAIMS)
def test_a_wrong_claim_is_refused(client, provider, code, claims):
    provider.claims = claims
    refused(client, provider, code)


@pytest.mark.parametrize(
    ("name", "code"),
    [("iss", "oidc-iss"), ("aud", "oidc-aud"), ("nonce", "oidc-nonce"), ("exp", "oidc-exp"),
     ("iat", "oidc-iat"), ("sub", "oidc-sub")],
)  # fmt: skip
def test_a_missing_claim_is_refused(client, provider, name, code):
    provider.without = {name}
    refused(client, provider, code)


@pytest.mark.parametrize(
    ("shift", "code"),
    [
        ({"exp": -61}, "oidc-expired"),
        ({"exp": -59}, None),
        ({"iat": 61}, "oidc-iat"),
        ({"iat": 59}, None),
        ({"auth_time": 61}, "oidc-auth-time"),
        ({"nbf": 61}, "oidc-nbf"),
    ],
)
def test_the_clock_may_be_sixty_seconds_off(client, provider, watch, shift, code):
    now = int(watch.now.timestamp())
    provider.claims = {name: now + seconds for name, seconds in shift.items()}
    if code:
        refused(client, provider, code)
    else:
        request = client.start()
        assert client.finish(request, provider.authorize(request.url))


def test_max_age_wants_a_recent_authentication(provider, watch):
    client = client_of(provider, watch, max_age=300)
    provider.claims = {"auth_time": int(watch.now.timestamp()) - 361}
    refused(client, provider, "oidc-auth-time")
    provider.claims, provider.without = {}, {"auth_time"}
    refused(client, provider, "oidc-auth-time")


def test_alg_none_is_refused(client, provider):
    provider.head, provider.sign = {"alg": "none"}, lambda _: b""
    refused(client, provider, "oidc-token-shape")
    provider.sign = lambda _: b"x"
    refused(client, provider, "oidc-alg")
    for alg in ("None", "nOnE", "RS512", "PS256", "ES256", "rs256"):
        provider.head = {"alg": alg}
        refused(client, provider, "oidc-alg")


@pytest.mark.parametrize("secret", [public_pem(rsa_key("first")), SECRET.encode(), b""])
def test_hs256_with_the_public_key_or_the_client_secret_is_refused(client, provider, secret):
    provider.head = {"alg": "HS256"}
    provider.sign = lambda signed: hs256(signed, secret)
    refused(client, provider, "oidc-alg")


def test_hs256_bytes_under_an_rs256_head_are_refused(client, provider):
    provider.sign = lambda signed: hs256(signed, public_pem(provider.key))
    refused(client, provider, "oidc-signature")


def test_a_key_brought_along_in_the_head_is_never_used(client, provider):
    thief = rsa_key("thief")
    provider.sign = lambda signed: rs256(signed, thief)
    for head in (
        {"jwk": jwk(thief, "k1")},
        {"jku": "http://127.0.0.1:9000/thief.json"},
        {"x5u": "http://127.0.0.1:9000/thief.pem"},
    ):
        provider.head = head
        refused(client, provider, "oidc-signature")
    assert provider.count("thief.json") == 0


def test_a_changed_claim_breaks_the_signature(client, provider):
    honest = provider.id_token

    def forged(nonce="", access_token=""):
        head, body, signature = honest(nonce, access_token).split(".")
        claims = json.loads(__import__("base64").urlsafe_b64decode(body + "=="))
        return f"{head}.{b64(json.dumps(claims | {'sub': '9999'}).encode())}.{signature}"

    provider.id_token = forged
    refused(client, provider, "oidc-signature")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c.d", "..", "e30.e30.AA", "*.*.*", "x" * 20_000])
def test_a_token_that_is_none_is_refused(client, provider, token):
    provider.answer = {"id_token": token}
    request = client.start()
    with pytest.raises(Refused):
        client.finish(request, provider.authorize(request.url))


def test_critical_extensions_are_refused(client, provider):
    provider.head = {"crit": ["exp"], "exp": 1}
    refused(client, provider, "oidc-token-shape")


# ---- keys ---------------------------------------------------------------------------------------


def test_the_named_key_of_two_is_used_and_a_swapped_kid_refused(client, provider):
    second = rsa_key("second")
    provider.keys = [jwk(second, "k2"), jwk(provider.key, "k1")]
    request = client.start()
    assert client.finish(request, provider.authorize(request.url))
    provider.kid = "k2"  # signed by the first, named as the second
    refused(client, provider, "oidc-signature")


def test_an_unknown_kid_fetches_the_keys_again_once(client, provider):
    request = client.start()
    client.finish(request, provider.authorize(request.url))
    assert provider.count("jwks.json") == 1
    provider.kid, provider.key = "k2", rsa_key("second")
    provider.keys = [jwk(provider.key, "k2")]  # the provider changed its keys
    request = client.start()
    assert client.finish(request, provider.authorize(request.url))
    assert provider.count("jwks.json") == 2
    provider.kid = "k3"
    refused(client, provider, "oidc-kid")
    assert provider.count("jwks.json") == 3


def test_a_token_without_a_kid_is_refused(client, provider):
    provider.head = {"kid": ""}
    refused(client, provider, "oidc-kid")


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([jwk(rsa_key("first"), f"k{n}") for n in range(21)], "oidc-keys-large"),
        ({"keys": [], "padding": "x" * 70_000}, "oidc-keys-large"),
        ([jwk(rsa_key("first"), "k1"), jwk(rsa_key("thief"), "k1")], "oidc-keys-twice"),
        ([jwk(rsa_key("small", 1024), "k1")], "oidc-key-size"),
        ([jwk(rsa_key("first"), "k1", e="AQ")], "oidc-key-size"),
        ([jwk(rsa_key("first"), "k1", n=b64(b"\x80" + b"\xff" * 2048))], "oidc-key-size"),
        ([{"kty": "RSA", "kid": "k1"}], "oidc-keys"),
        ([{"kty": "oct", "kid": "k1", "k": b64(b"secret" * 8)}], "oidc-kid"),
        ([jwk(rsa_key("first"), "k1", use="enc")], "oidc-kid"),
        ([jwk(rsa_key("first"), "k1", alg="PS256")], "oidc-kid"),
        ({"keys": "k1"}, "oidc-keys"),
        ({"keys": ["k1"]}, "oidc-keys"),
        ({}, "oidc-keys"),
    ],
)
def test_a_key_set_nobody_should_trust(client, provider, keys, code):
    provider.keys = keys
    refused(client, provider, code)


# ---- attacks on the way back --------------------------------------------------------------------


def test_another_state_is_refused_and_spends_nothing(client, provider):
    request = client.start()
    returned = provider.authorize(request.url)
    for forged in ("x", "", request.state[:-1]):
        with pytest.raises(Refused) as fault:
            client.finish(request, returned.replace(request.state, forged))
        assert fault.value.code == "oidc-state"
    assert provider.count("/token") == 0
    assert client.finish(request, returned), "the real answer is still taken"


def test_an_answer_is_used_once(client, provider):
    request = client.start()
    returned = provider.authorize(request.url)
    client.finish(request, returned)
    with pytest.raises(Refused) as fault:
        client.finish(request, returned)
    assert fault.value.code == "oidc-request-used"
    assert provider.count("/token") == 1


def test_a_replayed_code_is_refused_by_its_code(client, provider):
    first = client.start()
    returned = provider.authorize(first.url)
    client.finish(first, returned)
    second = client.start()
    stolen = returned.replace(first.state, second.state)
    with pytest.raises(Refused) as fault:
        client.finish(second, stolen)
    assert fault.value.code == "oidc-code-used"


def test_a_code_of_another_attempt_fails_on_its_verifier(client, provider):
    theirs, ours = client.start(), client.start()
    injected = provider.authorize(theirs.url).replace(theirs.state, ours.state)
    with pytest.raises(Refused) as fault:
        client.finish(ours, injected)
    assert fault.value.code == "oidc-code-used"


def test_ten_minutes(client, provider, watch):
    request = client.start()
    returned = provider.authorize(request.url)
    watch.now += timedelta(minutes=10, seconds=1)
    with pytest.raises(Refused) as fault:
        client.finish(request, returned)
    assert fault.value.code == "oidc-request-expired"
    assert provider.count("/token") == 0


def test_mix_up_another_issuer_in_the_answer(client, provider):
    refused(client, provider, "oidc-iss-response", iss="https://evil.example/")
    request = client.start()
    assert client.finish(request, provider.authorize(request.url, iss=provider.issuer))


def test_mix_up_a_provider_that_promises_iss_must_send_it(provider, watch):
    provider.document = {"authorization_response_iss_parameter_supported": True}
    refused(client_of(provider, watch), provider, "oidc-iss-response")


@pytest.mark.parametrize(
    "twist",
    [
        lambda u: u.replace("127.0.0.1:53682", "evil.example"),
        lambda u: u.replace(":53682", ":53683"),
        lambda u: u.replace("/callback", "/callback/../x"),
        lambda u: u.replace("/callback", "/callback%2f"),
        lambda u: u.replace("http://", "https://"),
        lambda u: u.replace("http://", "http://me@"),
        lambda u: u + "#fragment",
        lambda u: u + "&code=second",
        lambda u: u + "&state=second",
        lambda u: "x" + u,
        lambda u: u.split("?")[0],
        lambda u: u + "&a=" + "y" * 9000,
        lambda u: "",
    ],
)
def test_an_address_that_is_not_ours_is_refused(client, provider, twist):
    request = client.start()
    with pytest.raises(BadInput) as fault:
        client.finish(request, twist(provider.authorize(request.url)))
    assert fault.value.code == "oidc-redirect"
    assert provider.count("/token") == 0


def test_an_error_in_the_answer_is_said(client, provider):
    request = client.start()
    for error, code in (("access_denied", "oidc-denied"), ("<script>", "oidc-authorize")):
        with pytest.raises(Refused) as fault:
            client.finish(request, f"{REDIRECT}?error={error}&state={request.state}")
        assert fault.value.code == code
        assert "<script>" not in fault.value.sentence
    with pytest.raises(Refused) as fault:
        client.finish(request, f"{REDIRECT}?error=access_denied&state=other")
    assert fault.value.code == "oidc-state", "an error of another attempt is not believed"
    with pytest.raises(Refused) as fault:
        client.finish(request, f"{REDIRECT}?state={request.state}")
    assert fault.value.code == "oidc-code-missing"


def test_a_pasted_address_is_read():
    whole = f"{REDIRECT}?code=abc&state=xyz"
    assert parse_returned(f"  「{whole}」\n", REDIRECT) == whole
    assert parse_returned("http://127.0.0.1:53682/call\nback?code=abc&state=xyz", REDIRECT) == whole
    assert parse_returned("?code=abc&state=xyz", REDIRECT) == whole
    assert parse_returned("code=abc&state=xyz", REDIRECT) == whole
    for other in ("", "abc", "http://127.0.0.1:53682/other?code=a", "https://gbiz-id.go.jp/"):
        with pytest.raises(BadInput):
            parse_returned(other, REDIRECT)
