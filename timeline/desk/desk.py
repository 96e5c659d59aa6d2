"""The desk of a store: opened when it is first asked for, so that readers never make one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from timeline.desk.accounts.people import People
from timeline.desk.accounts.sessions import Sessions
from timeline.desk.accounts.tokens import Tokens
from timeline.desk.drafts import Drafts
from timeline.desk.tables import set_up
from timeline.stores.engines import desk_engine
from timeline.stores.trouble import in_one_line

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from timeline.stores.store_url import StoreUrl


class Desk:
    """What lies on it, one attribute each."""

    def __init__(self, url: StoreUrl) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self.drafts = Drafts(self._opened)
        self.people = People(self._opened)
        self.sessions = Sessions(self._opened)
        self.tokens = Tokens(self._opened)

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = _made(self._url)
            return self._engine


def _made(url: StoreUrl) -> Engine:
    with in_one_line():
        engine = desk_engine(url)
        try:
            set_up(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine
