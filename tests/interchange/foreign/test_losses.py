"""What formats of other programs lose is what docs/formats.md says, field by field."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT
from tests.interchange.desk import Desk
from tests.interchange.test_codebooks import LINE as CODEBOOK
from tests.interchange.test_every_field import NAMED, RECORD, ROWED, shown, written
from tests.interchange.test_judgments import READING, ROWS, VERDICT
from timeline.bootstrap import open_store
from timeline.projections.queries.change_answers import (
    LESS,
    ChangeFilter,
    answer_changes,
    find_changes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.interchange.desk import Row
    from timeline.domain.field import Field

FORMATS = ("timelinejs", "dna", "graphml", "ics", "jsonld")
PAGE = (ROOT / "docs" / "formats.md").read_text("utf-8")
BEGIN, END = "<!-- what is lost -->\n", "<!-- until here -->"

ENTRY: Row = {
    "kind": "statement",
    "topic": "joining",
    "actor": "russia",
    "stance": "accepts",
    "said_at": "2025",
    "key": "talks:9",
    "source": {"outlet": "A Paper"},
}
HAPPENED: Row = {
    "kind": "development",
    "title": "Talks end",
    "topics": ["joining"],
    "happened_at": "2025",
    "status": "confirmed",
    "key": "talks:8",
}
OTHER: Row = {
    "topic": "joining",
    "actor": "russia",
    "stance": "supports",
    "attribution": "reported",
    "said_at": "2024",
    "title": "Other words",
    "topics": ["joining"],
    "status": "confirmed",
    "happened_at": "2024",
    "no_position_reason": "refuses",
    "reported_via": "Others",
}
"""Other values of what no entry is without."""

NOUN: dict[tuple[str, str], tuple[Row, Row]] = {
    ("topic", "story"): ({"story": "talks"}, {}),
    ("topic", "topic_name"): ({"topic_name": "Joining"}, {"topic_name": "Entry"}),
    ("topic", "topic_question"): ({"topic_question": "So?"}, {"topic_question": "Or not?"}),
    ("topic", "scale"): ({"scale": "claim"}, {"scale": "expectation"}),
    ("topic", "topic"): ({"topic": "joining"}, {"topic": "entry"}),
    ("actor", "actor"): ({"actor": "russia"}, {"actor": "moscow"}),
    ("actor", "actor_name"): ({"actor_name": "Russia"}, {"actor_name": "Moscow"}),
    ("actor", "actor_kind"): ({"actor_kind": "state"}, {"actor_kind": "person"}),
    ("actor", "aliases"): ({"aliases": ["Somebody"]}, {}),
    ("actor", "mandates"): ({"mandates": [{"for": "kyiv", "as": "envoy"}]}, {}),
    ("story", "story"): ({"story": "talks"}, {"story": "rounds"}),
    ("story", "title"): ({"title": "Talks"}, {"title": "Rounds"}),
    ("story", "sides"): ({"sides": [{"label": "East", "actors": ["russia"]}]}, {}),
}
"""Two values of each field of a noun."""

FINER = {
    "stance": ("doubts", "opposes"),
    "attribution": ("joint", "reported"),
    "said_at": ("2025-12-14T12:00:00Z", "2025-12-14"),
    "happened_at": ("2025-12-14T12:00:00Z", "2025-12-14"),
}
"""Two values of fields that differ less: what does not tell them apart keeps the field in part."""

TICKED = re.compile(r'DTSTAMP:\w+|"sdDatePublished":"[^"]+"')
"""When it was recorded."""


def entry_rows(kind: str, field: Field) -> tuple[list[Row], list[Row]]:
    """Return a record with a field of an entry, and the same without it or with another value."""
    base = ENTRY if kind == "statement" else HAPPENED
    whole: Row = base | written(kind, field) | {"key": base["key"]}
    gone = {field.name}
    if field.name.endswith((".start", ".end")):
        gone = {f"{field.name.partition('.')[0]}.{end}" for end in ("start", "end")}
    other = {name: value for name, value in whole.items() if name not in gone}
    if field.name in OTHER:
        assert whole[field.name] != OTHER[field.name]
        other[field.name] = OTHER[field.name]
    record = [*RECORD, NAMED]
    return [*record, whole], [*record, other]


def noun_rows(kind: str, field: Field) -> tuple[list[Row], list[Row]]:
    """Return a record with a field of a noun that an entry names, and with another value."""
    made = []
    for value in NOUN[kind, field.name]:
        story = {"kind": "story", "story": "talks", "title": "Talks"}
        topic = {"kind": "topic", "topic": "joining", "topic_question": "So?", "scale": "claim"}
        actor = {"kind": "actor", "actor": "russia", "actor_name": "Russia", "actor_kind": "state"}
        noun = {"story": story, "topic": topic, "actor": actor}[kind]
        noun |= value
        if kind == "story":
            topic["story"] = story["story"]
        kyiv = {"kind": "actor", "actor": "kyiv", "actor_name": "Kyiv", "actor_kind": "state"}
        rounds = {"kind": "story", "story": "rounds", "title": "Rounds"}
        stance = "leaves open" if field.name == "scale" else "asserts"
        said = ENTRY | {"topic": topic["topic"], "actor": actor["actor"], "stance": stance}
        made.append([kyiv, actor, *([] if kind == "story" else [story, rounds]), story, topic])
        made[-1] += [said, HAPPENED | {"topics": [topic["topic"]], "according_to": actor["actor"]}]
    first, second = made
    return first, second


def exports(folder: Path, rows: list[Row]) -> dict[str, str]:
    folder.mkdir()
    with Desk.opened(f"sqlite:///{folder / 'desk.db'}", folder) as desk:
        summary = desk.take_rows(*rows)
        assert summary.clean, summary.rejections
        return {name: TICKED.sub("", desk.export(name)) for name in FORMATS}


def found(kind: str, field: Field, folder: Path) -> dict[str, str]:
    """Return for each format whether a field is kept, lost, or kept in part."""
    rows = (entry_rows if kind in ("statement", "development") else noun_rows)(kind, field)
    one, other = (exports(folder / str(n), each) for n, each in enumerate(rows))
    told = {name: "lost" if one[name] == other[name] else "kept" for name in FORMATS}
    if field.name in FINER:
        near = [
            [*each[:-1], each[-1] | {field.name: value}]
            for each, value in zip(rows, FINER[field.name], strict=True)
        ]
        one, other = (exports(folder / f"finer-{n}", each) for n, each in enumerate(near))
        told |= {n: "in part" for n in FORMATS if told[n] == "kept" and one[n] == other[n]}
    return told


def documented() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the fields that the page names, each with what becomes of it in which format."""
    table = PAGE.partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert head[1:] == [f"`{name}`" for name in FORMATS]
    for fields, *cells in rows:
        told = dict(zip(FORMATS, cells, strict=True))
        of, _, names = fields.partition(":")
        for name in re.findall(r"`([\w.]+)`", names):
            yield f"{of} {name}", told


