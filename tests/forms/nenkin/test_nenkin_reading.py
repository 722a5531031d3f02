"""Files of other tools read again: the samples, a round trip, and what is no such file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_nenkin_files import ACQUISITION, FORMS, HEAD, SPOUSE, made

from app.domain.errors import BadInput
from app.forms.nenkin.head import Consultant, Head
from app.forms.nenkin.reading import read_file

TODAY = date(2026, 11, 24)


def test_every_sample_is_read_without_a_fault(shared: Path) -> None:
    files = sorted((shared / "samples/egov/nenkin_csv").glob("*.CSV"))
    assert len(files) == 5
    for file in files:
        found = read_file(file.read_bytes(), FORMS, today=TODAY)
        assert found.faults == ()
        assert found.head == HEAD
        assert found.records[0][0] in file.name


def test_what_was_written_is_read() -> None:
    head = Head(HEAD.office, date(2026, 7, 1), 42, Consultant("12345678", "労務　士郎"))
    for code, values in (("2200700", ACQUISITION), ("2202700", SPOUSE)):
        content, faults = made(code, values, head)
        found = read_file(content, FORMS, today=TODAY)
        assert (faults, found.faults, found.head) == ([], (), head)
        assert list(found.records[0][1]) == FORMS.forms[code].record(values)
    assert found.named(FORMS, 0)["配偶者 氏名（漢字）"] == "年金　久美"


def test_a_faulty_record_is_read_and_told() -> None:
    content, _ = made("2200700", ACQUISITION)
    wrong = content.replace("年金　太郎".encode("cp932"), "髙金　太郎".encode("cp932"))
    (fault,) = read_file(wrong, FORMS, today=TODAY).faults
    assert (fault.record, fault.kind) == (1, "letter")
    elsewhere = content.replace(b"\r\n2200700,21,", b"\r\n2200700,41,")
    assert read_file(elsewhere, FORMS, today=TODAY).faults[0].kind == "office"
    assert read_file(content[:-2], FORMS, today=TODAY).faults[0].kind == "ending"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"[kanri]", b"[kanrl]"),
        (b"\r\n", b"\n"),
        (b"22223", b"22224"),
        (b"20170101", b"20171301"),
        (b"\r\n2200700", b"\r\n2200701"),
        (b",001\r\n", b",001,\r\n"),
        (b"21,01", b"\x81\x20"),
    ],
)
def test_what_is_no_such_file_is_refused(before: bytes, after: bytes) -> None:
    content, _ = made("2200700", ACQUISITION)
    with pytest.raises(BadInput, match="nenkin-"):
        read_file(content.replace(before, after), FORMS, today=TODAY)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(tail: bytes) -> None:
    content, _ = made("2200700", ACQUISITION)
    try:
        found = read_file(content + tail, FORMS, today=TODAY)
    except BadInput:
        return
    assert found.records[0][0] == "2200700"
