"""A small project of Discourse Network Analyzer, made in the tables of versions 2 and 3."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "Harbour debate 😀. Ann said: we must build it. Bo, for the Port: never. Nobody asked why."
LONG = "It was said at length. " * 40


class Coded(NamedTuple):
    """A coded span of the document: who, for whom, on what, and whether they agree."""

    person: str
    organization: str
    concept: str
    agreement: int
    span: str


CODED = (
    Coded("Ann", "Builders", "The harbour should be built.", 1, "we must build it"),
    Coded("Bo", "Port", "The harbour should be built.", 0, "never"),
    Coded("", "Port", "Nobody was asked.", 1, "Nobody asked why"),
    Coded("Ann", "", "Nobody was asked.", 0, LONG.strip()),
)
TITLE = "Debate, day one"
DAY_S = 1_106_697_600
"""2005-01-26 in seconds."""

_COMMON = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT);
CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT,
  Source TEXT, Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT, Red INTEGER);
CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable TEXT, DataType TEXT,
  StatementTypeId INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER,
  Start INTEGER, Stop INTEGER, Coder INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
  Value INTEGER);
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
  Value INTEGER);
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
  Value TEXT);
"""
_SHORT = {
    2: """CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER,
      VariableId INTEGER, Value TEXT);""",
    3: """CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT);
      CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER,
      VariableId INTEGER, Entity INTEGER);""",
}


def dna_database(path: Path, version: int) -> Path:
    """Write the project as a database of that version; their numbers of statements differ."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_COMMON + _SHORT[version])
        text, date = WORDS + LONG, DAY_S * (1000 if version == 2 else 1)
        document = (1, TITLE, text, 1, "A. Reporter", "Harbour News", "", "", "", date)
        db.execute("INSERT INTO DOCUMENTS VALUES (?,?,?,?,?,?,?,?,?,?)", document)
        db.execute("INSERT INTO STATEMENTTYPES VALUES (1,'DNA Statement',0),(2,'Annotation',0)")
        variables = [
            (1, "person", "short text", 1),
            (2, "organization", "short text", 1),
            (3, "concept", "short text", 1),
            (4, "agreement", "boolean", 1),
            (5, "note", "long text", 2),
        ]
        db.executemany("INSERT INTO VARIABLES VALUES (?,?,?,?)", variables)
        first = 1 if version == 2 else 2
        note = 99 if version == 2 else 1
        db.execute("INSERT INTO STATEMENTS VALUES (?,2,1,0,7,1)", (note,))
        db.execute("INSERT INTO DATALONGTEXT VALUES (1,?,5,'a note')", (note,))
        for number, coded in enumerate(CODED, first):
            _code(db, version, number, coded, text)
    return path


def _code(db: sqlite3.Connection, version: int, number: int, coded: Coded, text: str) -> None:
    start, stop = span_of(text, coded.span)
    db.execute("INSERT INTO STATEMENTS VALUES (?,1,1,?,?,1)", (number, start, stop))
    db.execute("INSERT INTO DATABOOLEAN VALUES (NULL,?,4,?)", (number, coded.agreement))
    for variable, value in enumerate(coded[:3], 1):
        said: Any = value
        if version == 3:
            entity = "INSERT INTO ENTITIES VALUES (NULL,?,?)"
            said = db.execute(entity, (variable, value)).lastrowid
        db.execute("INSERT INTO DATASHORTTEXT VALUES (NULL,?,?,?)", (number, variable, said))


def span_of(text: str, span: str) -> tuple[int, int]:
    """Return where words stand in a text, in UTF-16 as Java counts."""
    start = len(text[: text.index(span)].encode("utf-16-le")) // 2
    return start, start + len(span.encode("utf-16-le")) // 2


def dna_list() -> str:
    """Return the event list of the project, as DNA writes it."""
    header = (
        '"statement_id";"time";"person";"organization";"concept";"agreement";"start_position";'
        '"stop_position";"text";"coder";"document_id";"document_title";"document_author";'
        '"document_source";"document_section";"document_type"'
    )
    lines = [header]
    for number, coded in enumerate(CODED, 1):
        start, stop = span_of(WORDS + LONG, coded.span)
        cells = [_cell(cell) for cell in (coded.person, coded.organization, coded.concept)]
        rest = [_cell(cell) for cell in (TITLE, "A. Reporter", "Harbour News", "", "")]
        places = f"{coded.agreement};{start};{stop};{_cell(coded.span)};1;1"
        lines.append(";".join([f"{number};2005-01-26 00:00:00", *cells, places, *rest]))
    return "\n".join(lines)


def _cell(text: str) -> str:
    return '"' + text.replace(";", ",").replace('"', "'") + '"'
