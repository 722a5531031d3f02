"""Whatever a door answers, a connector gives a row or a foreseen fault, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.clock import system_clock
from app.domain.errors import DoorFault, Known, NoAnswer
from app.services.connectors.egov import Egov
from app.services.connectors.houjin_bangou import HoujinBangou
from app.services.connectors.oidc import OidcClient, OidcConfig, Provider, parse_returned
from app.services.settings import load_settings
from app.services.wire import Wire
from tests.services.egov_door import ARRIVE, PROC, RECEIPT, ZIP, case_item

KEYS = [
    *RECEIPT, *case_item(), "results", "metadata", "resultset", "all_count", "apply_list", "file_data",
    "notice", "information", "notice_sub_id", "file_name_list", "configuration_file_name",
    "file_info", "report_list", "title", "detail", "error", "verify_result", "official",
    "error_count", "attached_file_list", "access_token", "id_token", "token_type", "expires_in",
    "refresh_token", "active", "sub", "exp", "egov_gbizid_account_type", "keys", "kid", "kty", "n",
    "theme", "doors", "egov_api", "text_size", "redirect_port",
]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        [ARRIVE, "2026-07-03 13:42:27", "UEsDBAAA", "-", "Bearer", "RS256", "a.b.c", "1"]
    )
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=8)
    ),
    max_leaves=25,
)
STATUS = st.sampled_from(
    [200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 408, 413, 429, 500, 503]
)
DAY = date(2026, 7, 3)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def wire_that_says(status: int, content: bytes, kind: str = "application/json") -> Wire:
    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content, headers={"Content-Type": kind})

    return Wire(practice=False, door="x", transport=httpx.MockTransport(handle))


@MANY
@given(STATUS, ANYTHING, st.booleans())
def test_egov(status, said, wrapped):
    body = {"results": said, "resultset": {"all_count": 1}} if wrapped else said
    egov = Egov(wire_that_says(status, json.dumps(body).encode()), "https://x.example", lambda: "t")
    for call in (
        lambda: egov.procedure(PROC),
        lambda: egov.apply(PROC, "a.zip", ZIP),
        lambda: egov.check(PROC, "a.zip", ZIP),
        lambda: egov.amend(ARRIVE, "a.zip", ZIP),
        lambda: egov.withdraw(ARRIVE, "a.zip", ZIP),
        lambda: egov.cases(DAY, DAY),
        lambda: egov.case(ARRIVE),
        lambda: egov.reports(DAY, DAY),
        lambda: egov.notices(DAY, DAY),
        lambda: egov.notice(ARRIVE, 1),
        lambda: egov.messages(DAY, DAY),
        lambda: egov.message("1"),
        lambda: egov.official_document(ARRIVE, 1),
        lambda: egov.document_done(ARRIVE, 1),
        lambda: egov.verify("a.zip", ZIP, "a.xml"),
    ):
        with suppress(DoorFault):
            call()


@MANY
@given(STATUS, st.binary(max_size=60))
def test_a_filing_that_is_not_answered_in_the_documents_words_is_never_accepted(status, content):
    egov = Egov(wire_that_says(status, content), "https://x.example", lambda: "t")
    try:
        egov.apply(PROC, "a.zip", ZIP)
    except NoAnswer:
        assert status not in (401, 413, 429)
    except DoorFault:
        assert status in (401, 413, 429)
    else:
        raise AssertionError("random bytes were taken for a receipt")


@MANY
@given(STATUS, ANYTHING)
def test_the_account_server(status, said):
    at = "https://x.example"
    given_ = Provider(
        at, f"{at}/a", f"{at}/t", f"{at}/k", f"{at}/u", f"{at}/t/introspect", f"{at}/l"
    )
    config = OidcConfig("x", at, "me", "http://127.0.0.1:1/callback", "s", provider=given_)
    client = OidcClient(wire_that_says(status, json.dumps(said).encode()), config, system_clock)
    request = client.start()
    with suppress(Known):
        client.finish(request, f"{config.redirect_uri}?code=c&state={quote(request.state)}")
        raise AssertionError("no such answer can be a sign-in")
    with suppress(Known):
        client.introspect("t")
    by_discovery = OidcConfig("x", at, "me", "http://127.0.0.1:1/callback", "s")
    with suppress(Known):
        OidcClient(
            wire_that_says(status, json.dumps(said).encode()), by_discovery, system_clock
        ).start()


@MANY
@given(
    STATUS, st.binary(max_size=80) | st.text(max_size=80).map(lambda t: t.encode("utf-8", "ignore"))
)
def test_the_register(status, content):
    register = HoujinBangou(wire_that_says(status, content, "text/xml"), "https://x.example", "id")
    with suppress(DoorFault):
        assert register.by_number("1290001089235") is None


@MANY
@given(st.text(max_size=200))
def test_a_pasted_address(text):
    with suppress(Known):
        parse_returned(text, "http://127.0.0.1:1/callback")


@MANY
@given(said=ANYTHING)
def test_a_settings_file(tmp_path_factory, said):
    file = Path(tmp_path_factory.getbasetemp()) / "any-settings.json"
    file.write_text(json.dumps(said), "utf-8")
    loaded = load_settings(file)
    assert loaded.settings.redirect_uri.startswith("http://")
