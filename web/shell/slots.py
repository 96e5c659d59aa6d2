"""Limit how many costly answers are made at once; a few more wait, others get a 503."""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec

from flask import current_app, g

from timeline.domain.errors import Busy
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug.wrappers import Response

P = ParamSpec("P")

TOO_MANY_AT_ONCE = Message(
    "too_many_at_once",
    "too many searches, pictures, comparisons and files are being made just now",
    fix="ask again in a few seconds",
)

HELD = "slot"


class NoSlot(Busy):
    """Raised if no slot for a costly answer is free."""


class Slots:
    """Slots for costly answers: ``at_once``; ``in_line`` more wait ``patience`` seconds."""

    def __init__(self, at_once: int, in_line: int = 0, patience: float = 0) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._room = threading.BoundedSemaphore(at_once + in_line)
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot within a block; raises `NoSlot` if none becomes free in time."""
        if not self._room.acquire(blocking=False):
            raise NoSlot(TOO_MANY_AT_ONCE)
        try:
            if not self._free.acquire(timeout=self._patience):
                raise NoSlot(TOO_MANY_AT_ONCE)
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._room.release()


@contextmanager
def slot() -> Iterator[None]:
    """Hold a slot for this request within a block, unless it holds one already."""
    if HELD in g:
        yield
        return
    slots: Slots = current_app.extensions["slots"]
    with slots.one():
        setattr(g, HELD, True)
        try:
            yield
        finally:
            g.pop(HELD)


def costly(view: Callable[P, Response]) -> Callable[P, Response]:
    """Run a view only in a slot; cached answers need none."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        with slot():
            return view(*args, **kwargs)

    vars(answer)["is_costly"] = True
    return answer


def is_costly(view: Callable[..., Response]) -> bool:
    """Tell whether a view needs a slot."""
    return bool(vars(view).get("is_costly"))
