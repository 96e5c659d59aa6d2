"""The desk of a store, created on first use, so that mere readers never create one."""

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
from timeline.desk.erased_words import ErasedWords
from timeline.desk.feeds import Feeds
from timeline.desk.inbox import Inbox
from timeline.desk.inquiries import Inquiries
from timeline.desk.joining import Joining
from timeline.desk.notes import Notes
from timeline.desk.reviews import Reviews
from timeline.desk.second_readings import SecondReadings, ShownEnds
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
    """The parts of the desk, one attribute each."""

    def __init__(self, url: StoreUrl) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self.drafts = Drafts(self._open)
        self.texts = Texts(self._open)
        self.notes = Notes(self._open)
        self.reviews = Reviews(self._open)
        self.embargoes = Embargoes(self._open)
        self.inquiries = Inquiries(self._open)
        self.second_readings = SecondReadings(self._open)
        self.shown_ends = ShownEnds(self._open)
        self.inbox = Inbox(self._open)
        self.feeds = Feeds(self._open)
        self.people = People(self._open)
        self.provider_accounts = ProviderAccounts(self._open)
        self.second_factors = SecondFactors(self._open)
        self.half_sign_ins = HalfSignIns(self._open)
        self.sessions = Sessions(self._open)
        self.devices = Devices(self._open)
        self.tokens = Tokens(self._open)
        self.joining = Joining(self._open)

    def is_there(self) -> bool:
        """Tell whether the desk exists."""
        if self._engine is not None:
            return True
        with translate_db_errors():
            return has_desk(self._url)

    def backed_up_rows(self) -> Iterator[DeskRow]:
        """Yield the rows for a backup, as of one moment."""
        with translate_db_errors():
            yield from backed_up_rows(self._open())

    def counted_rows(self) -> dict[str, int]:
        """Return how many rows of each table a backup would hold."""
        with translate_db_errors():
            return counted_rows(self._open())

    def require_empty(self) -> None:
        """Raise `Refused` if it has a row that a backup would hold."""
        with translate_db_errors():
            require_empty(self._open())

    def restore_rows(self, cursor: Any, rows: Iterable[DeskRow]) -> None:  # noqa: ANN401 - the driver's
        """Restore a backup on an empty desk, all rows or none.

        Commits with the transaction of ``cursor`` if log and desk are in one database, else at
        once. Raises `Refused` for an unknown row.
        """
        with translate_db_errors():
            if not self._url.is_sqlite:
                restore_rows(cursor, rows, where="desk.", value="%s")
                return
            with closing(self._open().raw_connection()) as own:
                own_cursor = own.cursor()
                own_cursor.execute("BEGIN IMMEDIATE")
                restore_rows(own_cursor, rows, where="", value="?")
                own.commit()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def forget(self, erased: ErasedWords) -> int:
        """Remove everything with erased words: drafts, texts, notes, readings, requests, inbox.

        Returns how many there were.
        """
        if not self.is_there():
            return 0
        coding = (self.drafts, self.texts, self.notes, self.inbox)
        waiting = (self.reviews, self.embargoes, self.inquiries, self.second_readings)
        return sum(room.forget(erased) for room in (*coding, *waiting))

    def clear_traces(self) -> None:
        """Remove discarded data from the disk.

        Raises `StandlineError` if another process keeps the old bytes.
        """
        if self.is_there():
            with translate_db_errors():
                clear_traces_of_desk(self._url)

    def _open(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = _new_engine(self._url)
            return self._engine


def _new_engine(url: StoreUrl) -> Engine:
    with translate_db_errors():
        engine = desk_engine(url)
        try:
            set_up(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine
