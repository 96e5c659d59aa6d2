"""Erasure: what a law demands to be forgotten goes from log, read models and desk together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.recording import unknown_stream
from timeline.application.texts import text
from timeline.desk.sought import Sought
from timeline.domain.aggregate import reason_given

if TYPE_CHECKING:
    from timeline.application.actors import Actors
    from timeline.application.documents import Documents
    from timeline.application.entries import Entries
    from timeline.application.topics import Topics
    from timeline.bootstrap import Services
    from timeline.domain.event import Byline, Event

    Erasable = Actors | Documents | Entries[Any] | Topics


class ErasurePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure would take: the thing, and how much of it there is.

    ``positions`` are those of the events that lose their words, ``texts`` the words by which copies
    of them are known, ``sources`` the ids of the documents of an entry, which keep theirs.
    """

    stream: str
    version: int
    positions: tuple[int, ...]
    texts: frozenset[str]
    sources: tuple[str, ...] = ()


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure did.

    ``position`` is that of the redaction in the log, None where nothing was left to redact;
    ``events`` is how many events lost their words, ``discarded`` how many drafts and
    texts on the desk held them.
    """

    position: int | None
    events: int
    discarded: int


def preview_erasure(services: Services, room: Erasable, name: Any) -> ErasurePreview:  # noqa: ANN401 - see erase
    """Return what would go, and change nothing; raises `NotFound` for what there is not."""
    stream = room.stream(name)
    history = services.log.stream_of(stream)
    found = room.KIND.replay(history)
    if found is None:
        raise unknown_stream(room.KIND, stream)
    return ErasurePreview(
        stream=stream,
        version=found.version,
        positions=tuple(services.log.with_content(stream)),
        texts=frozenset(words for event in history for words in _texts(event)),
        sources=tuple(getattr(found, "sources", ())),
    )


def erase(
    services: Services,
    room: Erasable,
    name: Any,  # noqa: ANN401 - a slug, a name, a number or an id
    byline: Byline,
    basis: str,
    expected_version: int | None = None,
) -> Erased:
    """Erase all words of a thing wherever the store keeps them; ``basis`` names the law.

    An erasure that was interrupted is ended by saying it again: what is left goes, even where the
    log has nothing left to redact. Raises what commands raise, and `StandlineError` where another
    process keeps the old bytes.
    """
    gone, why = preview_erasure(services, room, name), reason_given(text(basis, "basis"))
    position, discarded = None, 0
    if gone.positions:
        if expected_version in (None, gone.version):
            # The log forgets the words by which those are found on the desk.
            discarded = services.desk.forget(Sought(gone.texts, gone.stream))
        position = room.redact(byline, gone.stream, why, expected_version=expected_version).position
    else:
        # What an interruption left of them lies in the log's own files.
        services.log.erase(())
    services.models.forget()
    services.desk.clear_traces()
    return Erased(position=position, events=len(gone.positions), discarded=discarded)


CODES = frozenset({"lang", "wording", "outlet", "statement"})
"""What is free text in an event and tells nothing of whom it is about: many things share it."""


def _texts(event: Event) -> Iterator[str]:
    """Yield the words of an event by which copies of them are known."""
    waiting = [msgspec.to_builtins(getattr(event, "content", None))]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend(value for name, value in one.items() if name not in CODES)
        elif isinstance(one, list | tuple):
            waiting.extend(one)
