"""How right suggestions are, by texts that people labelled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from timeline.capture.scoring import LabelledText, Score, read_labels, score, score_of
from timeline.capture.suggestion import Suggestion
from timeline.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Anna Kern sagte, die Stadt werde bauen.\n\nNiemand sprach sonst. Es regnete lange."


def said(start: int, end: int, speaker: str | None, *offered: str) -> Suggestion:
    return Suggestion(
        start=start,
        end=end,
        exact="",
        speaker=speaker,
        form="reported",
        cue="",
        confidence=0.9,
        rule="de.that",
        version=1,
        speakers=offered,
    )


def labelled(*items: tuple[int, int, str]) -> LabelledText:
    found = [{"start": start, "end": end, "speaker_re": who} for start, end, who in items]
    text = {"file": "a.txt", "lang": "de", "reference_date": "2025-12-15", "items": found}
    return msgspec.convert(text | {"dont_care": [[50, 60]]}, LabelledText)


def test_each_label_and_each_suggestion_counts_once_the_right_speaker_first() -> None:
    found = score_of(
        [said(0, 10, "Bo Lind"), said(1, 9, "Anna Kern"), said(50, 60, None), said(70, 80, None)],
        labelled((0, 10, "Kern"), (30, 40, "Lind")),
    )
    assert (found.labels, found.suggested, found.hits) == (2, 3, 1)
    assert (found.right, found.named, found.named_right) == (1, 1, 1)


def test_a_speaker_among_the_choices_is_offered_and_not_right() -> None:
    found = score_of([said(0, 10, None, "Bo Lind", "Anna Kern")], labelled((0, 10, "Kern")))
    assert (found.right, found.offered, found.named) == (0, 1, 0)


def test_nobody_may_be_the_right_speaker_and_is_not_named() -> None:
    found = score_of([said(0, 10, None)], labelled((0, 10, "^$")))
    assert (found.right, found.named, found.named_right) == (1, 0, 0)


def test_less_than_half_of_the_shorter_one_is_no_hit() -> None:
    assert score_of([said(0, 10, "Kern")], labelled((6, 16, "Kern"))).hits == 0
    assert score_of([said(0, 10, "Kern")], labelled((5, 15, "Kern"))).hits == 1


def test_a_folder_is_scored_by_language(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    item = {"start": 17, "end": 38, "speaker_re": "Anna Kern"}
    text = {"file": "a.txt", "lang": "de", "reference_date": "2025-12-15", "items": [item]}
    (tmp_path / "labels.json").write_text(json.dumps([text]), "utf-8")
    one = Score(texts=1, labels=1, suggested=1, hits=1, named=1, named_right=1, right=1, offered=1)
    assert score(tmp_path, ("rules",)) == {"de": one}


def test_a_folder_without_labels_or_with_others_is_refused_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"there is no labels\.json"):
        read_labels(tmp_path)
    (tmp_path / "labels.json").write_text('[{"file": 3}]', "utf-8")
    with pytest.raises(Refused, match=r"Expected `str`, got `int`"):
        read_labels(tmp_path)
    item = {"start": 0, "end": 1, "speaker_re": "("}
    text = {"file": "a.txt", "lang": "de", "reference_date": "2025-12-15", "items": [item]}
    (tmp_path / "labels.json").write_text(json.dumps([text]), "utf-8")
    with pytest.raises(Refused, match=r"missing \)"):
        read_labels(tmp_path)


def test_a_labelled_text_that_is_missing_or_no_utf_8_is_refused_in_a_line(tmp_path: Path) -> None:
    text = {"file": "a.txt", "lang": "de", "reference_date": "2025-12-15", "items": []}
    (tmp_path / "labels.json").write_text(json.dumps([text]), "utf-8")
    with pytest.raises(NotFound, match=r"a\.txt: the text that is labelled cannot be opened"):
        score(tmp_path, ("rules",))
    (tmp_path / "a.txt").write_bytes("Brücke".encode("cp1252"))
    with pytest.raises(Refused, match="is not UTF-8"):
        score(tmp_path, ("rules",))
