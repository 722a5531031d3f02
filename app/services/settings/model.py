"""The settings themselves: each with its label, its help and the kind of control it is shown as.

No secret stands here: credentials of a door lie in the vault, unlock keys in the keyring.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.services.settings.first_look import LANGUAGES, TEXT_SIZES, THEMES, Language, Theme


def _setting(label: str, help_: str, kind: str, **more: Any) -> Any:
    extra = {"kind": kind, "choices": more.pop("choices", ())}
    return Field(title=label, description=help_, json_schema_extra=extra, **more)


def _door_address(url: str) -> str:
    """An https address, or plain http on loopback for the practice town; no trailing slash lost."""
    if url == "":
        return url
    parts = urlsplit(url)
    host = parts.hostname or ""
    _ = parts.port
    if "@" in parts.netloc or parts.query or parts.fragment or not host:
        raise ValueError("https:// で始まるアドレスを入れてください")
    if parts.scheme == "https" or (parts.scheme == "http" and _loopback(host)):
        return url
    raise ValueError("https:// で始まるアドレスを入れてください")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _redirect_host(host: str) -> str:
    if host not in ("127.0.0.1", "::1"):
        raise ValueError("127.0.0.1 を入れてください")
    return host


def _redirect_path(path: str) -> str:
    if not re.fullmatch(r"/[A-Za-z0-9/_.-]{0,100}", path):
        raise ValueError("/ で始まる英数字を入れてください")
    return path


def _text_size(size: int) -> int:
    if size not in TEXT_SIZES:
        raise ValueError("90、100、115、130 から選んでください")
    return size


def _folder(path: str) -> str:
    if path and not Path(path).is_absolute():
        raise ValueError("フォルダーを、はじめから全部の名前で入れてください")
    return path


DoorAddress = Annotated[str, AfterValidator(_door_address)]
_FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)


class Doors(BaseModel):
    """The addresses of the doors. The practice town's own addresses come from the town."""

    model_config = _FROZEN

    houjin_bangou: DoorAddress = _setting(
        "国税庁 法人番号システム", "法人番号 Web-API(第4版)のアドレスです。", "address",
        default="https://api.houjin-bangou.nta.go.jp/4",
    )  # fmt: skip
    egov_api: DoorAddress = _setting(
        "e-Gov 電子申請 API", "申請を送り、状態や公文書を受け取る先です。", "address",
        default="https://api.e-gov.go.jp/shinsei/v2",
    )  # fmt: skip
    egov_auth: DoorAddress = _setting(
        "e-Gov アカウント", "サインインの画面と引き換えの窓口があるところです。", "address",
        default="https://account.e-gov.go.jp/auth",
    )  # fmt: skip
    egov_issuer: DoorAddress = _setting(
        "e-Gov アカウントの発行者名", "サインインの答えに書かれる発行者名です。1字まで同じものだけを受け付けます。",
        "address", default="https://account.e-gov.go.jp/auth",
    )  # fmt: skip
    egov_jwks: DoorAddress = _setting(
        "e-Gov アカウントの公開鍵", "空けておくと、発行者の案内から探します。", "address", default="",
    )  # fmt: skip
    egov_broker: DoorAddress = _setting(
        "引き換えの取り次ぎ先", "APIキーを添えて取り次ぐサーバーの、引き換えの窓口(…/token)です。ふつうは空けておきます。",
        "address", default="",
    )  # fmt: skip
    gbizid_issuer: DoorAddress = _setting(
        "GビズIDの発行者名", "GビズIDに直接つなぐことを認められた組織だけが使います。", "address",
        default="https://gbiz-id.go.jp/oauth/",
    )  # fmt: skip
    jgrants: DoorAddress = _setting(
        "Jグランツ 公開API", "支援制度の一覧と内容を取る先です。鍵はいりません。", "address",
        default="https://api.jgrants-portal.go.jp/exp",
    )  # fmt: skip
    gbizinfo: DoorAddress = _setting(
        "gBizINFO REST API", "会社について役所に記録されていることを取る先です。トークンは会社ごとに入れます。",
        "address", default="https://api.info.gbiz.go.jp/hojin",
    )  # fmt: skip
    gbizinfo_v1: DoorAddress = _setting(
        "gBizINFO REST API(第1版)", "第2版が答えないときに使う先です。", "address",
        default="https://info.gbiz.go.jp/hojin",
    )  # fmt: skip


