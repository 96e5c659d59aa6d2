"""A command looks into the log once, and what others record meanwhile is not overlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.application.newsdesk import Newsdesk, statement
from timeline.domain.errors import Conflict
from timeline.domain.naming import keyed_id

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from timeline.domain.event import Event

ENTRY = keyed_id("test", "one")
ACCEPTS = statement(stance="accepts")


def after_looking(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch, do: Callable[[], Any]) -> None:
    """Let somebody do something just after the next look into the log."""
    look, todo = desk.log.streams_of, [do]

    def looked(streams: Collection[str], upto: int | None = None) -> dict[str, list[Event]]:
        found = look(streams, upto)
        if todo:
            todo.pop()()
        return found

    monkeypatch.setattr(desk.log, "streams_of", looked)


def test_one_look_finds_all_that_a_command_names(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        look = getattr(desk.log, name)

        def looked(*asked: Any) -> Any:  # noqa: ANN401 - whatever the log answers
            looks.append(name)
            return look(*asked)

        return looked

    for name in ("streams_of", "first_events"):
        monkeypatch.setattr(desk.log, name, counted(name))
    assert desk.newsroom.statements.record(desk.anna(), ACCEPTS, ENTRY).fresh
    assert looks == ["streams_of"]


def test_the_same_recorded_by_another_meanwhile_is_the_answer(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = desk.newsroom.statements.record
    after_looking(desk, monkeypatch, lambda: records(desk.anna(), ACCEPTS, ENTRY))
    recorded = records(desk.anna(), ACCEPTS, ENTRY)
    assert not recorded.fresh
    assert desk.types().count("statement.recorded") == 1


def test_other_words_recorded_by_another_meanwhile_are_in_the_way(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, opposes = desk.newsroom.statements.record, statement(stance="opposes")
    after_looking(desk, monkeypatch, lambda: records(desk.anna(), opposes, ENTRY))
    with pytest.raises(Conflict) as conflict:
        records(desk.anna(), ACCEPTS, ENTRY)
    assert conflict.value.field == "stance"


def test_a_source_that_another_files_meanwhile_is_filed_once(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, opposes = desk.newsroom.statements.record, statement(stance="opposes")
    after_looking(desk, monkeypatch, lambda: records(desk.anna(), opposes))
    assert records(desk.anna(), ACCEPTS, ENTRY).fresh
    assert desk.types().count("document.filed") == 1
