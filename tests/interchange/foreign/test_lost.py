"""What an import loses is what docs/formats.md says: each thing it names, and no other."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.docs.pages import ROOT
from tests.interchange.foreign.dna_project import dna_database
from tests.interchange.foreign.test_claimreview import review

if TYPE_CHECKING:
    from pathlib import Path

    from tests.interchange.desk import Desk

PAGE = (ROOT / "docs" / "formats.md").read_text("utf-8")
LOST = "Lost words"
"""What stands in every place that is lost; what is kept says *Kept*."""
IMAGE = "https://example.org/lost-words.jpg"

TIMELINE: dict[str, Any] = {
    "title": {"text": {"headline": "Kept source", "text": LOST}},
    "eras": [{"start_date": {"year": 2015}, "text": {"headline": LOST}}],
    "events": [
        {
            "start_date": {
                "year": 2016,
                "month": 3,
                "day": 9,
                "hour": 22,
                "minute": 17,
                "display_date": LOST,
            },
            "display_date": LOST,
            "group": LOST,
            "background": {"url": IMAGE, "alt": LOST},
            "media": {"url": IMAGE, "credit": LOST, "caption": LOST},
            "text": {"headline": "Kept words", "text": "Kept."},
        }
    ],
}
FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Kept source",
    "items": [
        {
            "id": LOST,
            "url": "https://example.org/kept",
            "title": "Kept words",
            "summary": LOST,
            "content_text": LOST,
            "tags": [LOST],
            "attachments": [{"url": IMAGE, "mime_type": "image/jpeg", "title": LOST}],
            "date_published": "2025-12-16",
            "date_modified": "2026-01-19",
        },
        {"id": "2", "summary": LOST},
    ],
}
REVIEW = review(
    claimReviewed="Kept words",
    itemReviewed={
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Kept Person"},
        "datePublished": "2025-02-01",
        "appearance": [
            {"@type": "CreativeWork", "url": "https://example.org/speech"},
            {"@type": "CreativeWork", "url": "https://example.org/lost-words"},
        ],
    },
    image=IMAGE,
    keywords=LOST,
    reviewBody=LOST,
)
OF_TWO = review(
    url="https://checkers.example.org/of-two",
    itemReviewed={
        "@type": "Claim",
        "author": [{"@type": "Person", "name": LOST}, {"@type": "Person", "name": f"{LOST} too"}],
    },
)


def sheet() -> bytes:
    """Return a sheet whose lost things are a comment, a formula, a colour and a format."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    table = book.active
    assert table is not None
    table.append(["actor", "topic", "topic_question", "stance", "said_at", "paraphrase", "hedge"])
    table.append(
        ["Kept Person", "x", "Kept words", "supports", "2025-01-02", "Kept.", f'="{LOST}"']
    )
    table["A2"].comment = Comment(LOST, LOST)
    table["F2"].number_format = f'@"{LOST}"'
    table["A2"].font = openpyxl.styles.Font(name=LOST, color="00FF0000")
    book.save(out)
    return out.getvalue()


def project(path: Path) -> Path:
    """Return a database of DNA with notes, a section and a type of its document."""
    dna_database(path, 2)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE DOCUMENTS SET Section = ?, Notes = ?, Type = ?", (LOST,) * 3)
        db.execute("UPDATE DOCUMENTS SET Text = Text || ?", (f" {LOST}",))
        db.execute("UPDATE DATALONGTEXT SET Value = ?", (LOST,))
        db.execute("CREATE TABLE CODERS(ID INTEGER PRIMARY KEY, Name TEXT)")
        db.execute("INSERT INTO CODERS VALUES (1, ?)", (LOST,))
        db.execute("CREATE TABLE REGEXES(Label TEXT PRIMARY KEY)")
        db.execute("INSERT INTO REGEXES VALUES (?)", (LOST,))
    return path


def lost_paragraph(name: str) -> str:
    section = re.split(r"^### ", PAGE, flags=re.MULTILINE)
    (found,) = (one for one in section if one.startswith(f"`{name}`:") and "\nLost:" in one)
    return found.partition("\nLost:")[2].partition("\n\n")[0].replace("\n", " ").strip()


SAYS = {
    "timelinejs": (
        "title slide and eras (counted in the summary), media with their credits, groups, "
        "backgrounds, `display_date`, and the time of day, since its zone is unknown."
    ),
    "feed": (
        "summaries, contents, categories, enclosures, ids, `updated`; entries that have "
        "neither title nor address (counted in the summary)."
    ),
    "claimreview": (
        "claims of several authors (counted in the summary), further appearances, images, "
        "tags, whatever else the review says."
    ),
    "sheet": (
        "formats, colours, comments, formulas; how exact a date was meant to be, if it "
        "was typed as a day."
    ),
    "dna": (
        "annotations and other types that code nothing (counted in the summary), coders "
        "and colours, types and notes of persons and organizations, sections, types and "
        "notes of documents, their texts beyond the passage, links between statements, "
        "regular expressions, the time of day."
    ),
}
"""What the page says, which the files below put to the test: whoever changes one changes both."""


@pytest.mark.parametrize("name", SAYS)
def test_the_page_says_what_is_put_to_the_test(name: str) -> None:
    assert lost_paragraph(name) == SAYS[name]


@pytest.mark.parametrize("name", SAYS)
def test_what_the_page_calls_lost_comes_in_nowhere(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.take_rows({"kind": "topic", "topic": "harbour", "topic_question": "Should it be built?"})
    made: dict[str, tuple[str, str | bytes]] = {
        "timelinejs": ("timeline.json", json.dumps(TIMELINE)),
        "feed": ("feed.json", json.dumps(FEED)),
        "claimreview": ("review.json", json.dumps([REVIEW, OF_TWO])),
        "sheet": ("sheet.xlsx", sheet()),
    }
    file = project(tmp_path / "project.dna") if name == "dna" else desk.file(*made[name][::-1])
    summary = desk.take(file, topic="harbour") if name == "timelinejs" else desk.take(file)
    assert summary.clean, summary.rejections
    told = desk.export("log") + desk.export("jsonl")
    assert ("Kept" if name != "dna" else "Ann") in told
    data = [json.loads(line) for line in desk.export("log").splitlines()]
    for words in (LOST, "lost-words", "22:17", "2026-01-19", "Annotation", "FF0000"):
        assert words not in told
        assert words not in str([one.get("data") for one in data])
    counted = {"timelinejs": 2, "feed": 1, "dna": 1, "claimreview": 1}.get(name, 0)
    assert sum(summary.left_out.values()) == counted
