"""Cells of another shape: lists of names, prefixes, texts too long, rows without a key."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interchange.desk import Desk, row, table
from tests.support.tiers import scaled
from timeline.domain.errors import Refused
from timeline.domain.fields import LIMITS
from timeline.interchange.maps.map_file import checked_map
from timeline.interchange.maps.reshaping import Reshaping

if TYPE_CHECKING:
    from timeline.interchange import Summary

MAP: dict[str, Any] = {
    "columns": {"actor": "who", "stance": "how", "paraphrase": "text"},
    "constants": {"topic": "tax", "scale": "vote", "actor_kind": "person", "said_at": "2025"},
    "values": {"stance": {"yes": "for", "no": "against"}},
}
CELLS = {"who": "Ann", "how": "yes", "text": ""}


def take(desk: Desk, *rows: dict[str, str], **changes: Any) -> Summary:  # noqa: ANN401 - TOML
    return desk.take(desk.file(table(*[CELLS | one for one in rows])), mapping=MAP | changes)


def speakers(desk: Desk) -> list[str]:
    names = {event.originator_id: event.content.name for event in desk.events("actor.introduced")}
    return [names[said.speaker] for said in desk.events("statement.recorded")]


@pytest.mark.parametrize("who", ["Ann; Ben", "Ann|Ben", "Ann\tBen"])
def test_a_list_where_one_name_belongs_refuses_the_row(desk: Desk, who: str) -> None:
    (rejection,) = take(desk, {"who": who}).rejections
    assert rejection.column == "who"
    assert rejection.reason == (
        f"{who!r} is a list, and one name belongs here; write a row for each, or let a map split"
        " them ([split])"
    )
    assert desk.all_events() == []


@pytest.mark.parametrize("who", ["Ann and Ben", "Ann und Ben", "Ann & Ben", "Ann, Ben"])
def test_joined_names_of_which_each_is_on_record_refuse_the_row(desk: Desk, who: str) -> None:
    summary = take(desk, {"who": "Ann"}, {"who": "Ben", "how": "no"}, {"who": who})
    (rejection,) = summary.rejections
    assert (rejection.line, rejection.column) == (4, "who")
    assert rejection.reason.startswith(f"{who!r} joins names that are on record")
    assert speakers(desk) == ["Ann", "Ben"]


@pytest.mark.parametrize("who", ["Ann and Cem", "CDU/CSU"])
def test_a_name_that_only_looks_joined_is_one_actor(desk: Desk, who: str) -> None:
    parts = ["Ann", "CDU", "CSU"]
    summary = take(desk, *[{"who": part} for part in parts], {"who": who})
    assert speakers(desk) == [*parts, who], summary.rejections


def test_a_list_of_json_is_refused_in_the_same_words(desk: Desk) -> None:
    assert "is a list, and one name belongs here" in desk.refusal(row(actor=["Ann", "Ben"]))


def test_who_is_on_record_under_such_a_name_is_found(desk: Desk) -> None:
    desk.newsroom.actors.introduce(desk.anna(), "Ann; Ben", "collective")
    assert take(desk, {"who": "Ann; Ben"}).recorded == 1


@pytest.mark.thorough
@given(
    names=st.lists(
        st.text("abcdeÄß ", min_size=1, max_size=6).map(lambda name: f"X{name.strip()}"),
        min_size=1,
        max_size=4,
        unique_by=str.lower,
    ),
    keyed=st.booleans(),
)
def test_a_split_cell_gives_each_name_a_statement_and_all_of_them_one_utterance(
    names: list[str], *, keyed: bool
) -> None:
    mapping: dict[str, Any] = {"split": {"actor": ";"}, "namespace": "votes"}
    if keyed:
        mapping["templates"] = {"key": "{line}"}
    cells = {"who": " ; ".join(names)}
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk.opened(f"sqlite:///{folder}/split.db", Path(folder)) as desk,
    ):
        summary = take(desk, cells, **mapping)
        said = desk.events("statement.recorded")
        if summary.clean:
            assert sorted(speakers(desk)) == sorted(names)
            assert len({one.utterance for one in said}) == 1
            assert (said[0].utterance is None) == (len(names) == 1)
            assert take(desk, cells, **mapping).known == len(names)
        else:
            assert all("which belongs to" in rejection.reason for rejection in summary.rejections)


def test_a_row_of_which_two_statements_are_refused_is_kept_once(desk: Desk, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    rows = table(CELLS | {"who": "Ann; Ben", "how": "yes"})
    mapping = MAP | {"split": {"actor": ";"}, "constants": MAP["constants"] | {"said_at": "soon"}}
    summary = desk.take(desk.file(rows), mapping=mapping, rejects=rejects)
    assert summary.rejected == 2
    assert len(rejects.read_text("utf-8").splitlines()) == 2


def test_prefixes_are_taken_away_before_words_are_looked_up(desk: Desk) -> None:
    take(desk, {"who": "MdB Dr. Ann"}, {"who": "Dr. Ben"}, strip={"actor": ["Dr. ", "MdB "]})
    assert speakers(desk) == ["Ann", "Ben"]


@given(text=st.text("ab \n", min_size=15, max_size=60).map(str.strip), limit=st.integers(5, 30))
def test_a_text_is_cut_at_a_word_with_a_mark_and_never_longer_than_allowed(
    text: str, limit: int
) -> None:
    allowed, LIMITS["paraphrase"] = LIMITS["paraphrase"], limit
    try:
        cut = Reshaping(cut=frozenset({"paraphrase"})).shorten("paraphrase", text)
        assert Reshaping().shorten("paraphrase", text) == text
    finally:
        LIMITS["paraphrase"] = allowed
    assert len(cut) <= limit
    assert (cut == text) == (len(text) <= limit)
    if cut != text:
        kept = cut.removesuffix("…")
        assert text.startswith(kept)
        assert cut.endswith("…")
        assert text[len(kept)].isspace() or " " not in text[:limit]


def test_texts_that_are_cut_are_counted_and_others_refused(desk: Desk) -> None:
    long = {"text": "word " * 1_000}
    (rejection,) = take(desk, long).rejections
    assert "the text has 4999 characters, 2000 are allowed" in rejection.reason
    summary = take(desk, long, cut=["paraphrase"])
    assert "1 text cut to what fits" in summary.lines()
    words = desk.event("statement.recorded").content.paraphrase
    assert (len(words), words[-5:]) == (2_000, "word…")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"cut": ["quote.text"]}, "'quote.text' is never cut"),
        ({"split": {"topic": ";"}}, "'topic' is not split; only these are: actor, on_behalf_of"),
        ({"strip": {"actr": "x"}}, "did you mean actor"),
    ],
)
def test_a_map_that_reshapes_what_it_must_not_is_refused(given: dict[str, Any], line: str) -> None:
    with pytest.raises(Refused, match=line):
        checked_map(given)


def test_the_line_makes_a_key_for_rows_without_one(desk: Desk) -> None:
    same = [{"who": "Ann"}, {"who": "Ann"}]
    assert take(desk, *same, templates={"key": "{line}"}, namespace="poll").recorded == 2
    assert [said.key for said in desk.events("statement.recorded")] == ["poll:2", "poll:3"]
    assert take(desk, *same, templates={"key": "{line}"}, namespace="poll").known == 2


def test_a_column_called_line_comes_before_the_number_of_the_line(desk: Desk) -> None:
    take(desk, {"line": "A7"}, templates={"key": "{line}"})
    assert desk.event("statement.recorded").key == "A7"


def test_a_word_for_neither_side_is_not_guessed(desk: Desk) -> None:
    (rejection,) = take(desk, {"how": "neutral"}).rejections
    assert rejection.reason == (
        "the map has no word for 'neutral'; add it under [values.stance] as a word of the scale"
        " (against, abstained, for) or, where it takes no side, as no_position/unstated"
    )


@pytest.mark.thorough
@settings(max_examples=scaled(20))
@given(said=st.lists(st.sampled_from("abc"), min_size=1, max_size=8), batch=st.integers(1, 4))
def test_rows_without_a_key_that_repeat_are_counted_apart_from_known_ones(
    said: list[str], batch: int
) -> None:
    rows = [row(paraphrase=words) for words in said]
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk.opened(f"sqlite:///{folder}/repeats.db", Path(folder)) as desk,
    ):
        for summary in (
            desk.take_rows(*rows, batch=batch, dry_run=True),
            desk.take_rows(*rows, batch=batch, strict=True),
        ):
            once = len(set(said))
            assert (summary.recorded, summary.repeated) == (once, len(said) - once)
            assert (summary.known, summary.clean) == (0, True)
        again = desk.take_rows(*rows, batch=batch)
        assert (again.known, again.repeated) == (len(said), 0)


def test_a_row_with_a_key_that_repeats_is_known(desk: Desk) -> None:
    summary = desk.take_rows(row(key="1"), row(key="1"))
    assert (summary.recorded, summary.known, summary.repeated) == (1, 1, 0)


def test_statements_without_a_position_are_counted(desk: Desk) -> None:
    silent = {"stance": "no_position", "no_position_reason": "unstated"}
    rows = [row(key="1"), row(key="2", **silent), row(key="3", **silent)]
    assert desk.take_rows(*rows).lines()[:2] == ["3 rows recorded", "2 of them without a position"]
    assert desk.take_rows(*rows).lines() == ["3 known already"]
