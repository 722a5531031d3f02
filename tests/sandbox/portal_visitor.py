"""A person at the practice portal by plain HTTP: signs in, begins, saves, attaches, files."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
from lxml import html

from tests.sandbox.portal_answers import Answers
from tests.sandbox.town_browser import PASSWORDS
from tests.sandbox.town_process import TownProcess


class Visitor:
    """One browser; `page` is the page it is on, `answer` the last answer."""

    def __init__(self, town: TownProcess, scheme: str = "http") -> None:
        """A fresh profile."""
        self.town = town
        self.base = town.endpoints["portal" if scheme == "http" else "portal_https"]
        verify: ssl.SSLContext | bool = False
        if scheme == "https":
            verify = ssl.create_default_context(cadata=town.endpoints["document_authority_pem"])
        self.web = httpx.Client(
            timeout=10, trust_env=False, verify=verify, follow_redirects=True, base_url=self.base
        )
        self.answer: httpx.Response
        self.page: Any = None
        self.asked_for_password = False

    def open(self, path: str) -> Visitor:
        """GET a page of the portal."""
        return self._arrived(self.web.get(path))

    def _arrived(self, answer: httpx.Response) -> Visitor:
        self.answer = answer
        self.page = html.fromstring(answer.text)
        return self

    def title(self) -> str:
        """The heading."""
        return str(self.page.xpath("//h1")[0].text_content())

    def path(self) -> str:
        """Where the browser is, without the origin."""
        return self.answer.url.path

    def post_form(self, button: str, **values: str) -> Visitor:
        """Press a button of a page by its id."""
        (pressed,) = self.page.xpath(f"//button[@id='{button}']")
        form = next(pressed.iterancestors("form"))
        fields = {item.name: item.value or "" for item in form.inputs if item.name}
        if pressed.get("name"):
            fields[pressed.get("name")] = pressed.get("value")
        url = self.answer.url.join(form.get("action"))
        if form.method == "GET":
            return self._arrived(self.web.get(url, params={**fields, **values}))
        return self._arrived(self.web.post(url, data={**fields, **values}))

    def sign_in(self, name: str = "prime") -> Visitor:
        """Through the practice gBizID, with password and mailed number where they are asked for."""
        self.open("/").post_form("login")
        if self.page.xpath("//input[@id='password']"):
            self.password(name)
        return self

    def password(self, name: str) -> Visitor:
        """The pages of gBizID."""
        address = f"{name}@example.jp"
        self.asked_for_password = True
        self.post_form("action-next", account=address, password=PASSWORDS[name])
        self.post_form("factor-mail")
        return self.post_form("action-next", otp=self.town.otp(address))

    @property
    def csrf(self) -> str:
        """The token of the page."""
        return str(self.page.xpath("//meta[@name='csrf-token']")[0].get("content"))

    def begin(self, form: str = "S-00006007") -> str:
        """A new draft; gives its id."""
        ids = {"S-00006007": "a0WJ200000CDJWIMA5", "S-00009001": "a0WRENSHU0JIZOKUKA1"}
        self.open(f"/subsidy/{ids[form]}").post_form("begin")
        return self.path().split("/")[2]

    def call(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """GET, or POST of JSON, below /api/applications."""
        url = f"/api/applications/{path}"
        if body is None:
            return self.web.get(url, headers=headers)
        return self.web.post(url, json=body, headers={"X-CSRF-Token": self.csrf, **headers})

    def save(self, key: str, page: str, values: dict[str, Any], action: str = "next") -> Any:
        """一時保存 or 次へ; gives the answer."""
        return self.call(f"{key}/pages/{page}", {"action": action, "values": values})

    def faults(self, key: str, page: str, values: dict[str, Any]) -> dict[str, str]:
        """What 次へ says beside the fields: name, or table.row.name → message."""
        answer = self.save(key, page, values)
        assert answer.status_code == 422, answer.text
        return {
            ".".join(str(item[part]) for part in ("table", "row", "name") if part in item): item[
                "message"
            ]
            for item in answer.json()["errors"]
        }

    def attach(self, key: str, field: str, name: str, data: bytes) -> httpx.Response:
        """One file."""
        return self.web.post(
            f"/api/applications/{key}/files/{field}",
            params={"filename": name},
            content=data,
            headers={"X-CSRF-Token": self.csrf, "Content-Type": "application/pdf"},
        )

    def fill(self, key: str, answers: Answers, files: list[tuple[str, str, bytes]]) -> None:
        """Every page to the end."""
        for field, name, data in files:
            assert self.attach(key, field, name, data).status_code == 200
        for page, values in answers.items():
            answer = self.save(key, page, values)
            assert answer.status_code == 200, (page, answer.text)

    def submit(self, key: str) -> httpx.Response:
        """申請する."""
        return self.call(f"{key}/submit", {"confirmed": True})

    def close(self) -> None:
        """Forget everything."""
        self.web.close()