def test_the_page_names_every_field_once() -> None:
    named = [name for name, _ in documented()]
    assert sorted(named) == sorted(f"{kind} {field.name}" for kind, field in ROWED)


@pytest.mark.parametrize(("kind", "field"), ROWED, ids=shown)
def test_a_format_loses_what_its_page_says_and_nothing_else(
    kind: str, field: Field, tmp_path: Path
) -> None:
    assert found(kind, field, tmp_path) == dict(documented())[f"{kind} {field.name}"]


LINK = {"kind": "link", "key": "talks:1", "relation": "answers", "target": "talks:0"}


@pytest.mark.parametrize("line", [LINK, READING, VERDICT, CODEBOOK], ids=lambda row: row["kind"])
def test_what_stands_in_lines_of_its_own_is_lost(desk: Desk, line: Row) -> None:
    desk.take_rows(*ROWS)
    before, head = {name: desk.export(name) for name in FORMATS}, desk.log.head()
    assert desk.take_rows(line).clean
    assert desk.log.head() > head
    assert {name: desk.export(name) for name in FORMATS} == before


def test_what_the_rule_derives_is_lost_with_its_marks(tmp_path: Path) -> None:
    with Desk.opened(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path) as desk:
        desk.take_rows(ROWS[0], ROWS[1] | {"topic_question": "Should it be in the EU?"})
        told = {name: desk.export(name) for name in FORMATS}
    with closing(open_store(f"sqlite:///{tmp_path / 'desk.db'}")) as store:
        store.models.catch_up()
        with store.models.engine().connect() as conn:
            (change,) = answer_changes(conn, find_changes(conn, ChangeFilter(which="any")))
    assert change.other_wording
    for mark in LESS:
        assert f"`{mark}`" in PAGE
        assert [name for name in FORMATS if mark in told[name]] == []


