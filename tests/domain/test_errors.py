from __future__ import annotations

import pytest

from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Advice, InQuotes, Message, Sentence, Word, bare

UNKNOWN = Message("unknown", "there is no\nscale %(name)s", fix="use %(choices)s")


def test_an_error_is_one_line_that_says_where_what_and_how_to_mend_it() -> None:
    error = Refused(UNKNOWN, field="scale", name=InQuotes("x"), choices="position")
    assert str(error) == "scale: there is no scale 'x'; use position"


def test_an_error_is_a_code_with_values() -> None:
    error = Refused(UNKNOWN, field="scale", name=InQuotes("it's"), choices=Word("position"))
    assert error.code == "unknown"
    assert {name: bare(value) for name, value in error.values.items()} == {
        "name": "it's",
        "choices": "position",
    }


def test_an_error_repeats_no_more_than_the_beginning_of_what_was_sent() -> None:
    error = Refused(UNKNOWN, name=InQuotes("x" * 5_000_000), choices="position")
    assert str(error).startswith("there is no scale 'xxx")
    assert str(error).endswith("xxx…; use position")
    assert len(str(error)) < 600


def test_a_message_cannot_be_said_without_its_values() -> None:
    with pytest.raises(KeyError):
        Refused(UNKNOWN, name="x")


def test_an_error_can_be_said_again_of_another_field_and_with_another_fix() -> None:
    error = Refused(UNKNOWN, field="scale", name="x", choices="y")
    assert str(Refused.again(error, field="line 3")) == "line 3: there is no scale x; use y"
    refused = Refused.again(error, field="line 3", fix=Advice("ask for %(name)s"))
    assert str(refused) == "line 3: there is no scale x; ask for x"
    assert str(Refused.again(refused, field="")) == "there is no scale x; ask for x"


def test_names_that_come_close_are_the_fix_of_a_message_that_has_none() -> None:
    message = Message("missing", "there is no topic %(name)s")
    error = NotFound(message, name="unoin", nearest=("union", "onion"))
    assert str(error) == "there is no topic unoin; did you mean union or onion?"
    again = NotFound.again(error, field="topic")
    assert str(again) == "topic: there is no topic unoin; did you mean union or onion?"


def test_a_sentence_can_be_a_value_of_another() -> None:
    message = Message("unfit", "the name cannot be used: %(why)s")
    why = Sentence("it has %(count)s signs", {"count": 7})
    assert str(Refused(message, why=why)) == "the name cannot be used: it has 7 signs"


def test_what_is_no_text_is_told_as_text(tmp_path: object) -> None:
    error = Refused(Message("unfit", "%(why)s"), why=ValueError("no"), path=tmp_path)
    assert error.values == {"why": "no", "path": str(tmp_path)}
