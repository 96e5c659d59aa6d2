"""The current request: the reader, their choices, the time, and the record."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, g, request
from werkzeug.datastructures import MultiDict

from timeline.desk.accounts.roles import Role
from timeline.domain.instants import MICROSECONDS
from timeline.projections.queries.translations import reading
from web.shell.downloads import query_seconds
from web.shell.forwarding import is_local
from web.shell.identity import SignedIn
from web.shell.publisher import publisher
from web.shell.reader_choices import ReaderChoices, is_feed, read_choices
from web.shell.record_access import RecordAccess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection
    from werkzeug.wrappers import Request

    from timeline.bootstrap import Services
    from timeline.desk.accounts.provider import Provider
    from timeline.stores.log_beside import PendingLog
    from web.shell.identity import Identify, Identity

T = TypeVar("T")

NAME = "this_request"
FORMS = "record"
DATA = "data"
ORIGINAL = (FORMS, DATA, "log", "api")
"""Pages that show the record untranslated."""

MINUTE = 60
"""The seconds in which a page that shows the time stays the same, so that it can be cached."""


class CurrentRequest:
    """The data of one request; each value is computed once."""

    def __init__(self, services: Services, identify: Identify) -> None:
        self.services = services
        self.waiting: PendingLog | None = None
        """The change of a form that is kept for a second person, if any."""
        self.kept_as = ""
        """The key of the answer in the cache, empty if it is not cached."""
        self._identify = identify

    @cached_property
    def shown(self) -> int:
        """The log position that the answer shows."""
        return self.record.shown

    @cached_property
    def record(self) -> RecordAccess:
        """The record: in the reader's language, or untranslated for forms and data."""
        room = (request.blueprint or "").partition(".")[0]
        is_original = room in ORIGINAL and not is_feed(request.path)
        return RecordAccess(
            self.services,
            "" if is_original else self.reads_in,
            whole_sources=room == FORMS,
            hides_withheld=not self.identity.may(Role.CODER),
            query_seconds=query_seconds(of_file=room == DATA),
            followed=self.is_followed,
        )

    @property
    def reads_in(self) -> str:
        """The reader's language, empty for that of the newsroom."""
        own = self.choices.language == publisher().language
        return "" if own else self.choices.language

    @property
    def is_followed(self) -> bool:
        """Tell whether the request takes the read models as they are, without catching up.

        That holds for readers, if another process of the site follows the log.
        """
        return bool(current_app.config["FOLLOWED"]) and not self.identity.may(Role.CODER)

    @cached_property
    def identity(self) -> Identity:
        """Who asks."""
        return self._identify(request)

    @property
    def sent(self) -> Request:
        """The request as it came."""
        return request

    @cached_property
    def query(self) -> MultiDict[str, str]:
        """The query of the address, without ``lang``."""
        args = MultiDict(request.args)
        args.poplist("lang")
        return args

    @property
    def query_text(self) -> str:
        """The query of the address as text."""
        return request.query_string.decode()

    @property
    def form(self) -> MultiDict[str, str]:
        """The fields of the form that was sent."""
        return request.form

    @cached_property
    def signs_in(self) -> bool:
        """Tell whether people sign in here: the site knows accounts."""
        return isinstance(self._identify, SignedIn)

    @cached_property
    def four_eyes(self) -> bool:
        """Tell whether what one person codes is recorded only when a second one agrees."""
        return self.identity.may(Role.CODER) and self.services.log.asks_four_eyes()

    def needs_second_factor(self, role: Role) -> bool:
        """Tell whether who has a role must prove two things to sign in here by password."""
        known = self._identify
        return isinstance(known, SignedIn) and known.needs_second_factor(role)

    @property
    def provider(self) -> Provider | None:
        """The OpenID Connect provider, if the operator named one."""
        provider: Provider | None = current_app.config["PROVIDER"]
        return provider if self.signs_in else None

    @property
    def reads_from(self) -> frozenset[str]:
        """The hosts from which articles are read at the desk; empty where none are."""
        places: frozenset[str] = current_app.config["READ_FROM"]
        return places

    @property
    def suggesters(self) -> tuple[str, ...]:
        """The suggesters at the workbench beside the rules, as the operator named them."""
        names: tuple[str, ...] = current_app.config["SUGGESTERS"]
        return names

    @property
    def watched(self) -> Path | None:
        """The file of feeds and folders, if the site itself may poll them."""
        path: Path | None = current_app.config["WATCHED"]
        return path

    @property
    def archive(self) -> Path | None:
        """The operator's archive for questions, if there is one."""
        path: Path | None = current_app.config["ARCHIVE"]
        return path

    def kept_by(self, room: str) -> Any:  # noqa: ANN401 - each room keeps something else
        """Return a room's object for this site, ``None`` if the room is not installed."""
        return current_app.extensions.get(room)

    @property
    def host(self) -> str:
        """The address of the site as it was requested, with a slash at its end."""
        return request.host_url

    @property
    def site(self) -> str:
        """The address of the site without its slash, empty if others cannot open it."""
        return "" if is_local(request.host) else self.host.rstrip("/")

    @cached_property
    def choices(self) -> ReaderChoices:
        """The reader's choices for look and language."""
        return read_choices(request)

    @cached_property
    def instant(self) -> int:
        """The time of the request, in microseconds UTC."""
        return self.services.clock()

    @property
    def now(self) -> int:
        """The minute of the request, in seconds UTC; pages use no finer clock."""
        minute = MINUTE * MICROSECONDS
        return self.instant // minute * MINUTE


def this_request() -> CurrentRequest:
    """Return the request that is being answered."""
    if NAME not in g:
        known = current_app.extensions
        setattr(g, NAME, CurrentRequest(known["standline"], known["identify"]))
    current: CurrentRequest = getattr(g, NAME)
    return current


def services() -> Services:
    """Return the store that the site shows."""
    return this_request().services


def read_connection() -> Connection:
    """Return one connection to the live read models for the whole request."""
    return this_request().record.connection()


@contextmanager
def reader_language() -> Iterator[Connection]:
    """Read in the reader's language within a block.

    Forms show choices so; the values of their fields stay as recorded.
    """
    with reading(conn := read_connection(), this_request().reads_in):
        yield conn


def concerns(*streams: str) -> None:
    """Note what the answer is about: `RecordAccess.concerns`."""
    this_request().record.concerns(*streams)


def kept_by_site(name: str, make: Callable[[Services], T]) -> T:
    """Return an object that lives as long as the site; it is made when first needed."""
    extensions = current_app.extensions
    if name not in extensions:
        extensions.setdefault(name, make(extensions["standline"]))
    value: T = extensions[name]
    return value


def close(_error: BaseException | None) -> None:
    """Release the request at its end."""
    ended: CurrentRequest | None = g.pop(NAME, None)
    if ended is not None:
        ended.record.close()
