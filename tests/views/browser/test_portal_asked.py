"""What a portal's page asks beside what goes in, and the rows it repeats: told, bounded, never doubled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.views.browser.test_portal_fill import Desk, desk, text

__all__ = ["desk"]
pytestmark = pytest.mark.browser


ASKS = """
<header><label>サイト内検索<input></label></header>
<h1>計画</h1>
<label for=a>事業名 *</label><input id=a>
<label for=b>新しい問い<span>必須</span></label><textarea id=b></textarea>
<fieldset><legend>支援を受けましたか *</legend><label><input type=radio name=q>はい</label><label><input type=radio name=q>いいえ</label></fieldset>
<fieldset><legend>区分</legend><label><input type=radio name=r checked>一</label><label><input type=radio name=r>二</label></fieldset>
<label for=c>電話番号</label><input id=c>
<label for=d>郵便番号 *</label><input id=d required>
<label for=e>隠し</label><input id=e style="display:none">
<label for=f>短い欄</label><input id=f><script>f.oninput = () => f.value = f.value.slice(0, 3)</script>
<section><h3>役員一覧</h3><table><thead><tr><th>氏名</thead><tr><td><input value=前の人><tr><td><input value=もう一人></table></section>
"""


def test_what_the_page_asks_beside_is_told(desk: Desk, tls_door: Any) -> None:
    desk.open(tls_door.page("/asks", ASKS))
    told = desk.fill(
        text("a", "事業名", "小箱の詰合せ"),
        text("f", "短い欄", "四字より長い"),
        text("r", "氏名", "佐野 花", within="役員一覧", nth=1, last=True),
        known=[(name, "") for name in ("事業名", "電話番号", "郵便番号", "短い欄", "氏名")],
    )
    assert told["a"] == ""
    assert told["f"] == "相手の欄は 3字までしか受け取らず、これは 6字あるので、入れていません"
    assert told["r"] == "入りましたが、相手の画面に、この申請にない行が 1行あります"
    assert desk.ask("document.querySelector('#f').value") == "", "nothing stays cut"
    said = {(a.name, a.needed, a.known) for a in desk.asked}
    assert said == {
        ("新しい問い", True, False), ("支援を受けましたか", True, False), ("郵便番号", True, True),
    }  # fmt: skip


FLOOD = """
<h1>計画</h1><label for=a>事業名</label><input id=a><div id=place></div>
<script>
for (let n = 0; n < 1500; n += 1) {
  const label = document.createElement("label"), input = document.createElement("input");
  label.textContent = `<img src=x onerror=alert(${n})>必須 ` + "あ".repeat(400) + n; label.append(input);
  label.title = "*"; input.required = true; place.append(label);
}
let rows = 0;
new MutationObserver(() => { if (rows++ < 50) place.append(document.createElement("input")); }).observe(place, {attributes: true, subtree: true, childList: true});
</script>
"""


def test_a_page_that_asks_without_end_costs_a_bounded_list(desk: Desk, tls_door: Any) -> None:
    desk.open(tls_door.page("/flood", FLOOD))
    told = desk.fill(text("a", "事業名", "小箱の詰合せ"), known=[("事業名", "")] * 200)
    assert told == {"a": ""}
    assert 0 < len(desk.asked) <= 200
    assert all(len(asked.name) <= 120 for asked in desk.asked)


ROWS = """
<h1>確認</h1><section><h3>過去の採択</h3><div id=rows></div><button type=button id=more>行を追加</button></section>
<fieldset><legend>出資者1</legend><label>名称<input id=s1></label></fieldset>
<fieldset><legend>出資者2</legend><label>名称<input id=s2></label></fieldset>
<script>
more.onclick = () => setTimeout(() => { const f = document.createElement("fieldset"); const n = rows.children.length + 1;
  f.innerHTML = `<legend>過去の採択 ${n}行目</legend><label>採択回<input></label>`; rows.append(f); }, 80);
</script>
"""


def test_rows_with_headings_of_their_own_are_added_and_found(desk: Desk, tls_door: Any) -> None:
    """A part for each row, named by its number: rows that are there, and rows that are added."""
    desk.open(tls_door.page("/rows", ROWS))
    add = {"add": "行を追加", "add_within": "過去の採択"}
    told = desk.fill(
        text("a", "採択回", "8", within="過去の採択 1行目", **add),
        text("b", "採択回", "4", within="過去の採択 2行目", **add),
        text("c", "名称", "山本 湊", within="出資者1"),
        text("d", "名称", "山本 汐里", within="出資者2"),
    )
    assert told == dict.fromkeys("abcd", "")
    assert (
        desk.ask("[...document.querySelectorAll('#rows input')].map(i => i.value).join()") == "8,4"
    )
    assert desk.ask("s1.value + s2.value") == "山本 湊山本 汐里"
    again = desk.fill(
        text("a", "採択回", "8", within="過去の採択 1行目", **add),
        text("b", "採択回", "4", within="過去の採択 2行目", **add),
    )
    assert again == {"a": "", "b": ""}
    assert desk.ask("document.querySelectorAll('#rows fieldset').length") == 2, "no row twice"
