"""Transcripts, whose speakers are named: plenary protocols of the Bundestag, and captions.

Each turn is a paragraph with the speaker's name and a colon, then what was said, as
`timeline.domain.turns` reads it. Read in a process of its own: see `reading`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from timeline.capture.files.article_file import FILE_NOT_READ, ArticleFile
from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

PROTOCOL = b"<dbtplenarprotokoll"
CAPTIONS = b"WEBVTT"


def protocol(data: bytes) -> ArticleFile:
    """Return the text of a plenary protocol (dbtplenarprotokoll, from the 19th term on).

    Raises `Refused` for XML that is none.
    """
    from lxml import etree  # noqa: PLC0415 - takes long, and few need it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Refused(FILE_NOT_READ, field="file") from None
    term, sitting = root.get("wahlperiode", ""), root.get("sitzung-nr", "")
    course = root.find("sitzungsverlauf")
    paragraphs = [] if course is None else list(_paragraphs(course))
    return ArticleFile(
        text="\n\n".join(paragraphs),
        title=f"Plenarprotokoll {term}/{sitting}" if term and sitting else "Plenarprotokoll",
        outlet="Deutscher Bundestag",
        published_at="-".join(reversed(root.get("sitzung-datum", "").split("."))),
        lang="de",
    )


def _paragraphs(part: _Element) -> Iterator[str]:
    """Yield agenda items, speakers, what they said, and what else was heard, as they follow."""
    if title := part.get("top-id"):
        yield _in_one_line(title)
    for one in part:
        if one.tag == "p" and one.get("klasse") == "redner":
            yield _speaker(one)
        elif one.tag in {"p", "kommentar", "name"}:
            if words := _words(one):
                yield words
        elif isinstance(one.tag, str):
            yield from _paragraphs(one)


def _speaker(one: _Element) -> str:
    """Return a speaker as printed, such as ``Dr. Ada Muster (ABC):``."""
    named = one.find("redner")
    printed = _in_one_line((named.tail if named is not None else one.text) or "")
    if printed or named is None:
        return printed
    names = (named.findtext(f".//{part}") or "" for part in ("titel", "vorname", "nachname"))
    office, party = (named.findtext(f".//{part}") or "" for part in ("rolle_lang", "fraktion"))
    behind = f", {office}" if office else f" ({party})" if party else ""
    return f"{_in_one_line(' '.join(names) + behind)}:"


def _words(one: _Element) -> str:
    """Return the text of an element without its footnotes."""
    return _in_one_line("".join(one.xpath(".//text()[not(ancestor::sup or ancestor::fussnote)]")))


def captions(data: bytes) -> ArticleFile:
    """Return the text of captions (WebVTT); who speaks is in their voice tags.

    Raises `Refused` for what is none.
    """
    import webvtt  # noqa: PLC0415 - few need it

    try:
        read = webvtt.from_string(data.decode("utf-8-sig", "replace"))
    except webvtt.errors.MalformedFileError:
        raise Refused(FILE_NOT_READ, field="file") from None
    said = [(caption.voice or "", _in_one_line(caption.text)) for caption in read.captions]
    fresh = [one for at, one in enumerate(said) if one[1] and one != (said[at - 1] if at else None)]
    paragraphs: list[str] = []
    for voice, turn in groupby(fresh, key=lambda one: one[0]):
        paragraphs += [f"{voice}:"] if voice else []
        paragraphs.append(" ".join(words for _, words in turn))
    return ArticleFile("\n\n".join(paragraphs))


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
