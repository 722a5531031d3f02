"""手順書: the printed steps by which a person files by hand what was written into a folder.

What is known of the two programs of the State (DESIGN 1, the e-Gov reference): 届書作成プログラム runs on
Windows, and its 仕様チェック wants a folder that holds the CSV alone; e-Gov's application finds a
procedure by its name and goes on with 申請書入力へ. Their screens change, so names of buttons are few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.era import wareki_text
from app.facts.record import decode_value
from app.forms.pdf import Sheet, printable, register_fonts
from app.forms.printing import Flow, PrintedRow
from app.services.hand_over_folder import CSV_FOLDER, DATA_FOLDER, MORE_FOLDER
from app.store.rows import FilingRow

NAME = "手順.pdf"


@dataclass(frozen=True)
class HandedFile:
    """A file of the hand-over: its place in the folder, its size in bytes and SHA-256."""

    place: str
    size: int
    sha256: str


def step_sheet(
    row: FilingRow,
    files: Sequence[HandedFile],
    fonts: Path,
    *,
    csv_count: int | None,
) -> bytes:
    """The steps for one filing, as a PDF. `csv_count` is the number of records of a CSV, None for XML.

    Raises FontMissing.
    """
    register_fonts(fonts)
    flow = Flow(Sheet(fonts, f"手順 {row.title}", practice=row.practice))
    flow.lines("手で出すための手順", 16, bold=True, after=1)
    flow.lines(printable(row.title), 11, bold=True, after=1)
    flow.lines(
        printable(f"{row.company_name}（法人番号 {row.corporate_number}）　立場 {row.capacity}"), 9
    )
    if row.practice:
        flow.lines("これは練習です。役所には出せません。", 10, bold=True)
    flow.lines(
        "一度からは、この届を送っていません。出すのは、この紙を持つ人です。同じ届を二度出さないでください。",
        10, bold=True, after=1,
    )  # fmt: skip
    if csv_count is None:
        _xml_steps(flow, row, files)
    else:
        _csv_steps(flow, row, files, csv_count)
    flow.heading("出したあと")
    for line in (
        "・画面に出る到達番号（16～18桁の数字）と到達の日時を控え、一度の「送信箱」でこの届を開き、「到達番号を入れる」に入れます。",
        "・通知や公文書が届いたら、ZIP、PDF、XML のまま取り出し、送信箱の「届いた書類を入れる」で入れます。書類庫に残り、決まった額は会社の事実になります。",
        "・出すのをやめたら、送信箱で「手渡しを取り消す」を押します。それまでは、一度からこの届を送れません。",
        "・このフォルダーには個人の情報が入っています。出し終えたら、フォルダーを消してください。",
    ):
        flow.lines(line, 9.5, after=0.8)
    flow.heading("フォルダーの中のファイル")
    for file in files:
        flow.row(
            PrintedRow(printable(file.place), f"SHA-256 {file.sha256}", f"{file.size:,} バイト")
        )
    if csv_count is None:
        _values(flow, row)
    return flow.finish()


def _csv_steps(flow: Flow, row: FilingRow, files: Sequence[HandedFile], count: int) -> None:
    flow.heading("届書作成プログラムで出す")
    more = [f.place for f in files if f.place.startswith(f"{MORE_FOLDER}/")]
    steps = [
        f"このフォルダーを、Windows のパソコンに置きます。「{CSV_FOLDER}」の中は SHFD0006.CSV だけにしておきます。"
        "中身を開いて保存し直さないでください（文字や改行が変わります）。",
        f"日本年金機構の「届書作成プログラム」で、フォルダー「{CSV_FOLDER}」の仕様チェックをします。"
        "エラーが出たら、出さずに、一度で直してから書き出し直します。",
        "届書作成プログラムの電子申請に進み、GビズID でサインインして、この SHFD0006.CSV を出します。"
        f"件数は {count}件です。",
    ]
    if more:
        steps.append(f"添付する書類に、{'、'.join(more)} を付けます。")
    _numbered(flow, steps)
    flow.heading("e-Gov電子申請アプリケーションで出す（届書作成プログラムで出さないとき）")
    _numbered(
        flow,
        [
            "e-Gov電子申請アプリケーションを起動し、GビズID でサインインします。",
            f"手続検索で「{row.title}（CSVファイル添付方式）」を探し、「申請書入力へ」に進みます。",
            f"CSV形式届書総括票を画面で書きます。件数は {count}件です。",
            f"添付書類に「{CSV_FOLDER}」の SHFD0006.CSV"
            + (f" と {'、'.join(more)}" if more else "")
            + " を付け、提出先の年金事務所を選んで、提出します。",
        ],
    )


def _xml_steps(flow: Flow, row: FilingRow, files: Sequence[HandedFile]) -> None:
    flow.heading("e-Gov電子申請アプリケーションで出す")
    attached = [f.place for f in files if f.place.startswith(f"{MORE_FOLDER}/")]
    _numbered(
        flow,
        [
            "e-Gov電子申請アプリケーションを起動し、GビズID でサインインします。",
            f"手続検索で「{row.title}」を探し、「申請書入力へ」に進みます。",
            (
                f"申請データの読み込みができる画面なら、「{DATA_FOLDER}」のファイルを読み込みます。"
                "できないときは、下の「画面に入れる値」を、そのまま入れます。"
                if any(f.place.startswith(f"{DATA_FOLDER}/") for f in files)
                else "下の「画面に入れる値」を、そのまま入れます。いまの様式にだけある項目は、画面に従って答えます。"
            ),
            "個人番号は、この紙にありません。求められたら、画面で入れます。",
            f"添付書類に {'、'.join(attached)} を付けます。"
            if attached
            else "添付書類はありません。",
            "提出先を確かめて、提出します。",
        ],
    )


def _numbered(flow: Flow, steps: Sequence[str]) -> None:
    for number, step in enumerate(steps, 1):
        flow.lines(printable(f"{number}　{step}"), 9.5, after=0.8)


def _values(flow: Flow, row: FilingRow) -> None:
    flow.heading("画面に入れる値")
    for fact in row.facts:
        text = _value(fact)
        if text:
            flow.row(PrintedRow(printable(str(fact["label"])), printable(text)))


def _value(fact: Mapping[str, Any]) -> str:
    """As it would have left, a day in the era calendar."""
    value = decode_value(fact["value"]) if fact.get("value") is not None else None
    if isinstance(value, date):
        return wareki_text(value)
    return str(fact.get("sent") or fact.get("text") or "")
