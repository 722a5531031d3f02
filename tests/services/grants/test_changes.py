"""A change of a published record is told in words, without markup, from where it differs."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.grant import GrantChange
from app.services.grants.changes import PARTS, in_words
from app.store.public_rows import DETAIL_FIELDS, SHOWN_FIELDS

AT = datetime(2026, 11, 24, tzinfo=UTC)


def test_every_part_that_is_compared_has_a_word() -> None:
    assert set(PARTS) == {*SHOWN_FIELDS, *DETAIL_FIELDS}


def test_figures_stay_and_the_part_is_named() -> None:
    made = in_words(GrantChange("k", "max_limit", "1,000", "2,000", AT))
    assert (made.field, made.before, made.after) == ("上限額", "1,000", "2,000")


def test_a_body_is_told_without_markup_from_where_it_differs() -> None:
    long = "あ" * 100
    made = in_words(
        GrantChange(
            "k",
            "body",
            f"<p>{long}前</p>",
            f'<p>{long}後</p><script>x()</script><img src="http://x/" onerror="x()"',
            AT,
        )
    )
    assert made.before == "…" + "あ" * 20 + "前"
    assert made.after == "…" + "あ" * 20 + "後"
