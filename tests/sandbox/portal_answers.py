"""Good answers for both forms of the practice portal, by page; a test spoils what it is about."""

from __future__ import annotations

from typing import Any

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"

Answers = dict[str, dict[str, Any]]


def renshu() -> Answers:
    """S-00006007, every page complete."""
    return {
        "kihon": {
            "Destination__c": "練習省　練習局長",
            "ApplicationDate__c": "2026/11/24",
            "ApplicantKana__c": "チムニーコーヒー",
            "ApplicantPostalCode__c": "150-0041",
            "RepresentativeTitle__c": "代表取締役",
            "RepresentativeLastKana__c": "レンシュウ",
            "RepresentativeFirstKana__c": "タロウ",
            "EstablishmentDate__c": "2010/04/01",
            "Capital__c": "10000000",
            "Employees__c": "12",
            "RegularEmployees__c": "8",
            "IndustryDivision__c": "M 宿泊業、飲食サービス業",
            "IndustryGroup__c": "76 飲食店",
            "WebSite__c": "https://example.jp/",
            "ContactLastName__c": "練習",
            "ContactFirstName__c": "花子",
            "ContactLastKana__c": "レンシュウ",
            "ContactFirstKana__c": "ハナコ",
            "ContactPostalCode__c": "150-0041",
            "ContactAddress__c": "東京都渋谷区神南１丁目８番１７号",
            "ContactPhone__c": "03-0000-0001",
            "ContactEmail__c": "hanako@example.jp",
            "HasDelegation__c": "いいえ",
        },
        "keikaku": {
            "ProjectTitle__c": "焙煎機の導入による販路開拓",
            "ProjectSummary__c": "焙煎機を導入し、豆の通信販売を始める。",
            "ProjectContent__c": "一行目\n二行目",
            "ProjectKind__c": "成長分野進出型",
            "GrowthField__c": "ＤＸ",
            "ProjectBegins__c": "2027/04/01",
            "ProjectEnds__c": "2027/12/31",
            "ProjectAreas__c": ["関東"],
            "CurrentIssues__c": "店頭販売に偏っている。",
            "ExpectedEffect__c": "売上の一割を通販にする。",
            "OtherSubsidy__c": "いいえ",
        },
        "keihi": {
            "Costs__r": [
                {
                    "Category__c": "機械装置・システム構築費",
                    "Item__c": "焙煎機",
                    "Breakdown__c": "1,000,000円×1台",
                    "AmountWithTax__c": "1100000",
                    "Amount__c": "1000000",
                },
                {
                    "Category__c": "広告宣伝費",
                    "Item__c": "ちらし",
                    "Breakdown__c": "10円×10,000枚",
                    "AmountWithTax__c": "110001",
                    "Amount__c": "100001",
                },
            ],
            "SubsidyRate__c": "2/3",
            "SubsidyAmount__c": "733334",
            "OwnFunds__c": "276667",
            "BankLoan__c": "200000",
            "BankLoanFrom__c": "練習銀行",
            "OtherFunds__c": "0",
            "FundsTotal__c": "1210001",
        },
        "zaimu": {"FiscalPeriods__c": "1期", **period("P1")},
        "yakuin": {
            "OfficersDate__c": "2026/11/24",
            "Officers__r": [
                {
                    "Title__c": "代表取締役",
                    "LastName__c": "練習",
                    "FirstName__c": "太郎",
                    "LastKana__c": "レンシュウ",
                    "FirstKana__c": "タロウ",
                    "BirthDate__c": "1980/01/01",
                }
            ],
            "ShareholdersDate__c": "2026/11/24",
            "Shareholders__r": [
                {
                    "HolderKind__c": "個人",
                    "HolderName__c": "練習　太郎",
                    "HolderAddress__c": "東京都渋谷区",
                    "Ratio__c": "66.67",
                    "LargeEnterprise__c": False,
                }
            ],
        },
        "sensei": {
            "OathTrue__c": True,
            "OathNoGang__c": True,
            "OathSite__c": True,
            "WageRise__c": "する",
            "WageRiseRate__c": "3.0",
            "LocalMinimumWage__c": "1250",
            "WageRiseDate__c": "2026/11/01",
            "Bonus__c": "しない",
            "SignerName__c": "練習　太郎",
            "OathDate__c": "2026/11/24",
        },
        "tenpu": {},
    }


