"""The fields of a procedure without a folder, as a person fills them: one place for each element.

A place is an element of an application form, or one of 構成情報 that says who applies and where the
application goes. Beside the obvious ones stands which known fact may be offered; nothing is filled
by itself, since no folder says that the form means that fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.my_number import is_named
from app.forms.skeleton import ProcedureSkeleton, SkeletonForm

KOUSEI = "kousei"
"""The form id under which the elements of 構成情報 are kept."""
_PEOPLE = "管理情報/申請者連絡先情報"
_ITEMS = (
    "氏名", "氏名フリガナ", "役職", "法人団体名", "法人団体名フリガナ", "部門名", "部門名フリガナ",
    "郵便番号", "住所", "住所フリガナ", "電話番号", "FAX番号", "電子メールアドレス",
)  # fmt: skip
_WANTED = ("氏名", "氏名フリガナ", "郵便番号", "住所", "住所フリガナ", "電話番号")
"""What e-Gov wants of the applicant in every application (reference 1.5); the rest may stay empty."""
_TO = "提出先情報"


@dataclass(frozen=True)
class Place:
    """One field: `id` is unique in the draft, `group` the names it stands under in the form.

    `fact` is the path of a fact that may be offered ("" where none is obvious); `wide` says whether
    it is written in full-width letters; `preset` is what the skeleton holds there already.
    """

    id: str
    form_id: str
    path: str
    label: str
    group: str = ""
    required: bool = False
    preset: str = ""
    fact: str = ""
    wide: bool = False

    @property
    def my_number(self) -> bool:
        """Whether a 個人番号 belongs there: it is asked for at sealing and kept in no draft."""
        return is_named(self.label) or is_named(self.path.rpartition("/")[2])


@dataclass(frozen=True)
class Section:
    """The places of one form, or of 構成情報."""

    form_id: str
    title: str
    places: tuple[Place, ...]


_COMPANY: Final = r"(事業所|事業主|会社|法人|企業|申請者|届出者|商号|使用者)"
_OFFERS: Final = tuple(
    (re.compile(pattern), fact)
    for pattern, fact in (
        (r"法人番号", "company.corporate_number"),
        (r"労働保険番号$", "company.labour_insurance.number"),
        (r"雇用保険適用事業所番号$", "company.employment_insurance.office_number"),
        (r"事業所整理記号$", "company.social_insurance.office_mark"),
        (_COMPANY + r".*(名称|団体名).*(フリガナ|カナ)$", "company.kana"),
        (_COMPANY + r".*(名称|団体名|商号)$|商号又は名称$|^(会社名|法人名|事業所名|企業名)$",
         "company.name"),
        (r"(役職|職名)$", "company.representative.title"),
        (r"(所在地|住所).*(フリガナ|カナ)$", "company.head_office.address_kana"),
        (r"(郵便番号)$", "company.head_office.postal_code"),
        (r"(所在地|住所)$", "company.head_office.address"),
        (r"(電子メール|メールアドレス)", "company.email"),
        (r"電話番号$", "company.phone"),
        (r"(代表者|事業主|申請者|届出者|使用者)?.*氏名.*(フリガナ|カナ)$",
         "company.representative.kana"),
        (r"氏名$|代表者名$", "company.representative.name"),
        (r"設立(年月日)?$", "company.established_on"),
        (r"資本金(の額)?$", "company.capital"),
    )
)  # fmt: skip
_OF_OTHERS: Final = re.compile(
    r"(被保険者|従業員|労働者|社員|家族|扶養|配偶者|社会保険労務士|代理人|記載欄|職員|受講|変更)"
)
_CONTACT: Final = {
    "氏名": "company.contact.name",
    "氏名フリガナ": "company.contact.kana",
    "役職": "company.contact.title",
    "部門名": "company.contact.department",
    "電話番号": "company.contact.phone",
    "電子メールアドレス": "company.contact.email",
    "郵便番号": "company.contact.postal_code",
    "住所": "company.contact.address",
}
_APPLICANT: Final = {
    "氏名": "company.representative.name",
    "氏名フリガナ": "company.representative.kana",
    "役職": "company.representative.title",
    "法人団体名": "company.name",
    "法人団体名フリガナ": "company.kana",
    "郵便番号": "company.head_office.postal_code",
    "住所": "company.head_office.address",
    "住所フリガナ": "company.head_office.address_kana",
    "電話番号": "company.phone",
    "電子メールアドレス": "company.email",
}
_WIDE: Final = frozenset(
    {
        "company.name",
        "company.kana",
        "company.head_office.address",
        "company.head_office.address_kana",
        "company.contact.address",
        "company.representative.name",
        "company.representative.kana",
        "company.contact.name",
        "company.contact.kana",
    }
)


def sections_of(skeleton: ProcedureSkeleton, leaves: Mapping[str, str]) -> tuple[Section, ...]:
    """Every place of a procedure: its forms first, then who applies and where it goes.

    `leaves` are the elements below 構成情報 that the skeleton has (path → what it holds).
    """
    forms = tuple(_form(form) for form in skeleton.forms)
    people = (_person(who, leaves) for who in ("申請者情報", "連絡先情報"))
    to = [
        Place(f"{KOUSEI}/{_TO}/{name}", KOUSEI, f"{_TO}/{name}", name, preset=leaves[f"{_TO}/{name}"])
        for name in ("提出先識別子", "提出先名称")
        if f"{_TO}/{name}" in leaves
    ]  # fmt: skip
    sections = [*forms, *people]
    if to:
        sections.append(Section(KOUSEI, "提出先", tuple(to)))
    return tuple(s for s in sections if s.places)


def _form(form: SkeletonForm) -> Section:
    return Section(
        form.names.form_id,
        form.names.form_name or form.names.form_id,
        tuple(_place(form, f.path, f.label, f.required, f.preset) for f in form.fields),
    )


def _place(form: SkeletonForm, path: str, label: str, required: bool, preset: str) -> Place:
    form_id = form.names.form_id
    steps = path.split("/")[1:-1]
    group = " / ".join(_step(s) for s in steps if _says_something(s))
    fact = offered_fact(label, group)
    if group and group.replace(" / ", "・") in label:
        group = ""  # the label says it already
    return Place(
        f"{form_id}/{path}", form_id, path, label, group, required, preset, fact, fact in _WIDE
    )


def offered_fact(label: str, group: str) -> str:
    """The path of the company's fact that a field obviously asks for; "" where it is not obvious."""
    if _OF_OTHERS.search(f"{group}{label}"):
        return ""
    whole = f"{group.rpartition(' / ')[2]}{label}"
    for pattern, fact in _OFFERS:
        if pattern.search(label) or (pattern.search(whole) and not _is_part(label)):
            return fact
    return ""


