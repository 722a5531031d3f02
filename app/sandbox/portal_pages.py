"""The practice portal's pages: frames of HTML around the web components of resources/sandbox/portal."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from starlette.responses import HTMLResponse

from app.sandbox import pages
from app.sandbox.clock import from_seconds, time_text
from app.sandbox.portal_book import PortalApplication, PortalSession
from app.sandbox.portal_forms import Form

NAME = "補助金申請ポータル（練習）"
_PREFECTURES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 "
    "新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 "
    "奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 "
    "熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
_MARK = "練習　ここは練習の町です。実際の役所には何も送られません。"


def page(
    title: str,
    body: str,
    session: PortalSession | None = None,
    *,
    status: int = 200,
    frames: str = "'none'",
    posts: str = "",
) -> HTMLResponse:
    """A whole page; `frames` may be framed in it, forms may post to this origin and to `posts`."""
    csrf = session.csrf if session else ""
    text = (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<meta name="csrf-token" content="{csrf}"><title>練習 {escape(title)}</title>'
        '<link rel="stylesheet" href="/assets/portal.css">'
        '<script type="module" src="/assets/portal.js"></script></head><body>'
        f'<div class="mark" role="note">{_MARK}</div>{_header(session)}'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        f"form-action 'self' {posts}; frame-src {frames}; frame-ancestors 'none'; base-uri 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(text, status, headers)


def _header(session: PortalSession | None) -> str:
    if session is None:
        return f"<header><b>{NAME}</b></header>"
    who = escape(str(session.claims.get("name", "")))
    return (
        f'<header><b>{NAME}</b><nav aria-label="メニュー"><a href="/mypage">マイページ</a>'
        f'<span id="account-name">{who}</span>'
        f'<form method="post" action="/logout">{pages.hidden("csrf", session.csrf)}'
        '<button class="quiet" id="logout">ログアウト</button></form></nav></header>'
    )


def front(posts: str, message: str = "", status: int = 200) -> HTMLResponse:
    """The first page: what this is, and the one button."""
    body = (
        f'{pages.band(message)}<div class="card"><p>補助金の申請には、GビズIDプライムまたは'
        "GビズIDメンバーのアカウントが必要です。</p>"
        '<form method="get" action="/login"><button id="login">GビズIDでログイン</button></form></div>'
    )
    return page(NAME, body, posts=posts, status=status)


def expired(posts: str) -> HTMLResponse:
    """Where every page leads once the session is dead."""
    body = (
        '<div class="card"><p role="alert" id="message">一定時間操作がなかったか、ログアウトしたため、'
        "保存していない入力内容は破棄されました。もう一度ログインしてください。</p>"
        '<form method="get" action="/login"><button id="login">GビズIDでログイン</button></form></div>'
    )
    return page("セッションの有効期限が切れました", body, posts=posts, status=440)


def refused(sentence: str, posts: str, status: int = 403, *, switch: bool = False) -> HTMLResponse:
    """A refusal; with `switch` another account can be chosen."""
    other = (
        '<form method="get" action="/login"><input type="hidden" name="switch" value="1">'
        '<button id="switch">別のアカウントでログイン</button></form>'
    )
    return page(
        "申請できません",
        pages.band(sentence) + (other if switch else ""),
        posts=posts,
        status=status,
    )


def logged_out(gbizid_logout: str) -> HTMLResponse:
    """After signing out here; the sign-in at GビズID goes on until it is ended there."""
    link = f'<a class="button" id="gbizid-logout" href="{escape(gbizid_logout)}">GビズIDからもログアウトする</a>'
    return page("ログアウトしました", f'<div class="card"><p>{link}</p></div>')


def my_page(
    session: PortalSession, forms: Iterable[Form], mine: Iterable[PortalApplication], today: str
) -> HTMLResponse:
    """自社情報, the grants that can be applied for, the applications and their status."""
    company = "".join(f"<dt>{label}</dt><dd>{escape(text)}</dd>" for label, text in _own(session))
    grants = "".join(
        f'<li><a href="/subsidy/{form.id}">{escape(form.title)}</a>（{form.key}）</li>'
        for form in forms
        if form.opens <= today <= form.closes
    )
    rows = "".join(
        f'<tr data-application="{item.id}"><td><a href="/apply/{item.id}">{escape(item.form)}</a></td>'
        f"<td>{item.status}</td><td>{item.number or '―'}</td>"
        f"<td>{time_text(from_seconds(item.filed or item.saved or item.begun))}</td></tr>"
        for item in mine
    )
    table = (
        "<table><thead><tr><th>補助金</th><th>ステータス</th><th>受付番号</th><th>更新日時</th></tr>"
        f'</thead><tbody id="applications">{rows}</tbody></table>'
    )
    body = (
        f'<section class="card"><h2>自社情報の確認</h2><dl>{company}</dl></section>'
        f'<section class="card"><h2>公募・交付の申請</h2><ul>{grants}</ul></section>'
        f'<section class="card"><h2>ステータスの確認</h2>{table}</section>'
    )
    return page("マイページ", body, session)


def _own(session: PortalSession) -> list[tuple[str, str]]:
    own = prefill(session)
    labels = {
        "corporate_number": "法人番号",
        "name": "法人名または屋号",
        "address": "本社所在地",
        "representative": "代表者名",
    }
    return [(label, own[key]) for key, label in labels.items()]


def prefill(session: PortalSession) -> dict[str, str]:
    """What a form shows from GビズID and nobody can change there."""
    told = {name: str(value or "") for name, value in session.claims.items()}
    code = told.get("prefecture_name", "")
    named = int(code) if code.isascii() and code.isdigit() else 0
    prefecture = _PREFECTURES.split()[named - 1] if 1 <= named <= 47 else code
    return {
        "corporate_number": told.get("corporate_number", ""),
        "name": told.get("name", ""),
        "address": prefecture + told.get("address1", "") + told.get("address2", ""),
        "representative": f"{told.get('rep_last_nm', '')}　{told.get('rep_first_nm', '')}".strip(),
    }


def no_subsidy(session: PortalSession | None) -> HTMLResponse:
    """A grant that has no form here: most of the grants the practice API lists."""
    sentence = (
        "この補助金の申請は、練習の町では受け付けていません。申請練習用補助金をお使いください。"
    )
    return page("補助金が見つかりません", pages.band(sentence), session, status=404)


def subsidy(session: PortalSession | None, form: Form, posts: str) -> HTMLResponse:
    """One grant, with the button that begins an application, or the one that signs in first."""
    if session is None:
        button = (
            f'<form method="get" action="/login">{pages.hidden("to", f"/subsidy/{form.id}")}'
            '<button id="login">GビズIDでログイン</button></form>'
        )
    else:
        button = (
            f'<form method="post" action="/apply">{pages.hidden("csrf", session.csrf)}'
            f'{pages.hidden("form", form.key)}<button id="begin">申請する</button></form>'
        )
    body = (
        f'<div class="card"><dl><dt>補助金番号</dt><dd>{form.key}</dd><dt>実施機関</dt>'
        f"<dd>{escape(form.ministry)}</dd><dt>募集期間</dt><dd>{form.opens} から {form.closes}</dd></dl>"
        f"{button}</div>"
    )
    return page(form.title, body, session, posts=posts)


def wizard(
    session: PortalSession, form: Form, application: PortalApplication, key: str, frames: str
) -> HTMLResponse:
    """One step of an application; `key` is a page of the form, or 'confirm'."""
    here = form.page(key)
    notice = f"差戻しの理由：{application.notice}" if application.notice else ""
    if here is None:
        part = f'<rp-confirm data-application="{application.id}" data-mode="confirm"></rp-confirm>'
        title = "確認"
    else:
        part = (
            f'<rp-record-form data-application="{application.id}" data-page="{key}">'
            "</rp-record-form>"
        )
        title = here.title
    steps = _steps(form, application, key)
    body = f"<p>{escape(form.title)}</p>{steps}{pages.band(notice)}{part}"
    return page(title, body, session, frames=frames)


def _steps(form: Form, application: PortalApplication, key: str) -> str:
    steps = [*((item.key, item.title) for item in form.pages), ("confirm", "確認")]
    lines = "".join(
        f"<li{' aria-current=step' if name == key else ''}>"
        f'<a href="/apply/{application.id}/{name}">{number}. {escape(title)}</a></li>'
        for number, (name, title) in enumerate(steps, 1)
    )
    return f'<nav aria-label="入力の手順"><ol class="steps">{lines}</ol></nav>'


def old_edition(session: PortalSession, form: Form, application: PortalApplication) -> HTMLResponse:
    """A draft whose form was renewed: it can be looked at, not filed."""
    again = (
        f'<form method="post" action="/apply">{pages.hidden("csrf", session.csrf)}'
        f'{pages.hidden("form", form.key)}<button id="begin">新しい様式で申請を作成する</button></form>'
    )
    sentence = "様式が改訂されたため、この下書きは閲覧のみできます。新しい様式で申請してください。"
    part = f'<rp-confirm data-application="{application.id}" data-mode="view"></rp-confirm>'
    return page(form.title, pages.band(sentence) + again + part, session)


def view(session: PortalSession, form: Form, application: PortalApplication) -> HTMLResponse:
    """An application that was filed."""
    part = f'<rp-confirm data-application="{application.id}" data-mode="view"></rp-confirm>'
    told = (
        f'<div class="card"><dl><dt>ステータス</dt><dd id="status">{application.status}</dd>'
        f"<dt>受付番号</dt><dd>{application.number}</dd></dl></div>"
    )
    return page(form.title, told + pages.band(application.notice) + part, session)


def receipt(session: PortalSession, application: PortalApplication) -> HTMLResponse:
    """The receipt; number and time come with the component."""
    part = f'<rp-receipt data-application="{application.id}"></rp-receipt>'
    body = f'<div class="card">{part}</div><a class="button" href="/mypage">マイページへ</a>'
    return page("申請完了", body, session)
