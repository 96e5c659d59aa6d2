"""Erasure by law, from log, read models and desk together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.recording import unknown_stream
from timeline.application.texts import text
from timeline.desk.erased_words import ErasedWords
from timeline.domain.aggregate import required_reason
from timeline.domain.statement import Statement

if TYPE_CHECKING:
    from timeline.application.actors import Actors
    from timeline.application.changes import Changes
    from timeline.application.documents import Documents
    from timeline.application.entries import Entries
    from timeline.application.topics import Topics
    from timeline.bootstrap import Services
    from timeline.domain.event import Byline, Event

    Erasable = Actors | Changes | Documents | Entries[Any] | Topics


class ErasurePreview(msgspec.Struct, frozen=True, kw_only=True):
    """The extent of an erasure, before it is done.

    ``positions`` are the events that lose their words, ``texts`` the words that identify copies,
    ``sources`` the ids of an entry's documents, which keep their words. ``verdicts`` are the ids of
    changes with verdicts and with the entry at an end: these verdicts are erased too, and
    ``positions`` and ``texts`` include them.
    """

    stream: str
    version: int
    positions: tuple[int, ...]
    texts: frozenset[str]
    sources: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an erasure.

    ``position`` is the log position of the redaction, None if nothing was left to redact;
    ``events`` is the number of events that lost their words, ``discarded`` that of drafts and texts
    on the desk that had them.
    """

    position: int | None
    events: int
    discarded: int


def preview_erasure(services: Services, room: Erasable, name: Any) -> ErasurePreview:  # noqa: ANN401 - see erase
    """Return the extent of an erasure without doing it; raises `NotFound` for an unknown thing."""
    stream, log = room.stream(name), services.log
    history = log.stream_of(stream)
    aggregate = room.KIND.replay(history)
    if aggregate is None:
        raise unknown_stream(room.KIND, stream)
    verdicts = _verdicts_over(services, room, stream)
    history.extend(event for verdict in verdicts for event in log.stream_of(verdict))
    return ErasurePreview(
        stream=stream,
        version=aggregate.version,
        positions=tuple(at for id_ in (stream, *verdicts) for at in log.with_content(id_)),
        texts=frozenset(words for event in history for words in _texts(event)),
        sources=tuple(getattr(aggregate, "sources", ())),
        verdicts=verdicts,
    )


def _verdicts_over(services: Services, room: Erasable, stream: str) -> tuple[str, ...]:
    """Return the ids of changes with verdicts that have this statement at an end."""
    if room.KIND is not Statement:
        return ()
    number, _ = services.log.first_events([stream])[stream]
    return tuple(services.register.changes_with(number))


def erase(
    services: Services,
    room: Erasable,
    name: Any,  # noqa: ANN401 - a slug, a name, a number or an id
    byline: Byline,
    basis: str,
) -> Erased:
    """Erase all words of a thing everywhere in the store; ``basis`` names the law.

    Verdicts on changes that a statement proves are erased with it. Repeat an interrupted erasure to
    finish it, even if the log has nothing left to redact. Raises what commands raise, and
    `StandlineError` if another process keeps the old bytes.
    """
    services.models.catch_up()  # a verdict may have come in since
    gone, why = preview_erasure(services, room, name), required_reason(text(basis, "basis"))
    position, discarded = None, 0
    if gone.positions:
        if byline.seen in (None, gone.version):
            # The log loses the words that identify copies on the desk.
            discarded = services.desk.forget(ErasedWords(gone.texts, gone.stream))
        position = _redact(services, room, gone, byline, why)
    else:
        # After an interruption, remains may be in the log's own files.
        services.log.erase(())
    services.models.forget()
    services.desk.clear_traces()
    return Erased(position=position, events=len(gone.positions), discarded=discarded)


def _redact(
    services: Services, room: Erasable, gone: ErasurePreview, byline: Byline, basis: str
) -> int | None:
    """Redact a thing and the verdicts on it, and return the position of the last redaction.

    A repeated call finishes an interrupted one.
    """
    position = None
    if services.log.with_content(gone.stream):
        position = room.redact(byline, gone.stream, basis).position
    whatever_was_seen = msgspec.structs.replace(byline, seen=None)
    for change in gone.verdicts:
        if services.log.with_content(change):
            position = services.newsroom.changes.redact(whatever_was_seen, change, basis).position
    return position


CODES = frozenset({"lang", "wording", "outlet", "statement"})
"""Text fields of events that many things share, so they identify no copy."""


def _texts(event: Event) -> Iterator[str]:
    """Yield the texts of an event that identify copies."""
    waiting = [msgspec.to_builtins(getattr(event, "content", None))]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting.extend(value for name, value in item.items() if name not in CODES)
        elif isinstance(item, list | tuple):
            waiting.extend(item)
