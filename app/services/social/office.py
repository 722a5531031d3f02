"""The office (事業所) as the head of a pension-office file has it, from the company's facts."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.errors import BadInput
from app.domain.kana import to_half_kana, to_half_width
from app.facts.graph import Graph
from app.forms.nenkin.head import Office
from app.forms.nenkin.letters import Substitution, sendable
from app.services.social.writing import wide_text

ADDRESS = "company.social_insurance.address"
"""The 所在地 of the files: that of the head office, or its shorter form where it is too long."""
ADDRESS_SHORT = "company.social_insurance.address_short"
_TRUE = "company.head_office.address"
_PARTS = ("prefecture", "city", "area", "street", "address")
_MOST = 37
_WANTED = {
    "company.social_insurance.prefecture": "日本年金機構の都道府県コード",
    "company.social_insurance.district": "郡市区符号",
    "company.social_insurance.mark": "事業所記号",
    "company.social_insurance.office_number": "事業所番号",
    "company.head_office.postal_code": "郵便番号",
    ADDRESS: "所在地",
    "company.name": "名称",
    "company.representative.name": "代表者の氏名",
    "company.phone": "電話番号",
}


def office_of(
    graph: Graph, accepted: Mapping[str, str] | None = None
) -> tuple[Office, tuple[Substitution, ...]]:
    """The office and what was replaced in its texts by the `accepted` substitutes.

    Raises BadInput naming every fact that is missing, or a phone number not in three parts.
    """
    if short_address_wanted(graph):
        raise BadInput(
            "office-address",
            f"所在地が{_MOST}字を超えています。年金事務所に出す短い書き方({_MOST}字まで)を入れてください。"
            "正しい所在地は、会社の記録にそのまま残ります。",
        )
    told = {path: graph.fact(path).value for path in _WANTED}
    missing = [label for path, label in _WANTED.items() if not isinstance(told[path], str)]
    if missing:
        raise BadInput("office-missing", f"事業所の{'・'.join(missing)}がありません。")
    values = [str(told[path]) for path in _WANTED]
    prefecture, district, mark, number, postal, address, name, owner, phone = values
    parts = to_half_width(phone).replace("(", "-").replace(")", "-").split("-")
    if len(parts) != 3 or not all(parts):
        raise BadInput("office-phone", "電話番号を、03-1234-5678 のように区切って入れてください。")
    replaced: list[Substitution] = []
    texts = []
    for what, text in (("所在地", address), ("名称", name), ("事業主の氏名", owner)):
        sent, changed = sent_text(f"事業所の{what}", text, accepted or {})
        replaced += changed
        texts.append(sent)
    office = Office(
        prefecture, district, to_half_kana(mark), number, postal, texts[0], texts[1], texts[2],
        (parts[0], parts[1], parts[2]),
    )  # fmt: skip
    return office, tuple(replaced)


def short_address_wanted(graph: Graph) -> bool:
    """Whether a person must say how the head office's address is written in 37 letters.

    One said before the company moved is asked for again: the files never carry an old address.
    """
    true = graph.fact(_TRUE).value
    if not isinstance(true, str) or len(wide_text(true)) <= _MOST:
        return False
    short = graph.fact(ADDRESS_SHORT)
    if not isinstance(short.value, str) or len(wide_text(short.value)) > _MOST:
        return True
    parts = [graph.fact(f"company.head_office.{part}").record for part in _PARTS]
    said = short.record
    return said is not None and any(r.recorded_at > said.recorded_at for r in parts if r)


def sent_text(
    what: str, text: str, accepted: Mapping[str, str]
) -> tuple[str, tuple[Substitution, ...]]:
    """A text of the head as it is sent, and what was replaced in it."""
    true = wide_text(text)
    sent = wide_text(sendable(true, accepted))
    return sent, (() if sent == true else (Substitution("", "", what, true, sent),))
