"""What the browser frame says when a page asks for something or does not come (LOOK 5)."""

from __future__ import annotations

from app.views.browser_policy import Standing

REFUSED = {
    "popup": "このページは新しい窓を開こうとしました。一度は開きません。",
    "download": "このページはファイルを渡そうとしました。ここでは受け取りません。",
    "permission": "このページは場所やカメラなどを使おうとしました。使わせていません。",
    "scheme": "このページはほかのプログラムを開こうとしました。開きません。",
    "full_screen": "このページは画面いっぱいに広がろうとしました。枠はそのままです。",
    "files": "このページはファイルを選ばせようとしました。ここでは選べません。",
    "password": "名前と合言葉を別の枠でたずねられました。ここでは答えられません。",
    "certificate": "このページは電子証明書をたずねました。ここでは渡しません。",
    "print": "このページは印刷しようとしました。ここでは印刷できません。",
}

STANDING = {
    Standing.LISTED: "登録済みの役所",
    Standing.UNLISTED: "一覧にない住所です",
    Standing.INSECURE: "暗号を使わない住所です",
    Standing.SCHEME: "開けない種類の住所です",
    Standing.BAD_CERTIFICATE: "証明書を確かめられません",
    Standing.NONE: "",
}

_FAILED = {
    "DnsErrorDomain": (
        "相手の住所が見つかりません。",
        "ネットにつながっているか、確かめてください。",
    ),
    "ConnectionErrorDomain": (
        "相手につながりません。",
        "しばらく待って、読み直してください。書いたものは、そのまま残っています。",
    ),
    "ended": ("ページが途中で止まりました。", "読み直すと、もう一度始められます。"),
}


def refused_sentence(what: str, host: str) -> str:
    """One sentence on what the page asked for and did not get."""
    if what == "part":
        return f"一覧にない {host or '住所'} の部品は、読み込みませんでした。"
    return REFUSED[what]


def failed_words(reason: str, code: int) -> tuple[str, str]:
    """Headline and note when no page came; `code` is Chromium's, and goes last in parentheses."""
    if code == -310:
        return (
            "ページが何度も行き先を変えたので、止めました。",
            "しばらく待って、読み直してください。",
        )
    head, note = _FAILED.get(reason, ("ページを開けませんでした。", "読み直してください。"))
    return head, f"{note}({code})" if code else note


def blocked_words(standing: Standing, host: str) -> tuple[str, str]:
    """Headline and note in place of a page that was not opened."""
    if standing is Standing.BAD_CERTIFICATE:
        return (
            f"{host} の証明書を確かめられません。",
            "にせものかもしれないので、ページを出していません。やめて戻り、あとで試してください。",
        )
    if standing is Standing.INSECURE:
        return (
            f"{host} は暗号を使わない住所なので、開きませんでした。",
            "打ち込んだ字が途中で読まれるおそれがあります。やめて戻ってください。",
        )
    if standing is Standing.SCHEME:
        return (
            "ページがほかの種類の住所へ移ろうとしたので、開きませんでした。",
            "続けるには、前のページへ戻ってください。",
        )
    return (
        f"{host} は役所の一覧にない住所なので、開きませんでした。",
        "パスワードや番号を打ち込まずに、やめて戻ってください。",
    )
