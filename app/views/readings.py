"""Readings: how words of the program are typed, so that Ctrl+K finds them by kana and romaji."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import jaconv

from app.domain.kana import search_key

_READINGS: Final = {
    "今日": "きょう",
    "会社": "かいしゃ",
    "帳簿": "ちょうぼ",
    "支援": "しえん",
    "手続": "てつづき",
    "送信箱": "そうしんばこ",
    "書類庫": "しょるいこ",
    "設定": "せってい",
    "株式": "かぶしき",
    "有限": "ゆうげん",
    "合同": "ごうどう",
    "雇用保険": "こようほけん",
    "健康保険": "けんこうほけん",
    "厚生年金": "こうせいねんきん",
    "被保険者": "ひほけんしゃ",
    "資格取得": "しかくしゅとく",
    "資格喪失": "しかくそうしつ",
    "労働保険": "ろうどうほけん",
    "年度更新": "ねんどこうしん",
    "算定基礎": "さんていきそ",
    "法人番号": "ほうじんばんごう",
    "個人番号": "こじんばんごう",
    "事業所": "じぎょうしょ",
    "事業主": "じぎょうぬし",
    "従業員": "じゅうぎょういん",
    "代表者": "だいひょうしゃ",
    "生年月日": "せいねんがっぴ",
    "雇用形態": "こようけいたい",
    "賃金": "ちんぎん",
    "番号": "ばんごう",
    "氏名": "しめい",
    "名称": "めいしょう",
    "住所": "じゅうしょ",
    "所在地": "しょざいち",
    "本店": "ほんてん",
    "電話": "でんわ",
    "郵便": "ゆうびん",
    "性別": "せいべつ",
    "国籍": "こくせき",
    "職種": "しょくしゅ",
    "月額": "げつがく",
    "労働時間": "ろうどうじかん",
    "契約": "けいやく",
    "期間": "きかん",
    "年月日": "ねんがっぴ",
    "届": "とどけ",
    "申請": "しんせい",
    "書": "しょ",
}
_BY_LENGTH: Final = sorted(_READINGS, key=len, reverse=True)


def reading(text: str) -> str:
    """The text with the words known here written in kana; the rest as it is."""
    for word in _BY_LENGTH:
        text = text.replace(word, _READINGS[word])
    return text


def _key(text: str) -> str:
    return search_key(text).replace("ヅ", "ズ").replace("ヂ", "ジ")


@lru_cache(maxsize=4096)
def keys(title: str, given: str = "") -> tuple[str, ...]:
    """The search keys of a title: as written, and as read."""
    return tuple(dict.fromkeys(_key(t) for t in (title, given, reading(title)) if t))


def wanted_keys(typed: str) -> tuple[str, ...]:
    """The keys of what was typed: as it is, and its romaji as kana."""
    plain = _key(typed).strip()
    if not plain:
        return ()
    as_kana = _key(str(jaconv.alphabet2kana(plain))) if plain.isascii() else plain
    return tuple(dict.fromkeys((plain, as_kana)))


def rank(typed: str, title: str, given: str = "") -> int | None:
    """How well a title answers: 0 begins with it, 1 holds it, None does not. Empty asks for all."""
    wanted = wanted_keys(typed)
    if not wanted:
        return 0
    found = [(w, k) for w in wanted for k in keys(title, given) if w in k]
    if not found:
        return None
    return 0 if any(k.startswith(w) for w, k in found) else 1
