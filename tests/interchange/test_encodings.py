from __future__ import annotations

import codecs
import gzip

import pytest

from tests.interchange.desk import Desk, jsonl, row, table
from timeline.domain.errors import Refused

CONTENT = table(row(actor="Jörg Müller"))


def native_map(**file: object) -> dict[str, object]:
    """Return a map that maps our fields onto themselves and declares something of the file."""
    return {"file": file, "columns": {name: name for name in row()}}


@pytest.mark.parametrize(
    "content",
    [
        CONTENT.encode(),
        codecs.BOM_UTF8 + CONTENT.encode(),
        codecs.BOM_UTF16_LE + CONTENT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + CONTENT.encode("utf-16-be"),
        CONTENT.encode("utf-16-le"),
        CONTENT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + CONTENT.encode("utf-32-le"),
        gzip.compress(CONTENT.encode()),
        gzip.compress(codecs.BOM_UTF16_LE + CONTENT.encode("utf-16-le")),
        CONTENT.replace("\n", "\r\n").encode(),
        CONTENT.replace("\n", "\r").encode(),
    ],
)
def test_the_encoding_is_found(desk: Desk, content: bytes) -> None:
    assert desk.take(desk.file(content)).lines()[0] == "1 row recorded"
    assert desk.event("actor.introduced").content.name == "Jörg Müller"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-le", "macroman"])
def test_the_encoding_can_be_declared(desk: Desk, encoding: str) -> None:
    content = CONTENT.encode(encoding)
    assert desk.take(desk.file(content), mapping=native_map(encoding=encoding)).recorded == 1
    assert desk.event("actor.introduced").content.name == "Jörg Müller"


def test_a_byte_order_mark_is_surer_than_what_is_declared(desk: Desk) -> None:
    content = codecs.BOM_UTF8 + CONTENT.encode()
    desk.take(desk.file(content), mapping=native_map(encoding="latin-1"))
    assert desk.event("actor.introduced").content.name == "Jörg Müller"


def test_a_byte_that_is_not_utf_8_refuses_its_row_only(desk: Desk) -> None:
    content = table(row(), row(actor="Jörg Müller")).encode("latin-1")
    summary = desk.take(desk.file(content))
    assert (summary.recorded, summary.rejected) == (0, 2)  # both rows have Gespräche
    content = table(row(source__title="x"), row(actor="Jörg", source__title="x")).encode("latin-1")
    summary = desk.take(desk.file(content))
    assert (summary.recorded, summary.rejected) == (1, 1)
    assert str(summary.rejections[0]) == (
        "rows.csv, line 3, column actor: byte 0xF6 at character 2 is not UTF-8; declare the "
        'file\'s encoding in a map: [file] encoding = "cp1252" (or "latin-1")'
    )


def test_a_byte_that_is_not_utf_8_in_json_refuses_its_line_only(desk: Desk) -> None:
    content = (
        jsonl([row(actor="Jörg", source__title="x")]).encode("latin-1") + jsonl([row()]).encode()
    )
    summary = desk.take(desk.file(content, "rows.jsonl"))
    assert (summary.recorded, summary.rejected) == (1, 1)
    assert "line 1: byte 0xF6 at character" in str(summary.rejections[0])


def test_headers_in_another_encoding_are_told(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"rows\.csv, line 1: byte 0xE4 at character 2 is not UTF-8"):
        desk.take(desk.file("Länge;x\n1;2\n".encode("latin-1")))


def test_an_encoding_that_does_not_exist_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="there is no encoding 'utf-88'; use utf-8, utf-16, "):
        desk.take(desk.file(CONTENT), mapping=native_map(encoding="utf-88"))


def test_text_in_the_wrong_declared_encoding_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="the bytes of the file are not utf-16"):
        desk.take(desk.file(CONTENT + "x"), mapping=native_map(encoding="utf-16"))


def test_a_line_that_is_far_too_long_is_refused_and_the_next_one_taken(desk: Desk) -> None:
    long = jsonl([row(paraphrase="x" * 16_000_001)])
    summary = desk.take(desk.file(long + jsonl([row()]), "rows.jsonl"))
    assert (summary.recorded, summary.rejected) == (1, 1)
    assert str(summary.rejections[0]) == (
        "rows.jsonl, line 1: the line is longer than 16,000,000 characters; one entry a line"
    )


def test_garbled_words_are_taken_as_they_are_and_told_with_what_may_be_meant(desk: Desk) -> None:
    content = table(row(), row(actor="JÃ¶rg MÃ¼ller", paraphrase="â€œJaâ€\x9d."))
    summary = desk.take(desk.file(content.encode()))
    assert (summary.recorded, summary.garbled, summary.clean) == (2, 1, True)
    assert summary.lines()[1] == "1 row with words that look garbled, taken as they are"
    assert [str(rejection).partition("line ")[2] for rejection in summary.doubts] == [
        "3, column actor: read in the wrong encoding? 'JÃ¶rg MÃ¼ller' may be 'Jörg Müller'",
        "3, column paraphrase: read in the wrong encoding? 'â€œJaâ€\\x9d.' may be '“Ja”.'",
    ]
