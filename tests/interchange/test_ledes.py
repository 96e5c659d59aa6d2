"""What the newsroom says first of a topic goes out with it, and comes back as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, row, topic

if TYPE_CHECKING:
    from pathlib import Path

LEDES: list[dict[str, Any]] = [
    {"sentence": "It began with a letter.", "pinned": ["1"]},
    {},
    {"sentence": "It began again."},
]
LINE: dict[str, Any] = {"kind": "topic", "topic": "eu-accession", "ledes": LEDES}


def test_it_comes_in_with_its_topic_and_an_older_file_takes_nothing_away(desk: Desk) -> None:
    summary = desk.take_rows(row(key="1"), LINE)
    assert (summary.clean, summary.ledes) == (True, 3)
    assert topic(desk).lede.sentence == "It began again."
    head = desk.log.head()
    desk.take_rows(LINE)
    desk.take_rows(LINE | {"ledes": LEDES[:1]})
    assert desk.log.head() == head


def test_its_translation_goes_out_with_the_sentence_and_comes_back(
    desk: Desk, tmp_path: Path
) -> None:
    said = {"translations.de.lede.It began again.": "Es begann von vorn."}
    assert desk.take_rows(row(key="1"), LINE, LINE | said).clean
    for form in ("jsonl", "csv"):
        with Desk.opened(f"sqlite:///{tmp_path / form}.db", tmp_path) as other:
            (tmp_path / f"out.{form}").write_text(desk.export(form), "utf-8", newline="")
            assert other.take(tmp_path / f"out.{form}").clean
            assert topic(other).translations["de", "It began again."] == "Es begann von vorn."


def test_its_translation_may_be_as_long_as_a_sentence_may_be(desk: Desk) -> None:
    german = "Es begann von vorn. " * 20
    said = {"translations.de.lede.It began again.": german}
    assert desk.take_rows(row(key="1"), LINE, LINE | said).clean
    assert topic(desk).translations["de", "It began again."] == german.strip()


def test_it_goes_out_as_linked_data_with_who_wrote_it_and_in_every_language(desk: Desk) -> None:
    said = {"translations.de.lede.It began again.": "Es begann von vorn."}
    pins = LINE | {"ledes": [{"sentence": "It began again.", "pinned": ["1"]}]}
    first = row(key="1", said_at="2025-12-01")
    assert desk.take_rows(first, pins, LINE | {"ledes": []} | said).clean
    claim, question = json.loads(desk.export("jsonld"))["@graph"]
    assert question["@id"] == claim["about"]["@id"]
    assert question["mentions"] == [{"@id": claim["@id"]}]
    comment = question["comment"]
    assert (comment["text"], comment["dateCreated"][:4]) == ("It began again.", "2025")
    assert comment["author"]["name"]
    assert [(one["inLanguage"], one["text"]) for one in comment["workTranslation"]] == [
        ("de", "Es begann von vorn.")
    ]
    earlier = json.loads(desk.export("jsonld", as_of="2025-12-14"))["@graph"]
    assert "comment" not in earlier[-1]


@pytest.mark.parametrize(
    ("lede", "why"),
    [
        ({"words": "x"}, "words"),
        ({"pinned": "1"}, "array"),
        ({"pinned": [str(n) for n in range(6)]}, "6 turning points are pinned"),
    ],
)
def test_nonsense_is_refused_by_name(desk: Desk, lede: dict[str, Any], why: str) -> None:
    assert why in desk.refusal(row(key="1"), LINE | {"ledes": [lede]})


def test_where_nothing_may_be_created_nothing_is_said(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    assert "says something else first" in desk.refusal(LINE, creates=False)
