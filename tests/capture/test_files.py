"""Files that hold an article: read for text and source, bounded, and refused in one line."""

from __future__ import annotations

import io
import os
import time
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from timeline.capture.files import reading
from timeline.capture.files.article_file import MOST_BYTES, ArticleFile
from timeline.capture.files.readers import read_article
from timeline.capture.files.reading import read_file
from timeline.domain.errors import Refused
from timeline.domain.quotations import PARAGRAPH, quotations

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

SAID = "Anna Kern sagte am Montag, die Stadt werde die Brücke bauen."
PAGE = f"""<!doctype html><html lang="de"><head><title>Brücke – Stadtblatt</title>
<meta property="og:site_name" content="Stadtblatt"><meta property="og:title" content="Die Brücke">
<meta name="author" content="Jo Neu"><link rel="canonical" href="https://example.org/bruecke">
<meta property="article:published_time" content="2025-12-15T08:00:00+01:00"></head>
<body><nav><a href="/">Start</a> <a href="/abo">Abo</a></nav><article><h1>Die Brücke</h1>
<p>{SAID} {"Das dauert lange und kostet viel Geld. " * 6}</p>
<p>Niemand sonst sprach an diesem Tag mit den Leuten von der Zeitung.</p></article>
<script>alert("never")</script><footer>Impressum</footer></body></html>"""


