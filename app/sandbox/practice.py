"""Pages for whoever practises: the practice mailbox and the practice phone app."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.sandbox import pages
from app.sandbox.accounts import Account
from app.sandbox.mailbox import Mailbox


class PracticePages:
    """The two pages stand for a mail program and for the GビズIDアプリ."""

    def __init__(self, mailbox: Mailbox, accounts: dict[str, Account]) -> None:
        """`accounts` is keyed 'provider:address'."""
        self._mailbox = mailbox
        self._accounts = accounts

    def routes(self) -> list[Route]:
        """GET /, /mailbox and /phone, POST /phone."""
        return [
            Route("/", self.home, methods=["GET"]),
            Route("/mailbox", self.mailbox, methods=["GET"]),
            Route("/phone", self.phone, methods=["GET"]),
            Route("/phone", self.typed, methods=["POST"]),
        ]

    async def home(self, request: Request) -> Response:
        """The mailbox is the first page."""
        del request
        return RedirectResponse("/mailbox", 302)

    async def mailbox(self, request: Request) -> Response:
        """Every practice mail, newest first."""
        address = request.query_params.get("address", "")
        mails = list(reversed(self._mailbox.of(address)))
        rows = [
            pages.letter(f"{mail.at}　{mail.address}", mail.subject, mail.text) for mail in mails
        ]
        newest = mails[0].otp if mails else ""
        shown = f'<p class="big" id="otp">{newest}</p>' if newest else ""
        body = shown + "".join(rows)
        if not rows:
            body = pages.paragraph(
                "メールはまだ届いていません。届いたら、この頁を読み直してください。"
            )
        again = '<a class="button" id="reload" href="">読み直す</a>'
        return pages.page("練習用メールボックス", body + again)

    async def phone(self, request: Request) -> Response:
        """Where the number of the sign-in page is typed."""
        del request
        return self._phone("")

    def _phone(self, message: str) -> Response:
        body = pages.form(
            "/phone",
            pages.band(message),
            pages.paragraph("ログイン画面に出ている番号を入れてください。"),
            pages.field("account", "アカウントID（メールアドレス）", "", "email", "autofocus"),
            pages.field("number", "番号", extra='inputmode="numeric" maxlength="2"'),
            pages.button("認証する"),
        )
        return pages.page("練習用 GビズIDアプリ", body)

    async def typed(self, request: Request) -> Response:
        """Remember the number; the sign-in page compares it."""
        form = await request.form()
        account = self._accounts.get(f"gbizid:{str(form.get('account', '')).strip()}")
        number = str(form.get("number", "")).strip()
        if account is None or not (number.isascii() and number.isdigit()):
            return self._phone("アカウントIDか番号を確かめて、もう一度入れてください。")
        account.approved_number = number
        text = "番号を受け取りました。ログイン画面に戻り、ボタンを押してください。"
        return pages.page("練習用 GビズIDアプリ", pages.paragraph(text))
