"""A codebook goes out with its topic in every version, and comes back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.interchange.desk import Desk, row, topic, topic_line, without_clock
from timeline.domain.naming import keyed_id

FIXTURES = Path(__file__).parents[2] / "fixtures"
DEMO_TOPIC = '"eu-accession"'

FIRST: dict[str, Any] = {
    "about": "Whether it should join, not when.",
    "stances": {
        "supports": {"rule": "Wants it to join."},
        "no_position": {"clear": [{"words": "We shall see.", "source": "made up"}]},
    },
}
SECOND: dict[str, Any] = FIRST | {
    "rules": [{"title": "Whether, not when", "text": "A date is no stance."}],
    "reason": "Two coders differed.",
}
LINE: dict[str, Any] = {"kind": "topic", "topic": "eu-accession", "codebooks": [FIRST, SECOND]}


def test_every_version_comes_in_and_goes_out_with_its_topic(desk: Desk) -> None:
    summary = desk.take_rows(row(key="1"), LINE)
    assert summary.clean
    assert [event.codebook for event in desk.events("topic.codebook_written")] == [1, 2]
    assert topic_line(desk)["codebooks"] == [FIRST, SECOND]


def test_read_again_nothing_is_written_anew(desk: Desk) -> None:
    desk.take_rows(row(key="1"), LINE)
    head = desk.log.head()
    desk.take_rows(LINE)
    desk.take_rows(LINE | {"codebooks": [FIRST]})  # an older file sets nothing back
    assert desk.log.head() == head


def test_an_example_names_its_statement_by_a_key_that_leads_back(desk: Desk) -> None:
    stances = {"accepts": {"clear": [{"statement": "1"}]}}
    desk.take_rows(row(key="1"), LINE | {"codebooks": [{"stances": stances}]})
    (example,) = topic(desk).codebooks[1].examples
    assert example.statement == desk.event("statement.recorded").originator_id


@pytest.mark.thorough
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_topic_of_the_demo_comes_back_with_its_codebook_and_coverage(
    desk: Desk, tmp_path: Path, form: str
) -> None:
    for name in ("berlin-talks", "ukraine-talks", "codebooks", "coverage"):
        lines = (FIXTURES / f"{name}.jsonl").read_text("utf-8").splitlines()
        desk.take(desk.file("\n".join(line for line in lines if DEMO_TOPIC in line), "in.jsonl"))
    assert len([example for example in topic(desk).codebooks[1].examples if example.statement]) > 5
    out = desk.export(form, topic="eu-accession")
    with Desk.opened(f"sqlite:///{tmp_path / form}.db", tmp_path) as other:
        (tmp_path / f"out.{form}").write_text(out, "utf-8", newline="")
        first, second = (other.take(tmp_path / f"out.{form}") for _ in range(2))
        assert (first.clean, second.clean, second.recorded) == (True, True, 0)
        back = other.export(topic="eu-accession")
        assert without_clock(back) == without_clock(desk.export(topic="eu-accession"))


def test_no_entry_is_recorded_under_the_id_that_a_key_of_another_makes(desk: Desk) -> None:
    assert "is not the id of an entry" in desk.refusal(row(key=f"urn:uuid:{keyed_id('', '1')}"))


@pytest.mark.parametrize(
    ("codebook", "why"),
    [
        ({"stances": {"loves": {"rule": "x"}}}, "loves"),
        ({"aboot": "x"}, "aboot"),
        ({}, "says nothing"),
    ],
)
def test_nonsense_is_refused_by_name(desk: Desk, codebook: dict[str, Any], why: str) -> None:
    assert why in desk.refusal(row(key="1"), LINE | {"codebooks": [codebook]})


def test_where_nothing_may_be_created_no_codebook_is(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    assert "another codebook" in desk.refusal(LINE, creates=False)


def test_what_it_says_is_translated_under_the_original_and_comes_back(
    desk: Desk, tmp_path: Path
) -> None:
    words = {
        FIRST["about"]: "Ob es beitreten soll, nicht wann.",
        "Wants it to join.": "Will den Beitritt. Ohne Wenn.",
    }
    line = {"kind": "topic", "topic": "eu-accession", "translations": {"de": {"codebook": words}}}
    assert desk.take_rows(row(key="1"), LINE, line).clean
    found = topic(desk).translations
    assert {found["de", original] for original in words} == {*words.values()}
    for form in ("jsonl", "csv"):
        out = desk.export(form)
        with Desk.opened(f"sqlite:///{tmp_path / form}.db", tmp_path) as other:
            (tmp_path / f"out.{form}").write_text(out, "utf-8", newline="")
            assert other.take(tmp_path / f"out.{form}").clean
            assert topic(other).translations == found


def test_a_translation_of_what_no_version_says_is_refused_by_the_name_of_its_field(
    desk: Desk,
) -> None:
    said = {"de": {"codebook": {"Never said.": "Nie gesagt."}}}
    line = {"kind": "topic", "topic": "eu-accession", "translations": said}
    assert "codebook:Never said." in desk.refusal(row(key="1"), LINE, line)