def pdf(*lines: str, title: str = "") -> bytes:
    """Return a PDF with a line below the other on one page, as a typesetter leaves them."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 14 TL 40 780 Td {shown} ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, one in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    begin = out.tell()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + table)
    out.write(b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % begin)
    if not title:
        return out.getvalue()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(out.getvalue())))
    writer.add_metadata({"/Title": title})
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(*paragraphs: str) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    made.core_properties.title = "Die Brücke"
    made.core_properties.author = "Jo Neu"
    made.save(out)
    return out.getvalue()


def test_of_a_web_page_the_article_is_read_and_where_it_stood() -> None:
    file = read_article(PAGE.encode(), "page.html")
    assert SAID in file.text
    assert not any(word in file.text for word in ("Abo", "alert", "Impressum"))
    assert (file.title, file.outlet, file.author) == ("Die Brücke", "Stadtblatt", "Jo Neu")
    assert (file.published_at, file.lang) == ("2025-12-15", "de")
    assert file.url == "https://example.org/bruecke"


def test_the_lines_of_a_pdf_flow_again_and_hyphens_go() -> None:
    lines = ("Anna Kern sagte am Mon-", "tag, die Stadt werde", "die Brücke bauen.")
    file = read_article(pdf(*lines, title="A title"), "x.pdf")
    assert file.text.strip() == SAID
    assert file.title == "A title"


def typeset(*pages: list[tuple[int, int, str]]) -> bytes:
    """Return a PDF of lines at their places, from the left and the bottom; \\x01 is a ligature."""
    count = range(len(pages))
    glyphs = b"/BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl /ff /ffi]"
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in count)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << %s >> >>" % glyphs,
    ]
    for at, lines in enumerate(pages):
        shown = (
            b"1 0 0 1 %d %d Tm (%s) Tj" % (x, y, text.encode("cp1252")) for x, y, text in lines
        )
        content = b"BT /F1 12 Tf %s ET" % b" ".join(shown)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * at),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    out = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begin, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, begin)


def set_in_lines(*lines: str, top: int = 780) -> list[tuple[int, int, str]]:
    return [(40, top - 14 * at, line) for at, line in enumerate(lines)]


def read_pdf(*pages: list[tuple[int, int, str]]) -> list[str]:
    """Return the paragraphs of a PDF."""
    return read_article(typeset(*pages), "x.pdf").text.split("\n\n")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            (
                "Die Of\x01ziere gin-",
                "gen.",
            ),
            "Die Offiziere gingen.",
        ),
        (("Das \x04ziere \x01nanziell.",), "Das ffiziere finanziell."),
        (("Wirtschafts-", "und Finanzpolitik."), "Wirtschafts- und Finanzpolitik."),
        (("Die E-", "Mail kam an."), "Die E-Mail kam an."),
        (("Von 2025-", "2026 an."), "Von 2025-2026 an."),
        (("A well-known man, the well-", "known Ann."), "A well-known man, the well-known Ann."),
        (("Er kam \u2013", "und ging."), "Er kam \u2013 und ging."),
    ],
)
def test_a_pdf_keeps_its_words(lines: tuple[str, ...], text: str) -> None:
    assert read_pdf(set_in_lines(*lines)) == [text]


FULL = "So viele Worte hat eine Zeile, die bis zum Rand reicht und"


@pytest.mark.parametrize(
    "second",
    [
        set_in_lines("Ein neuer Absatz.", top=780 - 14 * 4),
        [(58, 780 - 14 * 3, "Ein neuer Absatz.")],
    ],
    ids=["space", "indent"],
)
def test_a_pdf_keeps_its_paragraphs(second: list[tuple[int, int, str]]) -> None:
    first = set_in_lines(
        FULL, FULL, "dann endet sie hier, am Rand der Seite, wie die anderen auch."
    )
    paragraphs = read_pdf([*first, *second])
    assert [paragraph.split()[-1] for paragraph in paragraphs] == ["auch.", "Absatz."]
    assert "\n" not in "".join(paragraphs)


def test_a_sentence_goes_on_over_the_pages_of_a_pdf_without_running_heads() -> None:
    pages_ = [
        [
            (40, 815, "Stadtblatt \u2022 Montag"),
            *set_in_lines(FULL, f"{FULL} {part}", FULL),
            (290, 20, f"Seite {number}"),
        ]
        for number, part in enumerate(("eins", "zwei", "drei"), 9)
    ]
    (text,) = read_pdf(*pages_)
    assert [one for one in ("eins", "zwei", "drei") if one in text] == ["eins", "zwei", "drei"]
    assert "Stadtblatt" not in text
    assert "Seite" not in text.replace("der Seite", "")


def test_block_quotes_and_quotations_of_a_web_page_are_still_such() -> None:
    page = PAGE.replace(
        "<p>Niemand", "<blockquote><p>Wir bauen.</p></blockquote><p>Auch <q>bald</q>. Niemand"
    )
    text = read_article(page.encode(), "page.html").text
    found = [
        text[slice(*quotation.inner)]
        for paragraph in PARAGRAPH.finditer(text)
        for quotation in quotations(text, *paragraph.span())
    ]
    assert found == ["Wir bauen.", "bald"]


def test_a_word_document_gives_its_paragraphs() -> None:
    file = read_article(word(SAID, "", "Zweiter Absatz."), "a.docx")
    assert file == ArticleFile(f"{SAID}\n\nZweiter Absatz.", title="Die Brücke", author="Jo Neu")


def test_so_does_each_cell_of_its_tables_once(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Davor.")
    table = made.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Über beiden."
    table.cell(1, 0).text, table.cell(1, 1).text = "Links.", "Rechts."
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "Darin."
    made.add_paragraph("Danach.")
    made.save(str(tmp_path / "a.docx"))
    file = read_article((tmp_path / "a.docx").read_bytes(), "a.docx")
    words = ["Davor.", "Über beiden.", "Links.", "Rechts.", "Darin.", "Danach."]
    assert file.text.split("\n\n") == words


def pages(count: int, *lines: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*lines or ("Seite.",)))))
    for _ in range(count - 1):
        writer.add_page(writer.pages[0])
    return written(writer)


def test_a_pdf_is_read_whole_or_not_at_all() -> None:
    assert read_article(pages(200), "x.pdf").text.count("Seite.") == 200
    with pytest.raises(Refused, match="more than 200 pages"):
        read_file(pages(201), "x.pdf")


@pytest.mark.thorough
def test_a_pdf_of_as_many_pages_as_may_be_is_read_in_time_when_they_are_full() -> None:
    lines = [
        f"Zeile {n}, die so lang ist wie eine in einem Bericht über die Br\374cke"
        for n in range(50)
    ]
    text = read_file(pages(200, *lines), "x.pdf").text
    assert (text.count("Zeile 7,"), text.count("Zeile 42,")) == (200, 200)


@pytest.mark.parametrize("data", [SAID.encode(), SAID.encode("utf-8-sig"), SAID.encode("cp1252")])
def test_plain_text_is_read_in_whichever_encoding(data: bytes) -> None:
    assert read_article(data, "a.txt").text == SAID


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Geheim"))))
    writer.encrypt("secret")
    return written(writer)


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "holds no text"),
        (b" \n ", "holds no text"),
        (pdf(), "holds no text"),
        (locked(), "locked by a password"),
        (b"%PDF-1.7 and nothing else", "cannot be read"),
        (b"PK\x03\x04 not a zip", "cannot be read"),
        (b"\x89PNG\r\n\0\0", "cannot be read"),
        (b"<html><body></body></html>", "holds no text"),
        (b"x" * (MOST_BYTES + 1), "5,000,000 are read at the most"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        read_file(data, "file")


def test_a_file_is_read_in_a_process_of_its_own() -> None:
    assert SAID in read_file(PAGE.encode(), "page.html").text


def test_a_word_document_brings_in_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden words")
    declared = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    written, out = io.BytesIO(), io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Before MARK after")
    made.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(out, "w") as changed:
        for name in parts.namelist():
            part = parts.read(name)
            if name == "word/document.xml":
                part = part.replace(b"MARK", b"&x;").replace(
                    b"<w:doc", declared.encode() + b"<w:doc", 1
                )
            changed.writestr(name, part)
    text = read_article(out.getvalue(), "article.docx").text
    assert text.startswith("Before")
    assert "hidden" not in text


def test_a_document_that_unpacks_to_more_than_fits_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", b"0" * 60_000_000)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Refused, match="cannot be read"):
        read_file(out.getvalue(), "bomb.docx")


def sleep(_to: Connection, _name: str) -> None:
    time.sleep(60)


def begin_to_answer(to: Connection, _name: str) -> None:
    to.recv_bytes()
    os.write(to.fileno(), (1_000).to_bytes(4, "big") + b"{")
    time.sleep(60)


def crash(_to: Connection, _name: str) -> None:
    raise SystemExit(3)


def test_a_reader_that_hangs_is_ended_and_one_that_crashes_harms_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for hangs, size in ((sleep, 1), (sleep, MOST_BYTES), (begin_to_answer, 1)):
        monkeypatch.setattr(reading, "_answer", hangs)
        begun = time.monotonic()
        with pytest.raises(Refused, match="takes too long"):
            read_file(b"x" * size, "x", patience=0.5)
        assert time.monotonic() - begun < 30
    monkeypatch.setattr(reading, "_answer", crash)
    with pytest.raises(Refused, match="cannot be read"):
        read_file(b"x", "x")
