"""Few costly answers are made at once; a few more wait, and all others are told to come back."""

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
    """Nothing costly can be made just now."""


class Slots:
    """Places for what takes long: so many ``at_once``, and ``in_line`` behind them for a while."""

    def __init__(self, at_once: int, in_line: int = 0, patience: float = 0) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._room = threading.BoundedSemaphore(at_once + in_line)
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot for the length of a block; raises `NoSlot` where none comes free in time."""
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
    """Hold the one slot of this request for the length of a block, if it holds none yet."""
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
    """Answer only while there is a slot for it; what is kept needs none."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        with slot():
            return view(*args, **kwargs)

    vars(answer)["is_costly"] = True
    return answer


def is_costly(view: Callable[..., Response]) -> bool:
    """Tell whether a view needs a slot."""
    return bool(vars(view).get("is_costly"))
