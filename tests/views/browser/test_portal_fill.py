"""Filling a portal's page: what a person sees is filled and read back; what they cannot see is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.views.browser_policy import policy
from app.views.browser_session import AccountBrowser
from app.views.portal_fill import Asked, Outcome, PortalFiller, Put, Seen

pytestmark = pytest.mark.browser
RESOURCES = Path(__file__).resolve().parents[3] / "resources"


class Desk:
    """A portal page on a screen, and the filler beside it."""

    def __init__(self, browser: AccountBrowser, origin: str, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        self.window.resize(900, 700)
        box = QVBoxLayout(self.window)
        self.view, self.page = browser.open_view(lambda *_: None, self.window)
        box.addWidget(self.view)
        self.window.show()
        self.filler = PortalFiller(self.page, origin, RESOURCES)
        self.asked: list[Asked] = []
        self.filler.beside.connect(self._beside)

    def _beside(self, asked: list[Asked]) -> None:
        self.asked = asked

    def open(self, address: str) -> None:
        with self.qtbot.waitSignal(self.page.loadFinished, timeout=15000):
            self.page.load(QUrl(address))

    def ask(self, script: str) -> Any:
        told: list[Any] = []
        self.page.runJavaScript(script, told.append)
        self.qtbot.waitUntil(lambda: bool(told), timeout=5000)
        return told[0]

    def fill(self, *puts: Put, known: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
        done: list[list[Outcome]] = []
        self.filler.finished.connect(done.append)
        self.asked = []
        self.filler.fill(puts, known)
        self.qtbot.waitUntil(lambda: bool(done), timeout=30000)
        self.filler.finished.disconnect(done.append)
        return {outcome.key: outcome.why for outcome in done[0]}

    def look(self) -> Seen | None:
        told: list[Seen | None] = []
        self.filler.look(told.append)
        self.qtbot.waitUntil(lambda: bool(told), timeout=5000)
        return told[0]

    def read(self, name: str) -> str:
        told: list[str] = []
        self.filler.read(name, told.append)
        self.qtbot.waitUntil(lambda: bool(told), timeout=5000)
        return told[0]


@pytest.fixture
def desk(
    qtbot: QtBot, tls_door: Any, stranger: Any, own_certificate: tuple[Any, str]
) -> Iterator[Desk]:
    rules = policy(
        [tls_door.address, stranger.address], "http://127.0.0.1:1/callback",
        practice=True, pin=own_certificate[1],
    )  # fmt: skip
    browser = AccountBrowser("main", rules)
    made = Desk(browser, tls_door.address, qtbot)
    yield made
    made.filler.deleteLater()
    made.window.hide()
    browser.close()
    made.window.deleteLater()


def text(key: str, label: str, value: str, **more: Any) -> Put:
    return Put(key, "text", label, text=value, **more)


PLAIN = """
<h1>基本情報</h1>
<form action=/sent method=post>
<p><label for=a>法人名 <span>必須</span></label><input id=a></p>
<p><label>資本金(円)<input inputmode=numeric></label></p>
<fieldset><legend>法人種別</legend><label><input type=radio name=k value=1>株式会社</label>
<label><input type=radio name=k value=2>合同会社</label></fieldset>
<label for=s>都道府県</label><select id=s><option value="">選択<option value=13>東京都<option value=22>静岡県</select>
<label><input type=checkbox id=c>同意します</label>
<dl><dt>電話番号</dt><dd><input type=tel></dd></dl>
<label for=d>設立年月日</label><input type=date id=d>
<label for=t>事業の内容</label><textarea id=t maxlength=10></textarea>
<label for=f>決算書</label><input type=file id=f>
<button>次へ</button>
</form>
"""


def test_a_plain_page_is_filled_as_by_keyboard(desk: Desk, tls_door: Any) -> None:
    desk.open(tls_door.page("/apply/basic", PLAIN))
    seen = desk.look()
    assert seen is not None
    assert seen.path == "/apply/basic"
    assert seen.heads == ("基本情報",)
    told = desk.fill(
        text("a", "法人名", "株式会社みなと製菓"),
        text("b", "資本金（円）", "5000000"),
        Put("c", "radio", "法人種別", text="合同会社"),
        Put("d", "choice", "都道府県", text="静岡県"),
        Put("e", "checkbox", "同意します", on=True),
        text("f", "電話番号", "03-1234-5678"),
        text("g", "設立年月日", "2019-04-01"),
        text("h", "事業の内容", "菓子を作る"),
        Put("i", "file", "決算書", files=(("貸借対照表.pdf", "application/pdf", b"%PDF-1.4"),)),
    )
    assert told == dict.fromkeys("abcdefghi", "")
    assert desk.ask("document.querySelector('#a').value") == "株式会社みなと製菓"
    assert desk.ask("document.querySelector('input[value=\"2\"]').checked") is True
    assert desk.ask("document.querySelector('#d').value") == "2019-04-01"
    assert desk.ask("document.querySelector('#f').files[0].name") == "貸借対照表.pdf"
    assert desk.ask("document.querySelector('#f').files[0].size") == 8
    assert "/sent" not in tls_door.seen, "nothing is ever sent by us"


def test_what_does_not_fit_is_said(desk: Desk, tls_door: Any) -> None:
    desk.open(tls_door.page("/p", PLAIN))
    told = desk.fill(
        text("a", "事業の内容", "あいうえおかきくけこさしすせそ"),
        Put("b", "choice", "都道府県", text="大阪府"),
        Put("c", "radio", "法人種別", text="財団法人"),
        text("d", "ない欄", "x"),
    )
    assert told["a"] == "相手の欄は 10字までで、これは 15字あるので、入れていません"
    assert desk.ask("document.querySelector('#t').value") == "", "nothing is cut"
    assert told["b"] == "選択肢に「大阪府」がありません"
    assert told["c"] == "選択肢に「財団法人」がありません"
    assert told["d"] == "この名前の欄がこのページにありません"


SHADOW = """
<h1>部品のページ</h1><div id=place></div>
<script>
class Inner extends HTMLElement { connectedCallback() {
  const root = this.attachShadow({mode: "open"});
  root.innerHTML = `<label part=l>${this.getAttribute("label")}</label><input>`;
  const input = root.querySelector("input");
  input.addEventListener("input", () => {
    const digits = input.value.replace(/[^0-9]/g, "");
    input.value = this.hasAttribute("money") ? digits.replace(/\\B(?=(\\d{3})+$)/g, ",")
      : digits.length > 3 ? digits.slice(0, 3) + "-" + digits.slice(3, 7) : digits;
    this.dispatchEvent(new CustomEvent("told", {detail: digits, bubbles: true, composed: true}));
  });
} }
customElements.define("x-inner", Inner);
class Outer extends HTMLElement { connectedCallback() {
  const root = this.attachShadow({mode: "open"});
  setTimeout(() => { root.innerHTML = `<section><h2>本店</h2><x-inner label="郵便番号"></x-inner></section>
   <section><h2>支店</h2><x-inner label="郵便番号"></x-inner></section><x-inner money label="売上高"></x-inner>`; }, 700);
} }
customElements.define("x-outer", Outer);
place.append(document.createElement("x-outer"));
window.heard = []; addEventListener("told", e => heard.push(e.detail));
</script>
<div id=combo><span id=cl>業種</span><button type=button aria-haspopup=listbox aria-labelledby=cl id=cb>選択してください</button>
<ul role=listbox hidden></ul></div>
<script>
cb.onclick = () => { const list = combo.querySelector("ul"); list.hidden = false;
 setTimeout(() => { list.innerHTML = "<li role=option>製造業<li role=option>建設業";
  for (const li of list.children) li.onmousedown = () => { cb.textContent = li.textContent; list.hidden = true; }; }, 300); };
