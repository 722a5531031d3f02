"""The OpenID client against an independent provider: the good way, discovery, answers."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.domain.errors import NoAnswer, Refused, SignedOut, Unreachable
from app.services.connectors.oidc import (
    Tokens,
    egov_provider,
)
from tests.services.openid_provider import (
    OpenIdProvider,
    Watch,
    client_of,
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


# ---- the good way -------------------------------------------------------------------------------


def test_the_request_asks_for_code_pkce_state_and_nonce(client):
    request = client.start(login_hint="yamada@example.co.jp")
    query = {k: v[0] for k, v in parse_qs(urlsplit(request.url).query).items()}
    assert query["scope"] == "openid profile offline_access"
    assert query["code_challenge_method"] == "S256"
    assert query["login_hint"] == "yamada@example.co.jp"
    assert len(query["code_challenge"]) == 43
    for secret in (request.state, request.nonce, request.verifier):
        assert len(secret) == 43, "256 bits"
        assert secret not in repr(request)
    assert request.verifier not in request.url
    again = client.start()
    assert {request.state, request.nonce, request.verifier}.isdisjoint(
        {again.state, again.nonce, again.verifier}
    )


def test_a_sign_in_gives_tokens(client, provider, watch):
    request = client.start()
    tokens = client.finish(request, provider.authorize(request.url))
    assert tokens.subject == "1242"
    assert tokens.expires_at == watch.now + timedelta(hours=1)
    assert tokens.refresh_expires_at == watch.now + timedelta(days=180)
    assert tokens.access_token not in repr(tokens)
    assert tokens.refresh_token not in repr(tokens)
    assert Tokens.from_json(tokens.to_json()) == tokens


def test_userinfo_introspection_and_logout(client, provider):
    request = client.start()
    tokens = client.finish(request, provider.authorize(request.url))
    assert client.userinfo(tokens)["account_type"] == 2
    provider.introspection |= {
        "egov_idp": "gbizid", "egov_gbizid_account_type": "3", "username": "y@example.co.jp",
    }  # fmt: skip
    said = client.introspect(tokens.access_token)
    assert (said.active, said.gbizid_account_type, said.identity_provider) == (True, 3, "gbizid")
    client.logout(tokens)
    assert provider.count("/logout") == 1


def test_refresh_rotates(client, provider):
    request = client.start()
    first = client.finish(request, provider.authorize(request.url))
    second = client.refresh(first)
    assert second.refresh_token != first.refresh_token
    assert second.access_token != first.access_token
    with pytest.raises(SignedOut) as fault:
        client.refresh(first)
    assert fault.value.code == "oidc-refresh-refused"
    assert client.refresh(second).subject == "1242"


def test_a_refresh_without_a_new_refresh_token_or_id_token_keeps_the_old(client, provider):
    request = client.start()
    first = client.finish(request, provider.authorize(request.url))
    provider.rotate = False
    provider.answer = {"refresh_token": None, "refresh_expires_in": None, "id_token": None}
    second = client.refresh(first)
    assert second.refresh_token == first.refresh_token
    assert second.refresh_expires_at == first.refresh_expires_at
    assert second.id_token == first.id_token


def test_the_egov_account_server_with_its_keys_found_by_discovery(provider, watch):
    given = egov_provider("http://127.0.0.1:9000/auth", provider.issuer)
    client = client_of(provider, watch, provider=given, door="e-Gov")
    request = client.start()
    assert request.url.startswith("http://127.0.0.1:9000/auth/auth?")
    assert client.finish(request, provider.authorize(request.url)).subject == "1242"
    assert [r.url.path for r in provider.seen] == [
        "/oauth/.well-known/openid-configuration",
        "/auth/token",
        "/oauth/keys/jwks.json",
    ]


def test_a_broker_that_adds_the_secret_gets_the_client_id_only(provider, watch):
    given = egov_provider(
        "http://127.0.0.1:9000/auth",
        provider.issuer,
        jwks_uri="http://127.0.0.1:9000/oauth/keys/jwks.json",
        token_endpoint="http://127.0.0.1:9100/exchange/token",
    )
    client = client_of(provider, watch, provider=given, client_secret="")
    request = client.start()
    with pytest.raises(Refused):  # this provider wants the secret the broker would add
        client.finish(request, provider.authorize(request.url))
    sent = provider.seen[-1]
    assert str(sent.url) == "http://127.0.0.1:9100/exchange/token"
    assert "authorization" not in sent.headers
    assert b"client_id=soft-ware-1" in sent.content
    assert given.introspection_endpoint == "http://127.0.0.1:9100/exchange/token/introspect"
    assert given.end_session_endpoint == "http://127.0.0.1:9100/exchange/logout"


def test_the_egov_endpoints_are_those_of_the_reference():
    given = egov_provider("https://account.e-gov.go.jp/auth/", "https://account.e-gov.go.jp/auth")
    assert given.authorization_endpoint == "https://account.e-gov.go.jp/auth/auth"
    assert given.token_endpoint == "https://account.e-gov.go.jp/auth/token"
    assert given.introspection_endpoint == "https://account.e-gov.go.jp/auth/token/introspect"
    assert given.end_session_endpoint == "https://account.e-gov.go.jp/auth/logout"


# ---- discovery ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"issuer": "http://127.0.0.1:9000/oauth"}, "oidc-discovery-issuer"),
        ({"issuer": None}, "oidc-discovery-issuer"),
        ({"token_endpoint": "http://127.0.0.1:9001/oauth/token"}, "oidc-discovery-endpoint"),
        ({"token_endpoint": "https://127.0.0.1:9000/oauth/token"}, "oidc-discovery-endpoint"),
        ({"jwks_uri": "http://evil.example/keys"}, "oidc-discovery-endpoint"),
        ({"jwks_uri": "http://127.0.0.1:9000@evil.example/keys"}, "oidc-discovery-endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "oidc-discovery-endpoint"),
        ({"jwks_uri": None}, "oidc-discovery-endpoint"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "oidc-discovery-endpoint"),
        ({"authorization_endpoint": "http://127.0.0.1:9000/a b"}, "oidc-discovery-endpoint"),
        ({"userinfo_endpoint": 7}, "oidc-discovery-endpoint"),
        ({"code_challenge_methods_supported": ["plain"]}, "oidc-discovery"),
        ({"id_token_signing_alg_values_supported": ["none", "HS256"]}, "oidc-discovery"),
        ({"response_types_supported": ["token"]}, "oidc-discovery"),
    ],
)
def test_a_discovery_document_nobody_should_follow(client, provider, document, code):
    provider.document = document
    with pytest.raises(Refused) as fault:
        client.start()
    assert fault.value.code == code


def test_endpoints_at_a_listed_origin_are_followed(provider, watch):
    provider.document = {"token_endpoint": "http://127.0.0.1:9001/oauth/token"}
    client = client_of(provider, watch, origins=("http://127.0.0.1:9001",))
    request = client.start()
    assert client.finish(request, provider.authorize(request.url))


def test_a_discovery_that_is_missing_or_no_document(client, provider):
    provider.before = lambda _: httpx.Response(404, json={})
    with pytest.raises(Refused) as fault:
        client.start()
    assert fault.value.code == "oidc-discovery"
    provider.before = lambda _: httpx.Response(200, json=[])
    with pytest.raises(Refused):
        client.start()
    provider.before = lambda _: None
    assert client.start(), "a later attempt asks again"


# ---- the token endpoint's answers ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (401, {"error": "unauthorized"}, Refused, "oidc-client"),
        (401, {"error": "invalid_client"}, Refused, "oidc-client"),
        (400, {"error": "invalid_grant"}, Refused, "oidc-code-used"),
        (400, {"error": "invalid_request"}, Refused, "oidc-token-refused"),
        (500, {"error": "server_error"}, NoAnswer, "oidc-trouble"),
        (400, "<html>", NoAnswer, "oidc-trouble"),
        (429, {}, Unreachable, "door-busy"),
        (200, [], Refused, "oidc-token-answer"),
        (200, {"access_token": "a"}, Refused, "oidc-token-answer"),
        (200, {"access_token": "a", "token_type": "Bearer"}, Refused, "oidc-token-answer"),
        (200, {"access_token": "あ", "token_type": "Bearer"}, Refused, "oidc-token-answer"),
        (200, {"access_token": "a\nb", "token_type": "Bearer"}, Refused, "oidc-token-answer"),
        (200, {"access_token": "a", "token_type": "mac"}, Refused, "oidc-token-answer"),
    ],
)
def test_what_the_token_endpoint_may_answer(client, provider, status, body, kind, code):
    request = client.start()
    returned = provider.authorize(request.url)
    provider.before = lambda r: (
        httpx.Response(status, json=body) if r.url.path.endswith("/token") else None
    )
    with pytest.raises(kind) as fault:
        client.finish(request, returned)
    assert fault.value.code == code


def test_a_code_is_never_sent_twice_by_itself(client, provider):
    request = client.start()
    returned = provider.authorize(request.url)

    def cut(sent: httpx.Request) -> httpx.Response | None:
        if sent.url.path.endswith("/token"):
            raise httpx.RemoteProtocolError("cut", request=sent)
        return None

    provider.before = cut
    with pytest.raises(NoAnswer):
        client.finish(request, returned)
    assert provider.count("/token") == 1


def test_userinfo_of_another_person_is_refused(client, provider):
    request = client.start()
    tokens = client.finish(request, provider.authorize(request.url))
    for people in ({"sub": "9999"}, {}, {"sub": 1242}):
        provider.people = people
        with pytest.raises(Refused) as fault:
            client.userinfo(tokens)
        assert fault.value.code == "oidc-userinfo-sub"


def test_a_refreshed_id_token_of_another_person_or_issuer_is_refused(client, provider):
    request = client.start()
    tokens = client.finish(request, provider.authorize(request.url))
    for claims, code in (({"sub": "9999"}, "oidc-sub"), ({"iss": "http://x/"}, "oidc-iss")):
        provider.claims, provider.rotate = claims, False
        with pytest.raises(Refused) as fault:
            client.refresh(tokens)
        assert fault.value.code == code


def test_introspection_that_is_no_answer(client, provider):
    client.start()
    for said in ({}, {"active": "yes"}):
        provider.introspection = said
        with pytest.raises(Refused):
            client.introspect("t")
    provider.introspection = {"active": False, "sub": "1242"}
    assert client.introspect("t").subject == ""
