"""The standing of a mandate: whether its holder decides for the side, or speaks for it.

A decider can bind the side by office: the head of government, or the head of state if that office
leads the government. Everybody else who speaks for the side is a voice. A chair is a voice too,
until somebody records that the rules of the body let the chair decide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN_STANDING = Message(
    "unknown_standing", "there is no standing %(standing)s", fix="say decides or speaks"
)

Standing = Literal["decides", "speaks"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)


class StatedStanding(msgspec.Struct, frozen=True):
    """A mandate decides or speaks: on ``topic`` (an id), or on all other topics.

    The bounds are EDTF dates; ``None`` is open.
    """

    standing: str
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    reason: str = ""

    def is_of(self, other: StatedStanding) -> bool:
        """Tell whether two are equal but for the reason."""
        return self == msgspec.structs.replace(other, reason=self.reason)


def standing_on(
    topic: str,
    earliest: int | None,
    latest: int | None,
    *,
    mandated: str,
    stated: Iterable[StatedStanding],
) -> str:
    """Return the standing of a mandate on a topic in an interval; empty if unknown.

    ``mandated`` was recorded with the mandate, ``stated`` since then, oldest first. The last one
    counts; one for this topic counts before one for all.
    """
    valid = [
        standing
        for standing in stated
        if is_within(standing.since, standing.until, earliest, latest)
    ]
    on_topic = [standing.standing for standing in valid if standing.topic == topic]
    on_all = [standing.standing for standing in valid if standing.topic is None]
    return next(iter((*on_topic[::-1], *on_all[::-1])), mandated)


def is_within(
    since: str | None, until: str | None, earliest: int | None, latest: int | None
) -> bool:
    """Tell whether an interval overlaps the time between two EDTF dates; ``None`` is unbounded."""
    begins = parse_date(since).earliest if since else None
    ends = parse_date(until).latest if until else None
    too_early = begins is not None and latest is not None and latest < begins
    too_late = ends is not None and earliest is not None and earliest > ends
    return not (too_early or too_late)


def check_standing(standing: str) -> None:
    """Raise `Refused` for an unknown standing."""
    if standing not in STANDINGS:
        raise Refused(UNKNOWN_STANDING, field="standing", standing=InQuotes(standing))


def proposed_standing(role: str) -> Standing:
    """Guess the standing from an English or German role; `speaks` if in doubt."""
    words = _NO_WORD.sub(" ", role.casefold().replace("u.s.", "us")).strip()
    if _AIDE.search(words) or _BODY.search(words):
        return "speaks"
    offices = _AND.split(words)
    return "decides" if any(_binds(office.strip()) for office in offices) else "speaks"


def _binds(office: str) -> bool:
    if _NOT_IN_OFFICE.search(office):
        return False
    if head := _CHIEF.search(office):
        return not _BELOW.search(office[: head.start()])
    led_by_president = bool(_PRESIDENTIAL.search(office))
    if head := _GOVERNMENT.search(office):
        return not led_by_president and not _BELOW.search(office[: head.start()])
    if head := _PRESIDENT.search(office):
        is_bare = office == head[0]
        return (led_by_president or is_bare) and not _BELOW.search(office[: head.start()])
    return False


def _words(*patterns: str) -> re.Pattern[str]:
    """Return a pattern that finds any of these as whole words."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


_NO_WORD = re.compile(r"[^\w,;/&]+")
_AND = re.compile(r"\band\b|\bund\b|[,;/&]")

_AIDE = _words(
    *(r"spokes\w+", r"press", r"presse\w*", r"\w*sprecher\w*", r"advis\w+", r"\w*berater\w*"),
    *(
        "aide",
        "assistant",
        r"\w*mitarbeiter\w*",
        r"\w*referent\w*",
        "office",
        "büro",
        r"\w*amte?s?",
    ),
    *("envoy", r"\w*gesandte\w*", r"\w*beauftragte\w*", "ambassador", r"\w*botschafter\w*"),
    *("representative", r"\w*vertreter\w*", "delegate", "delegation", r"\w*unterhändler\w*"),
    *(
        "negotiator",
        "staff",
        "chancellery",
        r"\w*kanzlei",
        "administration",
        "opposition",
        "shadow",
    ),
    *("kabinett", "cabinet"),
)
"""Words for assistants; their role may name the office of somebody else."""

_BODY = _words(
    *("senate", r"\w*senate?s?", r"\w*parliament\w*", r"\w*parlaments?", "duma", "rada", "house"),
    *("chamber", r"\w*kammer", "council", r"\w*rate?s?", r"\w*bank", r"\w*court", r"\w*gerichts?"),
    *("assembly", r"\w*versammlung", "congress", r"kongress\w*", "commission", r"\w*kommission"),
    *("university", r"universität", "association", r"\w*verbande?s?", "party", r"\w*partei"),
    *(
        "fed",
        "reserve",
        "exchequer",
        r"\w*tage?s?",
        "company",
        "club",
        "committee",
        r"\w*ausschuss",
    ),
)
"""Words for bodies outside the government that have their own chair."""

_NOT_IN_OFFICE = _words(
    *("vice", "deputy", r"vize\w*", r"stell\w*", "ex", "former", r"ehemalig\w+", r"frühere\w*"),
    *("elect", r"gewählt\w+", "designate", r"designiert\w+", "candidate", r"\w*kandidat\w*"),
    *("next", r"künftig\w+", "late", r"alt\w*kanzler\w*"),
)
_BELOW = _words(
    "of", "to", "for", "at", "in", "by", "des", "beim", "bei", "von", "vom", "für", "im"
)
"""Words before an office that is somebody else's: “minister in the office of …”."""

_CHIEF = _words("supreme leader", r"oberste\w* führer", "revolutionsführer")
_GOVERNMENT = _words(
    *("prime minister", "premier", r"premierminister(?:in)?s?", r"ministerpräsident(?:in)?(?:en)?"),
    *("minister president", r"(?:bundes)?kanzler(?:in)?s?", "chancellor", "taoiseach"),
    *("head of (?:the )?government", r"regierungschef(?:in)?s?"),
)
_PRESIDENT = _words("president", r"(?:staats)?präsident(?:in)?(?:en)?", r"staatschef(?:in)?s?")
_PRESIDENTIAL = _words(
    *("united states", "us", "usa", r"americ\w+", r"amerika\w*", r"vereinigten? staaten"),
    *(r"russ\w+", r"ukrain\w+", "france", "french", "frankreichs?", r"französisch\w*"),
    *(r"turk\w+", r"türk\w+", r"belarus\w*", r"weißruss\w+", r"chin\w+", r"bra[sz]il\w+"),
    *(r"argentin\w+", r"mexi\w+", r"(?:süd)?korea\w*", r"egypt\w*", r"ägypt\w*", r"syri\w+"),
    *(r"venezuel\w+", r"kazakh\w+", r"kasach\w+", r"azerbaijan\w*", r"aserbaidschan\w*"),
    *(r"uzbek\w+", r"usbek\w+", "cyprus", r"cypriot\w*", r"zyp\w+", r"indones\w+"),
    *(r"philipp?in\w+", r"nigeria\w*", r"kenya\w*", r"kenia\w*", r"south africa\w*"),
    *(r"südafrika\w*", r"[ck]olumb\w+", r"colomb\w+", r"chile\w*", r"peru\w*", r"taiwan\w*"),
)
"""States whose president, not the premier, leads the government, in English and German."""
