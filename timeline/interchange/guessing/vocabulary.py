"""English and German words in headers and cells of foreign tables."""

from __future__ import annotations

import re


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


HEADERS: dict[str, frozenset[str]] = {
    "stance": _words(
        "stance position vote stimme antwort answer agreement haltung votum response zustimmung"
    ),
    "source.published_at": _words(
        "published publication pubdate veroeffentlicht veroeffentlichung erschienen"
    ),
    "said_at": _words("date datum day tag time zeit when wann year jahr"),
    "source.url": _words("url link adresse address href"),
    "topic": _words(
        "topic question thesis these frage thema concept issue motion abstimmung antrag resolution"
        " proposal bill subject"
    ),
    "actor": _words(
        "actor speaker politician politiker politikerin sprecher person name party partei member"
        " mitglied abgeordneter country staat land organization organisation who wer akteur"
        " akteurin sprecherin redner rednerin"
    ),
    "quote.text": _words("quote quotation zitat wortlaut"),
    "source.outlet": _words("outlet medium zeitung newspaper publisher quelle source"),
    "source.title": _words("title titel headline ueberschrift"),
    "source.author": _words("author autor autorin byline"),
    "paraphrase": _words(
        "text statement aussage begruendung comment kommentar explanation summary reason was what"
        " said gesagt"
    ),
    "key": _words(
        "id key nr nummer number no num doc document dok dokument n index idx seq lfd laufnummer"
    ),
}
"""Words of headers (as in slugs) by field; the surest fields come first."""

FOR = _words(
    "yes ja y for pro dafür zustimmung agree agrees stimme_zu approve aye yea supports support true"
)
AGAINST = _words(
    "no nein n against contra dagegen ablehnung disagree disagrees stimme_nicht_zu reject nay"
    " opposes oppose false"
)
NEITHER = _words("abstain abstained enthaltung enthalten neutral abstention")
ABSENT = _words(
    "no_show absent abwesend not_voting nicht_abgegeben nicht_beteiligt weiß_nicht"
    " don't_know keine_angabe unknown"
)
VOTING = _words(
    "yes ja no nein aye yea nay abstain abstained enthaltung enthalten abstention no_show absent"
    " abwesend not_voting nicht_abgegeben for against dafür dagegen"
)
"""Words for votes."""


QUESTIONS = _words(
    "thesis thesentext these thesen statement aussage question frage fragetext wording text"
)
"""Words in headers of columns with questions."""

_NUMBER = re.compile(r"[+\-−]?\s*\d+(?:[.,]\d+)?|[+\-−–±]+")


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number or a sign."""
    return _NUMBER.fullmatch(cell.strip()) is not None


def as_word(cell: str) -> str:
    """Return a cell in the form of the words here."""
    return "_".join(cell.lower().strip(" .").split())
