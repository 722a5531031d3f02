"""One row of the corporate-number register: all thirty fields, in the order of Web-API Ver.4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

KINDS = {
    "101": "国の機関",
    "201": "地方公共団体",
    "301": "株式会社",
    "302": "有限会社",
    "303": "合名会社",
    "304": "合資会社",
    "305": "合同会社",
    "399": "その他の設立登記法人",
    "401": "外国会社等",
    "499": "その他",
}
"""`kind`: the legal form, as the register words it."""

CLOSE_CAUSES = {
    "01": "清算の結了等",
    "11": "合併による解散等",
    "21": "登記官による閉鎖",
    "31": "その他の清算の結了等",
}

DELETED = "99"


@dataclass(frozen=True)
class RegisterEntry:
    """One row; texts as the register writes them ("" where it says nothing), dates as dates.

    `change_date` is when the latest change took effect in the world, `update_date` when the row was
    written. `assignment_date` is the day the number was given, not the day of establishment.
    """

    sequence_number: str
    corporate_number: str
    process: str
    correct: str
    update_date: date
    change_date: date
    name: str
    name_image_id: str
    kind: str
    prefecture_name: str
    city_name: str
    street_number: str
    address_image_id: str
    prefecture_code: str
    city_code: str
    post_code: str
    address_outside: str
    address_outside_image_id: str
    close_date: date | None
    close_cause: str
    successor_corporate_number: str
    change_cause: str
    assignment_date: date | None
    latest: str
    en_name: str
    en_prefecture_name: str
    en_city_name: str
    en_address_outside: str
    furigana: str
    hihyoji: str
    last_update_date: date | None = None

    @property
    def closed(self) -> bool:
        """Whether the register is closed for this company (清算, 合併, 閉鎖) or the row deleted."""
        return self.close_date is not None or self.process == DELETED

    @property
    def address(self) -> str:
        """The head office in one line; the address abroad for a company seated abroad."""
        return self.prefecture_name + self.city_name + self.street_number or self.address_outside

    @property
    def municipality_code(self) -> str:
        """The five-digit code: prefecture (2) and city (3); "" for an address abroad."""
        whole = self.prefecture_code + self.city_code
        return whole if len(whole) == 5 else ""

    @property
    def notice(self) -> str:
        """What a person must know before using this row; "" when nothing is unusual."""
        if self.process == DELETED:
            return "この法人番号の登録は削除されています。番号を見くらべてください。"
        if self.close_date is not None:
            why = CLOSE_CAUSES.get(self.close_cause, "")
            day = f"{self.close_date.year}年{self.close_date.month}月{self.close_date.day}日"
            cause = f"({why})" if why else ""
            heir = self.successor_corporate_number
            tail = (
                f"引き継いだ会社の法人番号は {heir} です。"
                if heir
                else "番号を見くらべてください。"
            )
            return f"この会社の登記は {day}に閉じられています{cause}。{tail}"
        return ""
