"""Hostile and ordinary ZIPs: what is taken, what is refused as a whole."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms import archive
from app.forms.archive import HostileArchive, read_archive


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in entries:
            made.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def test_takes_files_in_order_with_their_folders() -> None:
    made = zipped(("4950/", b""), ("4950/kousei.xml", b"<a/>"), ("4950/通知.txt", b"x"))
    files = read_archive(made)
    assert [(f.name, f.content) for f in files] == [
        ("4950/kousei.xml", b"<a/>"),
        ("4950/通知.txt", b"x"),
    ]


def test_reads_names_without_the_utf8_flag_as_cp932() -> None:
    name = "公文書1.xml"
    made = zipped(("XXXXXXX.xml", b"x"), method=zipfile.ZIP_STORED)
    assert len(name.encode("cp932")) == len("XXXXXXX.xml")
    made = made.replace(b"XXXXXXX.xml", name.encode("cp932"))
    assert read_archive(made)[0].name == name


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd", "../up.txt", "a/../../up.txt", "a/./b", "C:/x", "a\\..\\b", "\\\\host\\x",
        "a//b", "con", "aux.txt", "x:stream", "a/ b", "a./b", "a\u202etxt.exe", "a\x07b", "..",
    ],
)  # fmt: skip
def test_refuses_paths_that_lead_out_or_lie(name: str) -> None:
    with pytest.raises(HostileArchive) as fault:
        read_archive(zipped(("ok.txt", b"1"), (name, b"2")))
    assert fault.value.code in ("zip-path", "zip-name")


def test_refuses_a_symbolic_link() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        link = zipfile.ZipInfo("link")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    with pytest.raises(HostileArchive, match="zip-link"):
        read_archive(buffer.getvalue())


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("twin", ["a.txt", "A.TXT", "a.txt/"])
def test_refuses_a_name_that_stands_twice(twin: str) -> None:
    with pytest.raises(HostileArchive, match="zip-twice"):
        read_archive(zipped(("a.txt", b"1"), (twin, b"")))


def test_refuses_the_same_name_in_two_unicode_forms() -> None:
    with pytest.raises(HostileArchive, match="zip-twice"):
        read_archive(zipped(("が.txt", b"1"), ("か\u3099.txt", b"2")))


def test_refuses_a_file_that_is_also_a_folder() -> None:
    with pytest.raises(HostileArchive, match="zip-path"):
        read_archive(zipped(("a", b"1"), ("a/b", b"2")))


def test_refuses_too_many_files() -> None:
    many = zipped(*((f"f{n}", b"") for n in range(archive.COUNT_LIMIT + 1)))
    with pytest.raises(HostileArchive, match="zip-too-many"):
        read_archive(many)


def test_refuses_a_bomb_and_does_not_unpack_it_whole() -> None:
    bomb = zipped(("zeros", b"\0" * 20_000_000))
    assert len(bomb) < 30_000
    with pytest.raises(HostileArchive, match="zip-bomb"):
        read_archive(bomb)


def test_refuses_more_than_the_limit_whatever_the_header_claims(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "FILE_LIMIT", 1000)
    with pytest.raises(HostileArchive, match="zip-too-large"):
        read_archive(zipped(("big", bytes(range(256)) * 8)))
    monkeypatch.setattr(archive, "FILE_LIMIT", 10_000)
    monkeypatch.setattr(archive, "TOTAL_LIMIT", 3000)
    with pytest.raises(HostileArchive, match="zip-too-large"):
        read_archive(zipped(("a", bytes(2000)), ("b", bytes(2000))))


def test_refuses_an_encrypted_file_and_an_unusual_method() -> None:
    made = bytearray(zipped(("a.txt", b"secret"), method=zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(mark) + offset
        made[at : at + 2] = struct.pack("<H", 1)
    with pytest.raises(HostileArchive, match="zip-encrypted"):
        read_archive(bytes(made))
    with pytest.raises(HostileArchive, match="zip-method"):
        read_archive(zipped(("a.txt", b"x" * 100), method=zipfile.ZIP_LZMA))


def test_refuses_a_wrong_checksum_and_a_cut_file() -> None:
    made = zipped(("a.txt", b"content here"), method=zipfile.ZIP_STORED)
    with pytest.raises(HostileArchive, match="zip-unread"):
        read_archive(made.replace(b"content", b"CONTENT"))
    with pytest.raises(HostileArchive, match="zip-unread"):
        read_archive(made[:-30])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200), st.integers(0, 255))
def test_noise_is_refused_plainly_or_read(junk: bytes, at: int, byte: int) -> None:
    good = bytearray(zipped(("a.txt", b"hello"), ("b/c.txt", b"world")))
    good[at % len(good)] = byte
    for content in (junk, bytes(good), bytes(good) + junk):
        with suppress(HostileArchive):
            for file in read_archive(content):
                assert ".." not in file.name.split("/")
