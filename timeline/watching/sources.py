"""The file that names what is watched: feeds and folders, each with what is known of all in it."""

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
    """Return the address of a feed that somebody typed; raises `Refused` for what is none."""
    try:
        url = clean_url(typed.strip(), "url") if typed.strip() else ""
    except Refused as error:
        if error.code == HOST_NOT_PUBLIC.code:
            raise Refused(FEED_INSIDE, field="url", host=error.values["host"]) from None
        raise
    _check_address(url, "url")
    return url


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is watched; ``outlet`` and ``lang`` are of all texts in it."""

    outlet: str = ""
    lang: str = ""


class FeedSource(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A feed at an address, http or https; ``articles`` has the pages read that it leads to."""

    url: str
    articles: bool = False

    @property
    def address(self) -> str:
        """What it is called on the desk."""
        return self.url

    @property
    def named(self) -> str:
        """The address that the operator named, if any: its host may be inside a network."""
        return self.url


class AddedSource(FeedSource, frozen=True, kw_only=True):
    """A feed that somebody added at the desk: it is asked on the public internet alone."""

    @property
    def named(self) -> str:
        """Nobody named its host."""
        return ""


class FolderSource(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder with a file for each article."""

    path: str

    @property
    def address(self) -> str:
        """What it is called on the desk."""
        return self.path


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    feed: tuple[FeedSource, ...] = ()
    folder: tuple[FolderSource, ...] = ()


def read_sources(path: Path) -> list[FeedSource | FolderSource]:
    """Return what a file names, folders by their place from the file on.

    Raises `Refused` for a file that cannot be read, that says something else, or that names
    nothing.
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
    for one in sources:
        if one.address in seen:
            raise Refused(SOURCE_TWICE, field=str(path), address=InQuotes(one.address))
        seen.add(one.address)
    for feed in file.feed:
        _check_address(feed.url, str(path))
    return sources


def _placed(folder: FolderSource, beside: Path) -> FolderSource:
    return msgspec.structs.replace(folder, path=str(beside / folder.path))


def _check_address(url: str, field: str) -> None:
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise Refused(SOURCE_ADDRESS, field=field, address=InQuotes(url))
