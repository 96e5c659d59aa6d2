"""The file of sources: the feeds and folders to watch, each with facts about all its texts."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from timeline.desk.feeds import FEED_INSIDE, SOURCE_ADDRESS
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import HOST_NOT_PUBLIC, clean_url

SOURCES_UNREADABLE = Message(
    "sources_unreadable",
    "the file of sources cannot be read: %(why)s",
    fix="check the path and its permissions",
)
SOURCES_WRONG = Message(
    "sources_wrong",
    "the file of sources is not as it should be: %(why)s",
    fix="name each feed in a table [[feed]] with its url, each folder in [[folder]] with its path",
)
SOURCES_EMPTY = Message(
    "sources_empty",
    "the file of sources names none",
    fix="add a table [[feed]] with a url, or [[folder]] with a path",
)
SOURCE_TWICE = Message("source_twice", "%(address)s is named twice", fix="leave one of the two out")


def feed_address(typed: str) -> str:
    """Return the address of a feed that somebody typed; raises `Refused` for a bad one."""
    try:
        url = clean_url(typed.strip(), "url") if typed.strip() else ""
    except Refused as error:
        if error.code == HOST_NOT_PUBLIC.code:
            raise Refused(FEED_INSIDE, field="url", host=error.values["host"]) from None
        raise
    _check_address(url, "url")
    return url


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A watched source; ``outlet`` and ``lang`` apply to all its texts."""

    outlet: str = ""
    lang: str = ""


class FeedSource(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A feed at an address, http or https; with ``articles`` the linked pages are read, too."""

    url: str
    articles: bool = False

    @property
    def address(self) -> str:
        """What it is called on the desk."""
        return self.url

    @property
    def named(self) -> str:
        """The address, if the operator named it: then its host may be inside a network."""
        return self.url


class AddedSource(FeedSource, frozen=True, kw_only=True):
    """A feed that somebody added at the desk: it must be on the public internet."""

    @property
    def named(self) -> str:
        """The operator did not name it."""
        return ""


class FolderSource(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder with one file for each article."""

    path: str

    @property
    def address(self) -> str:
        """What it is called on the desk."""
        return self.path


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    feed: tuple[FeedSource, ...] = ()
    folder: tuple[FolderSource, ...] = ()


def read_sources(path: Path) -> list[FeedSource | FolderSource]:
    """Read a file of sources; paths of folders are relative to the file.

    Raises `Refused` for a file that cannot be read, is wrong, or names nothing.
    """
    try:
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise Refused(SOURCES_UNREADABLE, field=str(path), why=error.strerror) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(SOURCES_WRONG, field=str(path), why=error) from None
    folders = [_placed(source, path.parent) for source in file.folder]
    sources: list[FeedSource | FolderSource] = [*file.feed, *folders]
    if not sources:
        raise Refused(SOURCES_EMPTY, field=str(path))
    seen: set[str] = set()
    for watched in sources:
        if watched.address in seen:
            raise Refused(SOURCE_TWICE, field=str(path), address=InQuotes(watched.address))
        seen.add(watched.address)
    for feed in file.feed:
        _check_address(feed.url, str(path))
    return sources


def _placed(folder: FolderSource, beside: Path) -> FolderSource:
    return msgspec.structs.replace(folder, path=str(beside / folder.path))


def _check_address(url: str, field: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise Refused(SOURCE_ADDRESS, field=field, address=InQuotes(url))