def _is_part(label: str) -> bool:
    """Whether a field is a part of a number or a day, so that the whole never fits into it."""
    return bool(re.search(r"(桁|局番|番号[0-9０-９]|^年$|^月$|^日$|CD|元号|年号|加入者)", label))


def _person(who: str, leaves: Mapping[str, str]) -> Section:
    applicant = who == "申請者情報"
    facts = _APPLICANT if applicant else {**_APPLICANT, **_CONTACT}
    places = [
        Place(
            f"{KOUSEI}/{path}",
            KOUSEI,
            path,
            item,
            required=item in _WANTED,
            preset=leaves[path],
            fact=facts.get(item, ""),
            wide=facts.get(item, "") in _WIDE,
        )
        for item in _ITEMS
        if (path := f"{_PEOPLE}/{who}/{item}") in leaves
    ]
    return Section(KOUSEI, "申請する人" if applicant else "連絡先", tuple(places))


def _step(step: str) -> str:
    """An element's name as it is read: `被保険者[2]` is 被保険者 2."""
    return re.sub(r"\[([0-9]+)\]$", r" \1", step)


def _says_something(step: str) -> bool:
    """Whether an element's name says anything: those that only hold a form's code do not."""
    return not re.fullmatch(r"[A-Za-z0-9_.\-]+(\[[0-9]+\])?", step)