class Settings(BaseModel):
    """Everything that can be chosen, with the defaults of a new installation."""

    model_config = _FROZEN

    theme: Theme = _setting(
        "色合い", "画面の明るさです。", "choice", default="system",
        choices=tuple(zip(THEMES, ("パソコンに合わせる", "明るい", "暗い"), strict=True)),
    )  # fmt: skip
    text_size: Annotated[int, AfterValidator(_text_size)] = _setting(
        "字の大きさ", "画面の字の大きさ(%)です。", "choice", default=100,
        choices=tuple((str(s), f"{s} %") for s in TEXT_SIZES),
    )  # fmt: skip
    language: Language = _setting(
        "ことば", "画面のことばです。様式は日本語のままです。", "choice", default="ja",
        choices=tuple(zip(LANGUAGES, ("日本語", "English"), strict=True)),
    )  # fmt: skip
    idle_lock_minutes: int = _setting(
        "自動で閉じるまで", "触らずにこの分数が過ぎると、会社を閉じて合言葉を待ちます。", "minutes",
        default=15, ge=1, le=240,
    )  # fmt: skip
    use_keyring: bool = _setting(
        "このパソコンの鍵で開く", "起動のときだけ、合言葉の代わりにパソコンのキーリングで開けます。", "switch",
        default=False,
    )  # fmt: skip
    hide_companies: bool = _setting(
        "解錠の画面で会社名を出さない",
        "一覧を出しません。名前か法人番号を打つか、ファイルを選んで開きます。", "switch", default=False,
    )  # fmt: skip
    system_browser: bool = _setting(
        "いつものブラウザでサインインする", "プログラムの中の画面を使わず、パソコンのブラウザを開きます。", "switch",
        default=False,
    )  # fmt: skip
    data_folder: Annotated[str, AfterValidator(_folder)] = _setting(
        "会社のファイルを置くところ",
        "空けておくと、このパソコンの決まった場所に置きます。いまあるファイルは動かしません。", "folder",
        default="", max_length=1000,
    )  # fmt: skip
    redirect_host: Annotated[str, AfterValidator(_redirect_host)] = _setting(
        "サインインの戻り先", "e-Gov に登録した戻り先です。このパソコンだけにできます。", "text",
        default="127.0.0.1",
    )  # fmt: skip
    redirect_port: int = _setting(
        "戻り先のポート", "e-Gov に登録した戻り先のポートです。", "port", default=53682, ge=1024, le=65535,
    )  # fmt: skip
    redirect_path: Annotated[str, AfterValidator(_redirect_path)] = _setting(
        "戻り先のパス", "e-Gov に登録した戻り先の、/ から後ろです。", "text", default="/callback",
    )  # fmt: skip
    doors: Doors = Field(title="役所の窓口", default_factory=Doors)

    @property
    def redirect_uri(self) -> str:
        """The loopback address the browser is sent back to after a sign-in."""
        host = f"[{self.redirect_host}]" if ":" in self.redirect_host else self.redirect_host
        return f"http://{host}:{self.redirect_port}{self.redirect_path}"


@dataclass(frozen=True)
class SettingRow:
    """One row of the settings page. `name` is dotted, e.g. "doors.egov_api"."""

    name: str
    label: str
    help: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    value: str | int | bool
    default: str | int | bool
    locked: bool


def setting_rows(settings: Settings, locked: frozenset[str] = frozenset()) -> list[SettingRow]:
    """Every setting in the order of the page; `locked` are those the administrator fixed."""
    return list(_rows(settings, "", locked))


def _rows(part: BaseModel, prefix: str, locked: frozenset[str]) -> list[SettingRow]:
    found: list[SettingRow] = []
    for key, info in type(part).model_fields.items():
        value, name = getattr(part, key), prefix + key
        if isinstance(value, BaseModel):
            found += _rows(value, f"{name}.", locked)
            continue
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        choices: Any = extra.get("choices", ())
        found.append(
            SettingRow(
                name=name,
                label=info.title or key,
                help=info.description or "",
                kind=str(extra.get("kind", "text")),
                choices=tuple(choices),
                value=value,
                default=info.default,
                locked=name in locked,
            )
        )
    return found