</script>
<section><h3>役員一覧</h3><table><thead><tr><th>氏名<th>役職</thead><tbody></tbody></table><button type=button id=add>行を追加</button></section>
<script>
function row() { document.querySelector("tbody").insertRow().innerHTML = "<td><input></td><td><input></td>"; }
row(); add.onclick = () => setTimeout(row, 100);
</script>
"""


def test_components_late_fields_masks_boxes_and_rows(desk: Desk, tls_door: Any) -> None:
    desk.open(tls_door.page("/s", SHADOW))
    rows = {"within": "役員一覧", "add": "行を追加", "add_within": "役員一覧"}
    told = desk.fill(
        text("a", "郵便番号", "4250033", within="支店"),
        text("b", "郵便番号", "1500041", within="本店"),
        text("c", "売上高", "12345678"),
        Put("d", "choice", "業種", text="建設業"),
        text("e", "氏名", "山本 湊", row=0, **rows),
        text("f", "役職", "代表取締役", row=0, **rows),
        text("g", "氏名", "佐野 花", row=1, **rows),
        text("h", "役職", "取締役", row=1, **rows),
        text("i", "郵便番号", "1"),
    )
    why = told.pop("i")
    assert why == "同じ名前の欄がいくつもあります"
    assert told == dict.fromkeys("abcdefgh", "")
    inner = "document.querySelector('x-outer').shadowRoot.querySelectorAll('x-inner')"
    assert desk.ask(f"{inner}[1].shadowRoot.querySelector('input').value") == "425-0033"
    assert desk.ask(f"{inner}[0].shadowRoot.querySelector('input').value") == "150-0041"
    assert desk.ask(f"{inner}[2].shadowRoot.querySelector('input').value") == "12,345,678"
    assert desk.ask("heard.includes('4250033')"), "the component was told, as by keys"
    assert desk.ask("document.querySelector('#cb').textContent") == "建設業"
    assert desk.ask("[...document.querySelectorAll('tbody input')].map(i => i.value).join()") == (
        "山本 湊,代表取締役,佐野 花,取締役"
    )


HOSTILE = """
<h1>基本情報</h1>
<label for=p>合言葉</label><input type=password id=p>
<label for=o>番号</label><input id=o autocomplete=one-time-code>
<label for=h style="position:absolute;left:-9999px">法人名</label><input id=h style="position:absolute;left:-9999px">
<label for=z>住所</label><input id=z style="opacity:0">
<label for=n>電話</label><input id=n style="display:none">
<label for=r>商号</label><input id=r readonly value=x>
<div style="position:relative"><label for=v>代表者</label><input id=v><div style="position:absolute;inset:0;background:#fff"></div></div>
<label for=w>印</label><input id=w type=submit value=送る>
<section><h3>役員一覧</h3><form action=/sent><label>氏名<input></label><button>行を追加</button></form></section>
"""


def test_what_a_person_cannot_see_is_never_filled(desk: Desk, tls_door: Any) -> None:
    desk.open(tls_door.page("/h", HOSTILE))
    told = desk.fill(
        text("p", "合言葉", "secret"),
        Put("p2", "text", selector="#p", text="secret"),
        text("o", "番号", "123456"),
        text("h", "法人名", "x"),
        text("z", "住所", "x"),
        text("n", "電話", "x"),
        text("r", "商号", "y"),
        text("v", "代表者", "x"),
        Put("w", "text", selector="#w", text="x"),
        text(
            "row", "氏名", "佐野", row=1, within="役員一覧", add="行を追加", add_within="役員一覧"
        ),
    )
    assert all(told.values()), told
    assert "覆われて" in told["v"]
    assert "送信ボタン" in told["row"]
    values = desk.ask("[...document.querySelectorAll('input')].map(i => i.value).join('|')")
    assert values == "|||||x||送る|"
    assert "/sent" not in tls_door.seen


def test_the_page_sees_nothing_of_ours(desk: Desk, tls_door: Any) -> None:
    spy = """<script>
    const d = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
    Object.defineProperty(HTMLInputElement.prototype, "value", {get: d.get, set() { window.stolen = 1; }});
    Document.prototype.elementFromPoint = () => { window.stolen = 2; return null; };
    Array.from = () => { window.stolen = 3; return []; };
    </script><h1>基本情報</h1><label>法人名<input id=a></label>"""
    desk.open(tls_door.page("/spy", spy))
    assert desk.fill(text("a", "法人名", "みなと")) == {"a": ""}
    assert desk.ask("typeof window.ichido") == "undefined"
    assert desk.ask("String(window.stolen)") == "undefined"


def test_only_the_registered_origin_is_filled(desk: Desk, tls_door: Any, stranger: Any) -> None:
    desk.open(stranger.page("/copy", PLAIN))
    assert desk.look() is None
    told = desk.fill(text("a", "法人名", "みなと"))
    assert told == {"a": "相手のページが変わったので、入れませんでした"}
    assert desk.ask("document.querySelector('#a').value") == ""
    with pytest.raises(ValueError, match="https"):
        PortalFiller(desk.page, stranger.address, RESOURCES)


def test_a_frame_inside_is_not_filled(desk: Desk, tls_door: Any) -> None:
    tls_door.page("/inner", PLAIN)
    desk.open(
        tls_door.page("/frame", "<h1>外</h1><iframe src=/inner width=600 height=400></iframe>")
    )
    told = desk.fill(text("a", "法人名", "みなと"))
    assert told == {"a": "この名前の欄がこのページにありません"}


def test_a_page_that_goes_away_in_the_middle_is_told(desk: Desk, tls_door: Any) -> None:
    tls_door.page("/next", "<h1>次</h1>")
    leaving = (
        PLAIN
        + "<script>document.querySelector('#a').oninput = () => location.href = '/next'</script>"
    )
    desk.open(tls_door.page("/leaving", leaving))
    told = desk.fill(text("a", "法人名", "みなと"), text("b", "ない欄", "x"))
    assert "途中でページが変わった" in told["b"]


@pytest.mark.parametrize(
    "body",
    [
        "<dl><dt>受付番号</dt><dd>S-00006007-0001</dd></dl>",
        "<table><tr><th>受付番号</th><td>S-00006007-0001</td></tr></table>",
        "<p>受付番号：S-00006007-0001</p>",
        "<p><span>受付番号</span><span>S-00006007-0001</span></p>",
    ],
)
def test_the_receipt_is_read(desk: Desk, tls_door: Any, body: str) -> None:
    desk.open(tls_door.page("/done", f"<h1>受け付けました</h1>{body}"))
    assert desk.read("受付番号") == "S-00006007-0001"
    assert desk.read("合計") == ""
