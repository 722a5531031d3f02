"""Every kind of weather, as a client on a real socket meets it, and what the ledger holds afterwards."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from tests.sandbox.town_packages import PROC, Application
from tests.sandbox.town_process import TownProcess

JST = timezone(timedelta(hours=9))


def listed(api: httpx.Client) -> list[str]:
    day = datetime.now(JST)
    params = {
        "date_from": (day - timedelta(days=1)).strftime("%Y-%m-%d"),
        "date_to": (day + timedelta(days=2)).strftime("%Y-%m-%d"),
    }
    rows = api.get("/apply/lists", params=params).json()["results"]["apply_list"]
    return [row["arrive_id"] for row in rows]


def test_no_answer_before_acceptance(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    town.weather("no_answer", match="POST */apply")
    with pytest.raises(httpx.ReadTimeout):
        api.post("/apply", json=application.body(), timeout=0.5)
    assert town.ledger() == []


def test_reset_before_acceptance(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    town.weather("reset_before", match="POST */apply")
    with pytest.raises(httpx.NetworkError):
        api.post("/apply", json=application.body())
    assert town.ledger() == []
    assert api.post("/apply", json=application.body()).status_code == 200


def test_answer_lost_after_acceptance(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    town.weather("answer_lost", match="POST */apply")
    with pytest.raises(httpx.NetworkError):
        api.post("/apply", json=application.body())
    (held,) = town.ledger()
    assert listed(api) == [held["arrive_id"]]


def test_accepted_but_silent(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    town.weather("accepted_no_answer", match="POST */apply")
    with pytest.raises(httpx.ReadTimeout):
        api.post("/apply", json=application.body(), timeout=2)
    assert len(town.ledger()) == 1


@pytest.mark.parametrize(
    ("kind", "status"), [("error_500", 500), ("error_503", 503), ("rate_limited", 429)]
)
def test_statuses_before_acceptance(
    api: httpx.Client, town: TownProcess, application: Application, kind: str, status: int
) -> None:
    town.weather(kind, match="POST */apply", count=2)
    for _ in range(2):
        answer = api.post("/apply", json=application.body())
        assert answer.status_code == status
        assert ("retry-after" in answer.headers) == (status == 429)
    assert town.ledger() == []
    assert api.post("/apply", json=application.body()).status_code == 200


def test_malformed_json_after_acceptance(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    town.weather("malformed_json", match="POST */apply")
    answer = api.post("/apply", json=application.body())
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r".+"):
        json.loads(answer.content)
    assert len(town.ledger()) == 1


def test_truncated_body_after_acceptance(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    town.weather("truncated_body", match="POST */apply")
    with pytest.raises(httpx.RemoteProtocolError):
        api.post("/apply", json=application.body())
    assert len(town.ledger()) == 1


def test_slow(api: httpx.Client, town: TownProcess) -> None:
    town.weather("slow", match=f"GET */procedure/{PROC}", delay=1)
    with pytest.raises(httpx.ReadTimeout):
        api.get(f"/procedure/{PROC}", timeout=0.3)
    town.weather("slow", match=f"/procedure/{PROC}", delay=0.2)
    assert api.get(f"/procedure/{PROC}").status_code == 200


def test_token_revoked(api: httpx.Client, town: TownProcess, application: Application) -> None:
    town.weather("token_revoked", match="POST */apply")
    assert api.post("/apply", json=application.body()).status_code == 500
    assert api.get(f"/procedure/{PROC}").status_code == 500
    assert town.ledger() == []
    api.headers["Authorization"] = f"Bearer {town.token()['access_token']}"
    assert api.get(f"/procedure/{PROC}").status_code == 200


def test_list_lags_five_minutes(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    town.weather("list_lag", match="GET */apply/lists")
    number = api.post("/apply", json=application.body()).json()["results"]["arrive_id"]
    assert listed(api) == []
    town.clock(299)
    assert listed(api) == []
    assert api.get(f"/apply/{number}").status_code == 200
    town.clock(2)
    assert listed(api) == [number]
    town.weather("clear")
    again = api.post("/apply", json=application.body()).json()["results"]["arrive_id"]
    assert listed(api) == [again, number]


def test_weather_by_time_and_place(api: httpx.Client, town: TownProcess) -> None:
    town.weather("error_503", match="GET */notice/*", seconds=60)
    assert api.get(f"/procedure/{PROC}").status_code == 200
    for _ in range(3):
        assert api.get("/notice/lists").status_code == 503
    town.clock(61)
    assert api.get("/notice/lists").status_code == 400


def test_weather_elsewhere(town: TownProcess, web: httpx.Client) -> None:
    town.weather("error_500", match="/4/num")
    params = {"id": town.endpoints["application_id"], "number": "1011001141756", "type": "12"}
    url = f"{town.endpoints['houjin_bangou']}/num"
    assert [web.get(url, params=params).status_code for _ in range(2)] == [500, 200]
    town.weather("reset_before", match="GET */.well-known/openid-configuration")
    with pytest.raises(httpx.NetworkError):
        web.get(f"{town.endpoints['egov_auth']}/.well-known/openid-configuration")


def test_wrong_orders_are_refused(town: TownProcess, web: httpx.Client) -> None:
    headers = {"X-Town-Token": town.endpoints["control_token"]}
    base = town.endpoints["control"]
    for path, order in [
        ("weather", {"kind": "hail"}),
        ("weather", {"kind": "slow", "count": 0}),
        ("weather", {"kind": "slow", "seconds": -1}),
        ("clock", {"advance_seconds": -1}),
        ("case/9002026000000000/advance", {"to": "審査中"}),
        ("pace", {"mode": "never"}),
        ("token", {"account": "nobody@example.jp"}),
        ("foreign-filing", {"proc_id": "0" * 16}),
        ("client", {}),
        ("account", {"account": "prime@example.jp", "corporate_number": "1"}),
    ]:
        answer = web.post(f"{base}/{path}", json=order, headers=headers)
        assert (path, answer.status_code) == (path, 400)
        assert answer.json()["error"]
    assert web.post(f"{base}/reset").status_code == 403
    assert web.get(f"{base}/ledger", headers={"X-Town-Token": "x"}).status_code == 403
    assert web.get(f"{base}/weather", headers=headers).json()["kinds"]