def test_a_translation_is_lost_and_a_correction_kept_in_one_format(desk: Desk) -> None:
    desk.take_rows(ROWS[0] | {"paraphrase": "Says no."})
    said = desk.events("statement.recorded")[0].originator_id
    rooms, before = desk.newsroom.statements, {name: desk.export(name) for name in FORMATS}
    rooms.translate(desk.anna(), said, "de", {"paraphrase": "Sagt nein."})
    assert {name: desk.export(name) for name in FORMATS} == before
    for words in ("Other words", "Says no."):
        rooms.correct(desk.anna(), said, {"paraphrase": words}, "We misread it.")
    changed = [name for name in FORMATS if desk.export(name) != before[name]]
    assert changed == ["jsonld"]


def test_what_was_retracted_is_lost(desk: Desk) -> None:
    desk.take_rows(*ROWS, HAPPENED | {"topics": ["eu-accession"]})
    for kind in ("statement", "development"):
        for event in desk.events(f"{kind}.recorded"):
            room = getattr(desk.newsroom, f"{kind}s")
            room.retract(desk.anna(), event.originator_id, "It was not so.")
    with_words = [name for name in FORMATS if "Peskov" in desk.export(name)]
    assert with_words == []
    assert all("Talks end" not in desk.export(name) for name in FORMATS)


def test_what_codebooks_ask_of_statements_and_of_actors_is_kept_by_one_format_each(
    tmp_path: Path,
) -> None:
    room = {"id": "room", "kind": "choice", "choices": ["a line", "a page"]}
    party = {"id": "party", "kind": "text", "of": "actor"}
    asks: Row = {"kind": "topic", "topic": "joining", "topic_question": "So?", "scale": "position"}
    asks |= {"codebooks": [{"about": "So.", "variables": [room, party]}]}
    russia = {"kind": "actor", "actor": "russia", "actor_name": "Russia", "actor_kind": "state"}

    def told(name: str, value: str, party: str) -> dict[str, str]:
        said = {"variables": {"room": value}}
        actor = russia | {"attributes": {"party": party}}
        return exports(tmp_path / name, [asks, actor, ENTRY | said])

    first, other = told("first", "a line", "Greens"), told("other", "a page", "Greens")
    named = told("named", "a line", "Reds")
    assert [name for name in FORMATS if first[name] != other[name]] == ["dna"]
    assert [name for name in FORMATS if first[name] != named[name]] == ["graphml"]


def test_a_list_of_dna_loses_what_takes_no_side_and_the_marks_of_its_own_lists(desk: Desk) -> None:
    words = 'He said: “no; never”, or "never; no".'
    base = ENTRY | {"topic_question": "So?", "scale": "position"}
    desk.take_rows(
        base | {"paraphrase": words},
        base | {"key": "talks:2", "said_at": "2024", "stance": "undecided"},
        base
        | {"key": "talks:3", "said_at": "2023", "stance": "no_position"}
        | {"no_position_reason": "silent"},
    )
    head, line = desk.export("dna").splitlines()
    assert ";" in head
    assert "no, never" in line
    assert "never, no" in line


def test_of_a_correction_linked_data_loses_the_words_before_it(desk: Desk) -> None:
    desk.take_rows(ROWS[0] | {"paraphrase": "Says a word misread."})
    said = desk.events("statement.recorded")[0].originator_id
    words = {"paraphrase": "Other words"}
    desk.newsroom.statements.correct(desk.anna(), said, words, "We misread it.")
    told = desk.export("jsonld")
    assert "CorrectionComment" in told
    assert "We misread it." in told
    assert "a word misread" not in told
