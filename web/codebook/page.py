"""The page of a codebook: one whole version, and the changes of all versions."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.codebook import with_texts
from timeline.domain.errors import NotFound
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from timeline.projections.queries.attached import CodingAgreement, coding_agreement
from timeline.projections.queries.codebooks import CodebookVersion, codebooks
from timeline.projections.queries.quote_readings import QuoteAgreement, quote_agreement
from timeline.projections.queries.translations import language_of, translations
from web.entries.about_topic import AboutTopic, about_topic
from web.entries.codebooks import CodebookView, view_codebook
from web.entries.variables import VariableView, kind_word, kind_words, view_variables
from web.i18n import dates
from web.i18n.translate import gettext
from web.shell.request import this_request
from web.wording import stances
from web.wording.changed_words import Piece, reword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from timeline.domain.codebook import Codebook, Example
    from timeline.domain.scales import Scale
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.translations import Texts
    from web.wording.clocks import Clocks

NO_SUCH_VERSION = Message(
    "no_such_version", "the codebook has no version %(version)s", fix="choose one from its page"
)


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A version in the list: who wrote it, when and why, and what it changed in the one before.

    ``lang`` is the reader's language if the reason is translated into it, else empty. ``is_erased``
    if its words were erased by law.
    """

    version: int
    when: str
    when_machine: str
    by: str
    reason: str
    lang: str
    changed: tuple[ChangedText, ...]
    is_erased: bool
    is_shown: bool
    href: str


class CodebookPage(AboutTopic, frozen=True, kw_only=True):
    """Everything that the template reads; ``shown`` is ``None`` if there is nothing to show."""

    shown: CodebookView | None
    coders: CodingAgreement
    readers: QuoteAgreement
    is_latest: bool
    all_versions: tuple[CodebookVersion, ...]
    versions: list[VersionLine]
    kinds: dict[str, str]
    """The kinds of variables in words."""


def codebook_page(conn: Connection, slug: str) -> CodebookPage:
    """Read the page; raises `NotFound` for an unknown topic or version, `Refused` for clocks."""
    args = this_request().query
    about = about_topic(conn, slug, args)
    topic, clocks = about["topic"], about["clocks"]
    versions = codebooks(conn, topic.id, clocks.known_at)
    chosen = _chosen(versions, args.get("version", ""))
    view = view_codebook(conn, topic, chosen, clocks.known_at) if chosen else None
    return CodebookPage(
        **about,
        shown=view,
        coders=coding_agreement(conn, topic.id, clocks.known_at),
        readers=quote_agreement(conn, topic.id, clocks.known_at),
        is_latest=bool(chosen and chosen.version == versions[-1].version),
        all_versions=tuple(versions),
        versions=_lines(conn, topic, clocks, versions, chosen),
        kinds=kind_words(),
    )


def _chosen(versions: list[CodebookVersion], number_text: str) -> CodebookVersion | None:
    if not number_text:
        return versions[-1] if versions else None
    number = whole_number(number_text)
    chosen = next((version for version in versions if version.version == number), None)
    if chosen is None:
        raise NotFound(NO_SUCH_VERSION, field="version", version=InQuotes(number_text))
    return chosen


def _lines(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    versions: list[CodebookVersion],
    chosen: CodebookVersion | None,
) -> list[VersionLine]:
    """Return the versions, the latest first."""
    known = f"&known_at={clocks.known_text}" if clocks.known_text else ""
    lang, translated = language_of(conn), translations(conn, [topic.id]).get(topic.id, {})
    changed = {
        later.version: changes_between(
            before.codebook, later.codebook, topic.scale, translated, lang
        )
        for before, later in pairwise(versions)
    }
    reasons = {version.version: version.codebook.reason for version in versions if version.codebook}
    return [
        VersionLine(
            version=version.version,
            when=dates.moment_us(version.recorded_at),
            when_machine=dates.machine(version.recorded_at // 1_000_000),
            by=version.recorded_by,
            reason=translated.get(reason := reasons.get(version.version, ""), reason),
            lang=lang if reason in translated else "",
            changed=changed.get(version.version, ()),
            is_erased=version.codebook is None,
            is_shown=version is chosen,
            href=f"/t/{topic.slug}/codebook?version={version.version}{known}",
        )
        for version in reversed(versions)
    ]


class ChangedText(msgspec.Struct, frozen=True):
    """One changed text: its label, and its words before and after in pieces.

    ``lang`` is the reader's language if all of it is translated into it, else empty.
    """

    label: str
    then: tuple[Piece, ...]
    later: tuple[Piece, ...]
    lang: str = ""


def changes_between(
    before: Codebook | None, after: Codebook | None, scale: Scale, translated: Texts, lang: str
) -> tuple[ChangedText, ...]:
    """Return the changed texts, in the order of the page; none if a version was erased.

    Versions are compared in translation if both are completely ``translated`` (by original).
    """
    if before is None or after is None:
        return ()
    if not all(text in translated for text in (*before.texts, *after.texts)):
        translated, lang = {}, ""
    earlier, later = (
        dict(_parts(with_texts(codebook, translated), scale)) for codebook in (before, after)
    )
    labels = dict.fromkeys([*later, *earlier])
    return tuple(
        _changed(label, earlier.get(label, ""), later.get(label, ""), lang)
        for label in labels
        if earlier.get(label, "") != later.get(label, "")
    )


def _changed(label: str, earlier: str, later: str, lang: str) -> ChangedText:
    if earlier and later and (compared := reword(earlier, later)).is_marked:
        return ChangedText(label, compared.then, compared.later, lang)
    return ChangedText(
        label,
        (Piece(earlier, "gone"),) if earlier else (),
        (Piece(later, "new"),) if later else (),
        lang,
    )


def _parts(codebook: Codebook, scale: Scale) -> Iterator[tuple[str, str]]:
    """Yield every text of a codebook with its label."""
    yield gettext("What is asked"), codebook.about
    for stance in (*reversed(scale.steps), None):
        guide, word = codebook.guide(stance), stances.word(scale, stance)
        yield word, guide.rule
        for kind, cases in (
            (gettext("%(stance)s, clear", stance=word), guide.clear),
            (gettext("%(stance)s, borderline", stance=word), guide.borderline),
        ):
            yield kind, " · ".join(_case(case, scale) for case in cases)
    for place, rule in enumerate(codebook.rules, 1):
        label = gettext("Rule %(number)d", number=place)
        yield label, f"{rule.title}. {rule.text}".strip()
    for variable in view_variables(codebook, {}):
        yield variable.id, _variable(variable)


def _variable(variable: VariableView) -> str:
    required = gettext("required") if variable.required else ""
    words = ", ".join(word for _, word in variable.choices)
    return " · ".join(filter(None, (variable.label, kind_word(variable.kind), words, required)))


def _case(example: Example, scale: Scale) -> str:
    """Return a case in a line; words of a statement are not repeated."""
    words = example.words or gettext("a statement on record")
    parts = (words, example.source, stances.word(scale, example.stance), example.why)
    return ", ".join(filter(None, parts))
