"""Codebooks for pages and forms: each stance with its rule and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.codebook import with_texts
from timeline.projections.queries import entries
from timeline.projections.queries.codebooks import CodebookVersion, codebooks
from timeline.projections.queries.entries import numbers_of
from timeline.projections.queries.translations import translations
from web.entries.presenter import Presenter
from web.entries.variables import VariableView, view_variables
from web.entries.views import StatementView
from web.i18n import dates
from web.wording import stances
from web.wording.names import Names
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from timeline.domain.codebook import Codebook, CodingRule, Example
    from timeline.domain.scales import Scale
    from timeline.projections.queries.directory import Topic


class CaseView(msgspec.Struct, frozen=True):
    """An example: a statement on record, or words with their source; ``coded`` is its stance.

    ``said`` and ``words`` are empty if the statement is unknown or withheld. ``is_other`` if it is
    coded differently from the stance that lists it.
    """

    said: StatementView | None
    words: str
    source: str
    coded: StanceView
    is_other: bool
    why: str


class GuideView(msgspec.Struct, frozen=True):
    """When to code a stance, with its cases."""

    anchor: str
    stance: StanceView
    rule: str
    clear: tuple[CaseView, ...]
    borderline: tuple[CaseView, ...]


class CodebookView(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a codebook; ``guides`` are for every stance, ``no position`` last."""

    topic: Topic
    version: int
    since: str
    since_machine: str
    by: str
    about: str
    guides: tuple[GuideView, ...]
    rules: tuple[CodingRule, ...]
    variables: tuple[VariableView, ...]
    translated: frozenset[str]
    """The texts that are translated into the reader's language."""

    @property
    def href(self) -> str:
        """The page of this version."""
        return f"/t/{self.topic.slug}/codebook?version={self.version}"


def codebook_now(conn: Connection, topic: Topic) -> CodebookView | None:
    """Return the current codebook of a topic; ``None`` if it has none or is erased."""
    versions = [version for version in codebooks(conn, topic.id) if version.codebook]
    return view_codebook(conn, topic, versions[-1]) if versions else None


def view_codebook(
    conn: Connection, topic: Topic, version: CodebookVersion, known_at: int | None = None
) -> CodebookView | None:
    """Return the view of a version; ``None`` if it was erased."""
    if version.codebook is None:
        return None
    texts = translations(conn, [topic.id]).get(topic.id, {})
    codebook = with_texts(version.codebook, texts)
    said = _said(conn, codebook, known_at)
    return CodebookView(
        topic=topic,
        version=version.version,
        since=dates.moment_us(version.recorded_at),
        since_machine=dates.machine(version.recorded_at // 1_000_000),
        by=version.recorded_by,
        about=codebook.about,
        guides=guides_of(codebook, topic.scale, said),
        rules=codebook.rules,
        variables=tuple(view_variables(version.codebook, texts)),
        translated=frozenset(texts.values()),
    )


def guides_of(
    codebook: Codebook, scale: Scale, said: Mapping[str, StatementView]
) -> tuple[GuideView, ...]:
    """Return the guide to each stance; ``said`` are its examples by id."""
    steps: tuple[int | None, ...] = (*reversed(scale.steps), None)
    guides = []
    for stance in steps:
        guide, look = codebook.guide(stance), stances.view(scale, stance)
        clear, borderline = (
            tuple(_case(example, stance, scale, said) for example in cases)
            for cases in (guide.clear, guide.borderline)
        )
        guides.append(GuideView(f"stance-{look.step}", look, guide.rule, clear, borderline))
    return tuple(guides)


def _case(
    example: Example, stance: int | None, scale: Scale, said: Mapping[str, StatementView]
) -> CaseView:
    return CaseView(
        said=said.get(example.statement),
        words=example.words,
        source=example.source,
        coded=stances.view(scale, example.stance),
        is_other=example.stance != stance,
        why=example.why,
    )


def _said(conn: Connection, codebook: Codebook, known_at: int | None) -> dict[str, StatementView]:
    """Return the statements that a codebook gives as examples, by their ids."""
    numbers = numbers_of(conn, {example.statement for example in codebook.examples} - {""})
    entries_found = [*entries.statements(conn, numbers.values(), known_at).values()]
    views = Presenter(conn, Names(conn, entries_found), entries_found, known_at=known_at)
    return {entry.stream: views.statement(entry) for entry in entries_found}
