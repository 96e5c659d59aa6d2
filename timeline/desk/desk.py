"""The desk of a store: opened when it is first asked for, so that readers never make one."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

from timeline.desk.accounts.devices import Devices
from timeline.desk.accounts.people import People
from timeline.desk.accounts.provider_accounts import ProviderAccounts
from timeline.desk.accounts.second_factors import SecondFactors
from timeline.desk.accounts.sessions import HalfSignIns, Sessions
from timeline.desk.accounts.tokens import Tokens
from timeline.desk.carrying import backed_up_rows, counted_rows, require_empty, restore_rows
from timeline.desk.drafts import Drafts
from timeline.desk.embargoes import Embargoes
from timeline.desk.feeds import Feeds
from timeline.desk.inbox import Inbox
from timeline.desk.inquiries import Inquiries
from timeline.desk.joining import Joining
from timeline.desk.notes import Notes
from timeline.desk.reviews import Reviews
from timeline.desk.second_readings import SecondReadings, ShownEnds
from timeline.desk.sought import Sought
from timeline.desk.tables import set_up
from timeline.desk.texts import Texts
from timeline.stores.engines import clear_traces_of_desk, desk_engine, has_desk
from timeline.stores.trouble import translate_db_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine

    from timeline.desk.carrying import DeskRow
    from timeline.stores.store_url import StoreUrl


class Desk:
    """What lies on it, one attribute each."""

    def __init__(self, url: StoreUrl) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self.drafts = Drafts(self._opened)
        self.texts = Texts(self._opened)
        self.notes = Notes(self._opened)
        self.reviews = Reviews(self._opened)
        self.embargoes = Embargoes(self._opened)
        self.inquiries = Inquiries(self._opened)
        self.second_readings = SecondReadings(self._opened)
        self.shown_ends = ShownEnds(self._opened)
        self.inbox = Inbox(self._opened)
        self.feeds = Feeds(self._opened)
        self.people = People(self._opened)
        self.provider_accounts = ProviderAccounts(self._opened)
        self.second_factors = SecondFactors(self._opened)
        self.half_sign_ins = HalfSignIns(self._opened)
        self.sessions = Sessions(self._opened)
        self.devices = Devices(self._opened)
        self.tokens = Tokens(self._opened)
        self.joining = Joining(self._opened)

    def is_there(self) -> bool:
        """Tell whether anybody has asked for one yet."""
        if self._engine is not None:
            return True
        with translate_db_errors():
            return has_desk(self._url)

    def backed_up_rows(self) -> Iterator[DeskRow]:
        """Yield what a backup holds, as of one moment."""
        with translate_db_errors():
            yield from backed_up_rows(self._opened())

    def counted_rows(self) -> dict[str, int]:
        """Return how many rows of each table a backup would hold, as a backup tells them."""
        with translate_db_errors():
            return counted_rows(self._opened())

    def require_empty(self) -> None:
        """Raise `Refused` where anything lies on it that a backup would hold."""
        with translate_db_errors():
            require_empty(self._opened())

    def restore_rows(self, cursor: Any, rows: Iterable[DeskRow]) -> None:  # noqa: ANN401 - the driver's
        """Put what a backup holds on an empty desk, all of it or nothing.

        It counts with the transaction of ``cursor`` where log and desk lie in one database, else at
        once. Raises `Refused` for a row that the desk has no place for.
        """
        with translate_db_errors():
            if not self._url.is_sqlite:
                restore_rows(cursor, rows, where="desk.", value="%s")
                return
            with closing(self._opened().raw_connection()) as own:
                put = own.cursor()
                put.execute("BEGIN IMMEDIATE")
                restore_rows(put, rows, where="", value="?")
                own.commit()

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def forget(self, sought: Sought) -> int:
        """Discard what holds these words: drafts, texts, notes, readings, requests, the inbox.

        Returns how many of them there were.
        """
        if not self.is_there():
            return 0
        coding = (self.drafts, self.texts, self.notes, self.inbox)
        waiting = (self.reviews, self.embargoes, self.inquiries, self.second_readings)
        return sum(room.forget(sought) for room in (*coding, *waiting))

    def clear_traces(self) -> None:
        """Leave nothing on the disk of what was discarded.

        Raises `StandlineError` where another process keeps the old bytes.
        """
        if self.is_there():
            with translate_db_errors():
                clear_traces_of_desk(self._url)

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = _made(self._url)
            return self._engine


def _made(url: StoreUrl) -> Engine:
    with translate_db_errors():
        engine = desk_engine(url)
        try:
            set_up(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine
