"""`standline suggest`: a news text in, what may be statements out."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.capture.test_model import lying_model
from tests.cli.terminal import answered, done, refused
from timeline.capture.suggestion import Suggestion
from timeline.cli.suggesting import line_of

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
    assert (one["said_at"], one["rule"], one["version"]) == ("2025-12-12", "de.indirect", 2)
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


def test_suggesters_are_compared_on_a_folder_of_labelled_texts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    start = TEXT.index("ein Beitritt")
    item = {"start": start, "end": len(TEXT) - 1, "speaker_re": "Anna Kern"}
    label = {"file": "a.txt", "lang": "de", "reference_date": "2025-12-15", "items": [item]}
    (tmp_path / "labels.json").write_text(json.dumps([label]), "utf-8")
    with lying_model() as (model, settings), pytest.MonkeyPatch.context() as env:
        model.says(
            {"exact": "ein Beitritt zur EU", "speaker": "Anna Kern"}, {"exact": "am Freitag"}
        )
        env.setenv("STANDLINE_LLM_URL", settings.url)
        env.setenv("STANDLINE_LLM_MODEL", settings.model)
        rules, llm = answered("suggest", str(tmp_path), "--compare", "rules, llm")
    assert (rules["with"], rules["lang"], rules["usable_recall"]) == ("rules", "de", 1.0)
    assert (llm["with"], llm["suggested"], llm["precision"], llm["recall"]) == ("llm", 2, 0.5, 1.0)
    assert "usable_recall" in done("suggest", str(tmp_path), "--compare", "rules").out


def test_a_suggester_that_nobody_knows_is_not_compared(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    label = {"file": "a.txt", "lang": "de", "reference_date": "2025-12-15", "items": []}
    (tmp_path / "labels.json").write_text(json.dumps([label]), "utf-8")
    assert "there is no suggester 'oracle'" in refused(
        "suggest", str(tmp_path), "--compare", "rules,oracle"
    )


def test_a_table_says_who_suggests_by_which_model_and_at_what_cost() -> None:
    suggestion = Suggestion(
        start=0,
        end=2,
        exact="Ja",
        speaker=None,
        form="quote",
        cue="",
        confidence=0.5,
        rule="llm",
        version=2,
        speakers=("Anna Kern", "Bo Lind"),
        by="llm",
        model="small",
        tokens=1200,
    )
    assert line_of(suggestion)[:4] == (
        "0–2",
        "llm (small, 1,200 tokens)",
        "quote",
        "Anna Kern? or Bo Lind?",
    )
