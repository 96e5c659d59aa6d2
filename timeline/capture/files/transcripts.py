"""Transcripts with named speakers: plenary protocols of the Bundestag, and captions.

Each turn is a paragraph with the speaker's name and a colon, then the words, as
`timeline.domain.turns` reads it. They are read in a process of its own: see `reading`.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from timeline.capture.files.article_file import FILE_NOT_READ, ArticleFile
from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

PROTOCOL = b"<dbtplenarprotokoll"
CAPTIONS = b"WEBVTT"

_BODY_TEXT = ".//text()[not(ancestor::sup or ancestor::fussnote)]"


def protocol(data: bytes) -> ArticleFile:
    """Return the text of a plenary protocol (dbtplenarprotokoll, from the 19th term on).

    Raises `Refused` for other XML.
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
    """Yield agenda items, speakers, their words, and comments, in order."""
    if title := part.get("top-id"):
        yield _in_one_line(title)
    for element in part:
        if element.tag == "p" and element.get("klasse") == "redner":
            yield _speaker(element)
        elif element.tag in {"p", "kommentar", "name"}:
            if words := _words(element):
                yield words
        elif isinstance(element.tag, str):
            yield from _paragraphs(element)


def _speaker(element: _Element) -> str:
    """Return a speaker as printed, such as ``Dr. Ada Muster (ABC):``."""
    speaker = element.find("redner")
    printed = _in_one_line((speaker.tail if speaker is not None else element.text) or "")
    if printed or speaker is None:
        return printed
    names = (speaker.findtext(f".//{part}") or "" for part in ("titel", "vorname", "nachname"))
    office, party = (speaker.findtext(f".//{part}") or "" for part in ("rolle_lang", "fraktion"))
    behind = f", {office}" if office else f" ({party})" if party else ""
    return f"{_in_one_line(' '.join(names) + behind)}:"


def _words(element: _Element) -> str:
    """Return the text of an element without its footnotes."""
    return _in_one_line("".join(element.xpath(_BODY_TEXT)))


def captions(data: bytes) -> ArticleFile:
    """Return the text of captions (WebVTT), with speakers from their voice tags.

    Raises `Refused` for anything else.
    """
    import webvtt  # noqa: PLC0415 - few need it

    try:
        read = webvtt.from_string(data.decode("utf-8-sig", "replace"))
    except webvtt.errors.MalformedFileError:
        raise Refused(FILE_NOT_READ, field="file") from None
    said = [(caption.voice or "", _in_one_line(caption.text)) for caption in read.captions]
    lines = [line for line, _ in groupby(said) if line[1]]
    paragraphs: list[str] = []
    for voice, turn in groupby(lines, key=itemgetter(0)):
        paragraphs += [f"{voice}:"] if voice else []
        paragraphs.append(" ".join(words for _, words in turn))
    return ArticleFile("\n\n".join(paragraphs))


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
