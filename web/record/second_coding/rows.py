"""Pairs of readings as pages show them, and alpha in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, entries
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.i18n import dates
from web.i18n.translate import gettext, ngettext, translator
from web.wording import stances
from web.wording.names import Names
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.second_coding.comparing import PairedReadings
    from timeline.second_coding.reliability import Agreement


class PairRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with both readings; ``said`` is its current view, if it may be shown."""

    said: StatementView | None
    number: int
    first: StanceView
    first_coder: str
    second: StanceView
    second_coder: str
    note: str
    is_same: bool
    decided: int
    waits: bool
    href: str


class MarkedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph in which two coders found a different speaker, day or passage."""

    number: int
    first_coder: str
    first: tuple[str, str]
    second_coder: str
    second: tuple[str, str]
    is_elsewhere: bool


class AlphaView(msgspec.Struct, frozen=True):
    """An agreement in words: alpha with two decimals, empty if undefined, and its meaning.

    ``place`` is the place of its mark on a line from 0 to 1, in percent; ``reach`` the start and
    the width of its interval, which ``between`` says in words.
    """

    value: str
    verdict: str
    meaning: str
    place: float | None
    counts: bool
    between: str = ""
    reach: tuple[float, float] = (0, 0)


def pair_rows(conn: Connection, topic: Topic, pairs: Sequence[PairedReadings]) -> list[PairRow]:
    """Return both readings of statements on a topic."""
    statements = entries.statements(conn, [pair.number for pair in pairs])
    views = Presenter(conn, Names(conn, statements.values()), [*statements.values()])
    return [
        PairRow(
            said=views.statement(statements[pair.number]) if pair.number in statements else None,
            number=pair.number,
            first=stances.view(topic.scale, pair.first, version=pair.first_version),
            first_coder=pair.first_coder,
            second=stances.view(topic.scale, pair.second, version=pair.second_version),
            second_coder=pair.second_coder,
            note=pair.note,
            is_same=pair.is_same,
            decided=pair.decided,
            waits=pair.waits,
            href=f"/record/agreement/decide/{pair.sample}/{pair.place}",
        )
        for pair in pairs
    ]


def marked_rows(conn: Connection, pairs: Sequence[PairedReadings]) -> list[MarkedRow]:
    """Return the paragraphs in which speaker, day or passage differ, with names of speakers."""
    names = {actor.id: actor.name for actor in _speakers(conn, pairs).values()}
    rows = []
    for pair in pairs:
        mark = pair.mark
        if mark is None or mark.words == (0, 0):
            continue
        first = names.get(pair.first_speaker, ""), dates.said(pair.first_said_at)
        second = names.get(mark.speaker, mark.speaker), dates.said(mark.said_at)
        if first != second or mark.words != mark.passage:
            rows.append(
                MarkedRow(
                    number=pair.number,
                    first_coder=pair.first_coder,
                    first=first,
                    second_coder=pair.second_coder,
                    second=second,
                    is_elsewhere=mark.is_elsewhere,
                )
            )
    return rows


def speaker_slugs(conn: Connection, pairs: Sequence[PairedReadings]) -> dict[str, str]:
    """Return the slugs of the speakers in paragraphs, by their ids."""
    return {id_: actor.slug for id_, actor in _speakers(conn, pairs).items()}


def _speakers(conn: Connection, pairs: Sequence[PairedReadings]) -> dict[str, Actor]:
    speakers = ((pair.first_speaker, pair.mark.speaker) for pair in pairs if pair.mark)
    return directory.actors_by_id(conn, {speaker for two in speakers for speaker in two})


def alpha_view(agreement: Agreement) -> AlphaView:
    """Return an agreement in words."""
    value = agreement.alpha
    verdict, meaning = _verdict(agreement)
    return AlphaView(
        value="" if value is None else figure(value),
        verdict=verdict,
        meaning=meaning,
        place=None if value is None else _percent(value),
        counts=agreement.meaning in ("unusable", "tentative", "reliable"),
        between=_between(agreement),
        reach=_reach(agreement),
    )


def _between(agreement: Agreement) -> str:
    if agreement.interval is None:
        return ""
    low, high = map(figure, agreement.interval)
    return gettext(
        "95%% of samples like this one lie between %(low)s and %(high)s.", low=low, high=high
    )


def figure(value: float) -> str:
    """Return an alpha with two decimals, as the reader's language writes it."""
    return str(translator().figure(round(value, 2), format="0.00"))


def _reach(agreement: Agreement) -> tuple[float, float]:
    low, high = map(_percent, agreement.interval or (0, 0))
    return low, round(high - low, 1)


def _percent(value: float) -> float:
    return round(min(max(value, 0), 1) * 100, 1)


def _verdict(agreement: Agreement) -> tuple[str, str]:
    differ = agreement.units - agreement.same
    summary = ngettext(
        "%(differ)s of %(num)d statement is read differently.",
        "%(differ)s of %(num)d statements are read differently.",
        agreement.units,
        differ=differ,
    )
    verdicts = {
        "none": (gettext("Nothing to compare."), gettext("No statement was read twice.")),
        "few": (
            gettext("Too few to mean anything."),
            gettext("Below 30 statements chance alone may bring any figure."),
        ),
        "unvaried": (
            gettext("Not defined."),
            gettext("Everything was coded alike: what chance would bring cannot be told."),
        ),
        "unavailable": (
            gettext("Not computed."),
            gettext(
                "Alpha needs the extra “agreement” on the server: "
                "pip install 'standline[agreement]'."
            ),
        ),
        "unusable": (
            gettext("Not usable."),
            _unusable(agreement, differ),
        ),
        "tentative": (gettext("With care."), gettext("From .67 on: tentative conclusions.")),
        "reliable": (gettext("Reliable."), gettext("From .80 on, as Krippendorff asks for.")),
    }
    verdict, meaning = verdicts[agreement.meaning]
    return verdict, f"{summary} {meaning}" if agreement.units else meaning


FEW_DIFFER = 0.1
"""The share of differing statements up to which a low alpha may come from a rare value alone."""


def _unusable(agreement: Agreement, differ: int) -> str:
    """Say what to do about an alpha that is too low."""
    if differ <= FEW_DIFFER * agreement.units:
        return gettext(
            "Below .67; but one value is rare here, and then few differences weigh heavily: "
            "look at what was coded as what."
        )
    return gettext("Below .67: sharpen the codebook before you draw conclusions.")
