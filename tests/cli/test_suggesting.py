"""`standline suggest`: a news text in, what may be statements out."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import answered, done, refused

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Die Bürgermeisterin Anna Kern sagte am Freitag, ein Beitritt zur EU bleibe das Ziel."


@pytest.fixture
def article(tmp_path: Path) -> str:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


def test_each_passage_comes_with_its_words_speaker_date_and_rule(article: str) -> None:
    (one,) = answered("suggest", article, "--published", "2025-12-15")
    assert one["exact"] == TEXT[one["start"] : one["end"]] == "ein Beitritt zur EU bleibe das Ziel"
    assert (one["speaker"], one["form"], one["cue"]) == ("Anna Kern", "reported", "sagte")
    assert (one["said_at"], one["rule"], one["version"]) == ("2025-12-12", "de.indirect", 1)
    assert one["topics"] == []


def test_what_goes_into_another_program_is_json_without_being_asked_for(article: str) -> None:
    assert done("suggest", article).json == answered("suggest", article)


def test_a_text_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode()), "utf-8"))
    (one,) = answered("suggest", "-", "--lang", "de")
    assert (one["speaker"], one["said_at"]) == ("Anna Kern", "")


def test_three_topics_of_a_store_are_candidates(article: str, talks: str) -> None:
    (one,) = answered("suggest", article, "--store", talks)
    assert one["topics"][0] == "eu-accession"
    assert len(one["topics"]) <= 3


def test_a_text_in_which_nobody_says_anything_has_none(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("Es regnete.", "utf-8")
    assert answered("suggest", str(path)) == []


def test_a_text_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.txt"
    assert refused("suggest", str(path)) == f"{path}: there is no such text; check the path"


def test_a_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes("Kern sagte, das Büro bleibe.".encode("latin-1"))
    assert refused("suggest", str(path)).endswith("is not in UTF-8; save it as plain text in UTF-8")


def test_a_language_that_no_rules_read_is_refused(article: str) -> None:
    said = refused("suggest", article, "--lang", "fr")
    assert said == "lang: no rules read the language 'fr'; use one of: de, en"


def test_a_date_of_publication_that_is_none_is_refused(article: str) -> None:
    assert refused("suggest", article, "--published", "yesterday").startswith("--published: ")
