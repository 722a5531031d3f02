"""What publishers write, shown safely: hostile inputs lose what is hostile and keep their words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.grant import Grant, GrantDetail, GrantSource
from app.services.grants.clean import LARGEST, clean_html, clean_markdown, shown_html

HOSTILE = [
    "<script>alert(1)</script>文",
    '<img src="https://x.example/p.png" onerror="alert(1)">文',
    '<p style="background:url(https://x.example)" class="x" onclick="a()">文</p>',
    '<a href="javascript:alert(1)">文</a>',
    '<a href=" jav\tascript:alert(1)">文</a>',
    '<a href="data:text/html,x">文</a>',
    '<a href="file:///etc/passwd">文</a>',
    '<a href="/relative">文</a>',
    '<a href="//x.example/">文</a>',
    '<a href="qrc:/x">文</a>',
    '<iframe src="https://x.example"></iframe>文',
    '<object data="x"></object><embed src="x">文',
    "<svg><script>alert(1)</script></svg>文",
    "<math><mtext></mtext><mglyph><style><!--</style><img src=x onerror=a()>--></math>文",
    '<link rel=stylesheet href="x"><meta http-equiv=refresh content="0;url=x"><base href="x">文',
    "<style>@import 'x'</style>文",
    "<form action=x><input name=a><button>文</button></form>",
    '<table background="x"><tr><td background="x" colspan="9999999">文</td></tr></table>',
    "<!-- <b> -->文<!--[if IE]><script>x</script><![endif]-->",
    "<noscript><p title='</noscript><img src=x onerror=a()>'></noscript>文",
]
ALLOWED = re.compile(r'(?: (?:href|rel|colspan|rowspan)="[^"]*")*')


def check(made: str) -> None:
    """Only shaping elements, no address but of http, https and mailto."""
    for found in re.finditer(r"<(/?)([a-z0-9]+)([^>]*)>", made):
        assert found[2] not in ("script", "style", "img", "iframe", "svg", "object", "form", "link")
        assert ALLOWED.fullmatch(found[3].rstrip("/")), found[0]
    assert "<" not in re.sub(r"</?[a-z0-9]+[^>]*>", "", made)
    for address in re.findall(r'<a [^>]*?href="([^"]*)"', made):
        assert address.lower().startswith(("http://", "https://", "mailto:"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_html_keeps_its_words_alone(text: str) -> None:
    made = clean_html(text)
    check(made)
    assert "文" in made or "noscript" in text or "math" in text
    assert "alert" not in made


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_keeps_its_words_alone(text: str) -> None:
    check(clean_markdown(text))
    check(
        clean_markdown(
            f"# 見出し\n\n[x](javascript:alert(1)) ![i](https://x.example/i.png)\n\n{text}"
        )
    )


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    check(clean_html(text))
    check(clean_markdown(text))


def test_what_shapes_text_stays() -> None:
    made = clean_html(
        '<h2>概要</h2><p>一<strong>二</strong><br>三</p><table><tr><th colspan="2">表</th></tr></table>'
        '<a href="https://x.example/?a=1&b=2" target="_blank">頁</a><a href="mailto:a@x.example">便</a>'
    )
    assert "<h2>概要</h2>" in made
    assert '<th colspan="2">表</th>' in made
    assert 'href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow"' in made
    assert "target" not in made


def test_plain_text_keeps_its_lines() -> None:
    assert clean_html("一 & 二\n三 < 四") == "一 &amp; 二<br>三 &lt; 四"


def test_markdown_of_a_scheme_has_headings_lists_tables_and_links() -> None:
    made = clean_markdown(
        "### 率\n一\n二\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|\n\n[頁](https://x.example)"
    )
    for part in ("<h3>率</h3>", "<br>", "<li>a</li>", "<td>2</td>", '<a href="https://x.example"'):
        assert part in made


def test_texts_that_are_too_long_or_too_deep_are_flattened() -> None:
    made = clean_html("<b>" * 5000 + "深" + "</b>" * 5000)
    assert "深" in made
    assert made.count("<b>") == 0
    assert "長いため" in clean_html("<p>" + "あ" * LARGEST + "</p>")


def test_the_body_kind_decides() -> None:
    grant = Grant("mirasapo:1", GrantSource.MIRASAPO, "1", "題")
    assert "<h2>" in shown_html(GrantDetail(grant, body="## 内容", body_kind="markdown"))
    assert "##" in shown_html(GrantDetail(grant, body="## 内容"))
