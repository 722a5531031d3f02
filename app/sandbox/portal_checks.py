"""The sums and comparisons the practice portal insists on, form by form.

`calculated` gives the values of the page's read-only sums; `cross_faults` what does not add up. The
arithmetic of the 持続化 form is that of its public 様式3 workbook.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from app.sandbox.portal_forms import Form, FormPage
from app.sandbox.portal_values import Fault, Values, amount, day, number

WEB = "③ウェブサイト関連費"
_Sum = tuple[str, str, tuple[tuple[int, str], ...]]
# What has to be equal in an accounting period: the result, its label, the signed parts.
_STATEMENTS: tuple[_Sum, ...] = (
    ("TotalAssets__c", "資産合計", ((1, "TotalLiabilities__c"), (1, "NetAssets__c"))),
    (
        "TotalLiabilities__c",
        "負債合計",
        ((1, "CurrentLiabilities__c"), (1, "FixedLiabilities__c")),
    ),
    ("GrossProfit__c", "売上総利益", ((1, "Sales__c"), (-1, "CostOfSales__c"))),
    ("OperatingProfit__c", "営業利益", ((1, "GrossProfit__c"), (-1, "SellingExpenses__c"))),
    (
        "OrdinaryProfit__c",
        "経常利益",
        ((1, "OperatingProfit__c"), (1, "NonOperatingIncome__c"), (-1, "NonOperatingExpenses__c")),
    ),
    (
        "ProfitBeforeTax__c",
        "税引前当期純利益",
        ((1, "OrdinaryProfit__c"), (1, "ExtraordinaryIncome__c"), (-1, "ExtraordinaryLoss__c")),
    ),
)


def calculated(form: Form, page: FormPage, values: Values) -> dict[str, str]:
    """The read-only sums of a page as texts of digits."""
    if page.key != "keihi":
        return {}
    return _jizokuka_sums(values) if form.check == "jizokuka" else _renshu_sums(values)


def cross_faults(form: Form, page: FormPage, values: Values) -> list[Fault]:
    """What does not add up on a page whose single values are good."""
    check = _CHECKS.get((form.check, page.key))
    return check(values) if check else []


def _fault(name: str, message: str) -> Fault:
    return {"name": name, "message": message}


def _column(values: Values, column: str, web: bool | None = None) -> int:
    rows = values.get("Costs__r")
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    chosen = (row for row in rows if web is None or (row.get("Category__c") == WEB) == web)
    return sum(amount(row.get(column)) for row in chosen)


def _renshu_sums(values: Values) -> dict[str, str]:
    return {
        "CostTotalWithTax__c": str(_column(values, "AmountWithTax__c")),
        "CostTotal__c": str(_column(values, "Amount__c")),
    }


def _renshu_costs(values: Values) -> list[Fault]:
    faults = []
    for place, row in enumerate(values["Costs__r"]):
        if amount(row["Amount__c"]) > amount(row["AmountWithTax__c"]):
            faults.append(
                {"table": "Costs__r", "row": place, "name": "Amount__c"}
                | {"message": "税込の経費以下の額を入力してください。"}
            )
    total, whole = _column(values, "Amount__c"), _column(values, "AmountWithTax__c")
    most = min(int(total * Fraction(values["SubsidyRate__c"])), 10_000_000)
    asked = amount(values["SubsidyAmount__c"])
    if asked > most:
        faults.append(_fault("SubsidyAmount__c", f"{most:,}円以下で入力してください。"))
    funds = asked + sum(
        amount(values[name]) for name in ("OwnFunds__c", "BankLoan__c", "OtherFunds__c")
    )
    if amount(values["FundsTotal__c"]) != funds:
        faults.append(_fault("FundsTotal__c", "資金調達の各欄の合計と一致しません。"))
    elif funds != whole:
        faults.append(_fault("FundsTotal__c", "事業に要する経費の合計と一致しません。"))
    pairs = (("BankLoan__c", "BankLoanFrom__c"), ("OtherFunds__c", "OtherFundsFrom__c"))
    return faults + _sources(values, pairs)


def _sources(values: Values, pairs: tuple[tuple[str, str], ...]) -> list[Fault]:
    return [
        _fault(source, "金額があるときは調達先を入力してください。")
        for name, source in pairs
        if amount(values.get(name)) > 0 and not values.get(source)
    ]


def _renshu_periods(values: Values) -> list[Fault]:
    count = {"3期": 3, "2期": 2, "1期": 1}.get(values["FiscalPeriods__c"], 0)
    faults = []
    for prefix in ("P1", "P2", "P3")[:count]:
        begins, ends = (day(values[f"{prefix}{x}__c"]) for x in ("PeriodBegins", "PeriodEnds"))
        if begins and ends and begins >= ends:
            faults.append(_fault(f"{prefix}PeriodEnds__c", "開始日より後の日付にしてください。"))
        for result, label, parts in _STATEMENTS:
            given = [number(values.get(prefix + name)) for _, name in parts]
            stated = number(values.get(prefix + result))
            if stated is None or any(item is None for item in given):
                continue
            made = sum(sign * (item or 0) for (sign, _), item in zip(parts, given, strict=True))
            if made != stated:
                faults.append(_fault(prefix + result, f"{label}が内訳と一致しません（{made:,}）。"))
    return faults


def _renshu_holders(values: Values) -> list[Fault]:
    total = sum(Fraction(row["Ratio__c"]) for row in values["Shareholders__r"])
    if total <= 100:
        return []
    row = len(values["Shareholders__r"]) - 1
    where = {"table": "Shareholders__r", "row": row, "name": "Ratio__c"}
    return [where | {"message": "出資比率の合計が100％を超えています。"}]


def _in_order(first: str, second: str) -> Callable[[Values], list[Fault]]:
    def check(values: Values) -> list[Fault]:
        begins, ends = day(values[first]), day(values[second])
        late = begins and ends and begins > ends
        return [_fault(second, "開始予定日以後の日付にしてください。")] if late else []

    return check


def _renshu_employees(values: Values) -> list[Fault]:
    if amount(values["RegularEmployees__c"]) <= amount(values["Employees__c"]):
        return []
    return [_fault("RegularEmployees__c", "従業員数以下で入力してください。")]


def web_share(a: int, c: int, rate: Fraction, cap: int) -> tuple[int, int, int]:
    """Least and most of (b), and the most of (d), by the hidden sheet of the 様式3 workbook."""
    most_b = int(a * rate)
    d = min(int(c * rate), most_b // 3, cap // 4, 500_000)
    if most_b + d <= cap:
        return most_b, most_b, d
    return cap - min(cap // 4, d), min(most_b, cap), d


def _jizokuka_sums(values: Values) -> dict[str, str]:
    a, c = _column(values, "Amount__c", web=False), _column(values, "Amount__c", web=True)
    cap, b = amount(values.get("Cap__c")), amount(values.get("AmountB__c"))
    rate = Fraction(values["Rate__c"]) if values.get("Rate__c") in ("2/3", "3/4") else Fraction(0)
    least, most, d = web_share(a, c, rate, cap)
    if least != most:
        d = max(0, min(d, cap - b))
    # Dropped fractions, kept to three decimals, that make up one yen give it back, as the workbook does.
    dropped = int(a * rate % 1 * 1000) + int(c * rate % 1 * 1000)
    plus = int(b == int(a * rate) and d == int(c * rate) and dropped >= 1000)
    f = b + d + plus
    own = sum(amount(values.get(name)) for name in ("Own__c", "Loan__c", "Other__c"))
    bridge = sum(amount(values.get(name)) for name in ("Bridge1__c", "Bridge2__c", "Bridge3__c"))
    return {
        "SumA__c": str(a),
        "SumC__c": str(c),
        "AmountD__c": str(d),
        "SumE__c": str(a + c),
        "SumF__c": str(f),
        "QuarterOk__c": "はい" if 4 * d <= f else "いいえ",
        "Grant__c": str(bridge),
        "Total__c": str(own + bridge),
    }


def _jizokuka_costs(values: Values) -> list[Fault]:
    sums = _jizokuka_sums(values)
    a, c, b = int(sums["SumA__c"]), int(sums["SumC__c"]), amount(values["AmountB__c"])
    least, most, _ = web_share(a, c, Fraction(values["Rate__c"]), amount(values["Cap__c"]))
    faults = []
    if a == 0 and c > 0:
        faults.append(_fault("AmountB__c", "ウェブサイト関連費だけでは申請できません。"))
    elif not min(least, most) <= b <= most:
        faults.append(_fault("AmountB__c", f"{least:,}円から{most:,}円の範囲で入力してください。"))
    elif sums["QuarterOk__c"] == "いいえ":
        faults.append(_fault("AmountB__c", "(d)が(f)の1/4を超えています。"))
    if sums["Grant__c"] != sums["SumF__c"]:
        faults.append(_fault("Bridge1__c", "2.持続化補助金が(6)と一致しません。"))
    if sums["Total__c"] != sums["SumE__c"]:
        faults.append(_fault("Own__c", "5.合計額が(5)と一致しません。"))
    pairs = (("Loan__c", "LoanFrom__c"), ("Other__c", "OtherFrom__c"))
    bridge = (("Bridge2__c", "Bridge2From__c"), ("Bridge3__c", "Bridge3From__c"))
    return faults + _sources(values, pairs + bridge)


def _jizokuka_outline(values: Values) -> list[Fault]:
    faults = []
    if not values.get("ContactTel__c") and not values.get("ContactMobile__c"):
        sentence = "電話番号か携帯電話番号のどちらかを入力してください。"
        faults.append(_fault("ContactTel__c", sentence))
    small = values["MainIndustry__c"].startswith("①")
    most = 5 if small else 20
    if amount(values["RegularEmployees__c"]) > most:
        faults.append(_fault("RegularEmployees__c", f"この業種では{most}人以下が対象です。"))
    return faults


def _jizokuka_confirmed(values: Values) -> list[Fault]:
    names = ("Owned100__c", "Morals__c")
    faults = [
        _fault(name, "該当する場合は応募できません。")
        for name in names
        if values[name] == "該当する"
    ]
    if values["PastAward__c"] == "該当する" and not values.get("PastAwards__r"):
        faults.append(_fault("PastAward__c", "過去の採択を1行以上入力してください。"))
    return faults


_CHECKS: dict[tuple[str, str], Callable[[Values], list[Fault]]] = {
    ("renshu", "kihon"): _renshu_employees,
    ("renshu", "keikaku"): _in_order("ProjectBegins__c", "ProjectEnds__c"),
    ("renshu", "keihi"): _renshu_costs,
    ("renshu", "zaimu"): _renshu_periods,
    ("renshu", "yakuin"): _renshu_holders,
    ("jizokuka", "gaiyo"): _jizokuka_outline,
    ("jizokuka", "kakunin"): _jizokuka_confirmed,
    ("jizokuka", "keihi"): _jizokuka_costs,
}