def period(prefix: str) -> dict[str, str]:
    """One accounting period in which the statements agree."""
    lines = {
        "FiscalDate__c": "2026/03/31",
        "PeriodBegins__c": "2025/04/01",
        "PeriodEnds__c": "2026/03/31",
        "PeriodEmployees__c": "12",
        "TotalAssets__c": "30000000",
        "TotalLiabilities__c": "31000000",
        "CurrentLiabilities__c": "11000000",
        "FixedLiabilities__c": "20000000",
        "NetAssets__c": "-1000000",
        "Sales__c": "50000000",
        "CostOfSales__c": "20000000",
        "GrossProfit__c": "30000000",
        "SellingExpenses__c": "31000000",
        "OperatingProfit__c": "-1000000",
        "NonOperatingIncome__c": "1500000",
        "NonOperatingExpenses__c": "100000",
        "OrdinaryProfit__c": "400000",
        "NetProfit__c": "330000",
    }
    return {prefix + name: value for name, value in lines.items()}


def renshu_files() -> list[tuple[str, str, bytes]]:
    """Field, file name and bytes of what must be attached to S-00006007."""
    return [
        ("FileFinancial__c", "決算書.pdf", PDF),
        ("FileRegister__c", "履歴事項全部証明書（練習）.pdf", PDF + b"2"),
    ]


def jizokuka() -> Answers:
    """S-00009001, every page complete; the sums are those of the 記載例 'coffee' of 様式3."""
    row = {"Reason__c": "必要なため", "Breakdown__c": "一式×1回"}
    return {
        "shinsei": {
            "EntryDate__c": "2026/11/24",
            "District__c": "商工会議所地区",
            "PostalCode__c": "150-0041",
            "RepTitle__c": "代表取締役",
            "Tel__c": "03-0000-0001",
        },
        "gaiyo": {
            "NameKana__c": "チムニーコーヒー",
            "Url__c": "なし",
            "MainIndustry__c": "①商業・サービス業（宿泊業・娯楽業を除く）",
            "Jsic__c": "M 宿泊業、飲食サービス業",
            "RegularEmployees__c": "5",
            "CapitalMan__c": "1000",
            "FoundedOn__c": "2010/04/01",
            "Sales__c": "50000000",
            "PeriodMonths__c": "12",
            "GrossProfit__c": "30000000",
            "OrdinaryProfit__c": "-400000",
            "Workplaces__c": "1",
            "ContactName__c": "練習　花子",
            "ContactMobile__c": "090-0000-0001",
            "RepBirth__c": "1980/01/01",
            "RepAge__c": "46",
            "SitePostal__c": "150-0041",
            "SiteAddress__c": "東京都渋谷区神南１丁目",
        },
        "kakunin": {
            "Advice__c": "該当しない",
            "Owned100__c": "該当しない",
            "Income15__c": "該当しない",
            "Morals__c": "該当しない",
            "Specials__c": [],
            "BonusPoints__c": "希望しない",
            "PastAward__c": "該当しない",
        },
        "keikaku": {
            **{f"Plan{number}__c": f"計画その{number}" for number in range(1, 5)},
            "ProjectName__c": "通信販売による販路開拓",
            "SalesPlan__c": "豆の通信販売を始める。",
            "Effects__c": "売上が増える。",
        },
        "keihi": {
            "TaxMode__c": "（税抜）",
            "Rate__c": "2/3",
            "Cap__c": "2000000",
            "Costs__r": [
                {"Category__c": "①機械装置等費", "Amount__c": "1074600", **row},
                {"Category__c": "③ウェブサイト関連費", "Amount__c": "490000", **row},
            ],
            "AmountB__c": "716400",
            "Own__c": "609400",
            "Loan__c": "0",
            "Other__c": "0",
            "Bridge1__c": "955200",
            "Bridge2__c": "0",
            "Bridge3__c": "0",
        },
        "sensei": {
            "Completes__c": "2028/03/31",
            "Revenue__c": "（２）なし",
            "TaxStatus__c": "（１）課税事業者",
            **{f"Oath{number}__c": True for number in range(1, 5)},
            "Consent__c": True,
            "SignedOn__c": "2026/11/24",
            "SignedBy__c": "練習　太郎",
        },
        "tenpu": {},
    }


def jizokuka_files() -> list[tuple[str, str, bytes]]:
    """Field, file name and bytes of what must be attached to S-00009001."""
    return [
        ("FileForm4__c", "様式4.pdf", PDF),
        ("FileBalance__c", "貸借対照表（練習）.pdf", PDF),
        ("FileIncome__c", "損益計算書（練習）.xlsx", b"PK\x03\x04\x14\x00\x00\x00"),
    ]
