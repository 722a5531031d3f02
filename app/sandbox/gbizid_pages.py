"""The pages of the practice gBizID sign-in: account and password, second factor, refusals."""

from __future__ import annotations

from starlette.responses import HTMLResponse

from app.sandbox import pages

FACTOR_TITLE = "二要素認証"


def login(txn: str, hint: str, message: str = "") -> HTMLResponse:
    """Account ID and password; inputs `account` and `password`."""
    body = pages.form(
        "/oauth/login",
        pages.band(message),
        pages.paragraph("GビズIDのアカウントIDとパスワードを入れてください。"),
        pages.hidden("txn", txn),
        pages.field("account", "アカウントID（メールアドレス）", hint, "email", "autofocus"),
        pages.field("password", "パスワード", "", "password"),
        pages.button("ログイン"),
        pages.button("やめる", value="cancel", style="quiet"),
    )
    return pages.page("GビズID ログイン", body)


def factor(txn: str, message: str = "") -> HTMLResponse:
    """Choice of the second factor: buttons `factor-mail` and `factor-app`."""
    body = pages.form(
        "/oauth/factor",
        pages.band(message),
        pages.paragraph("本人であることをもう一度確かめます。方法を選んでください。"),
        pages.hidden("txn", txn),
        pages.button("メールでワンタイムパスワードを受け取る", "factor", "mail"),
        pages.button("GビズIDアプリで認証する", "factor", "app", "quiet"),
    )
    return pages.page(FACTOR_TITLE, body)


def otp(txn: str, address: str, mailbox: str, message: str = "") -> HTMLResponse:
    """The mailed one-time code; input `otp`. `mailbox` is where the practice mail can be read."""
    name, _, host = address.partition("@")
    shown = f"{name[:2]}***@{host}"
    body = pages.form(
        "/oauth/otp",
        pages.band(message),
        pages.paragraph(
            f"{shown} に6桁のワンタイムパスワードを送りました。10分以内に入れてください。"
        ),
        f'<p><small>練習のメールは <a id="mailbox" href="{mailbox}" target="_blank" '
        'rel="noopener noreferrer">練習用メールボックス</a> に届きます。</small></p>',
        pages.hidden("txn", txn),
        pages.field(
            "otp",
            "ワンタイムパスワード（6桁）",
            extra='inputmode="numeric" maxlength="6" autocomplete="one-time-code" autofocus',
        ),
        pages.button("認証する"),
        pages.button("もう一度送る", value="again", style="quiet"),
        pages.button("やめる", value="cancel", style="quiet"),
    )
    return pages.page(FACTOR_TITLE, body)


def app_number(txn: str, number: str, phone: str, message: str = "") -> HTMLResponse:
    """The number to type into the phone app; `phone` is the practice app's address."""
    body = pages.form(
        "/oauth/app",
        pages.band(message),
        pages.paragraph("GビズIDアプリに次の番号を入れ、そのあと下のボタンを押してください。"),
        f'<p class="big" id="number">{number}</p>',
        f'<p><small>練習用のアプリは <a id="phone" href="{phone}" target="_blank" '
        'rel="noopener noreferrer">この頁</a> です。</small></p>',
        pages.hidden("txn", txn),
        pages.button("アプリで入れました"),
        pages.button("やめる", value="cancel", style="quiet"),
    )
    return pages.page(FACTOR_TITLE, body)


def logged_out() -> HTMLResponse:
    """After signing out."""
    return pages.page("GビズID ログアウト", pages.paragraph("GビズIDからログアウトしました。"))


def refused(code: str, sentence: str) -> HTMLResponse:
    """A refusal that must not be redirected; the code stands in the element `code`."""
    body = (
        pages.band(sentence)
        + f'<p>コード：<span id="code">{code}</span></p>'
        + pages.paragraph("お使いのサービスの画面から、もう一度始めてください。")
    )
    return pages.page("ログインできません", body, 400)
