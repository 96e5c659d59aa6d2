"""Draw a random sample of the statements on a topic that a coder may code again."""

from __future__ import annotations

import math
import random
import re
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import or_, select

from timeline.desk.accounts.roles import Role
from timeline.desk.second_readings import PARAGRAPH, Sample
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.projections.queries import directory, entries, log
from timeline.projections.queries.codebooks import codebooks
from timeline.projections.tables import schema
from timeline.second_coding.paragraphs import Paragraphs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.bootstrap import Services
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry

NOT_A_SIZE = Message(
    "not_a_size",
    "%(size)s is no size of a sample",
    fix="give a number, such as 40, or a share, such as 10%%",
)
NOTHING_TO_CODE_AGAIN = Message(
    "nothing_to_code_again",
    "there is nothing on this topic that %(coder)s could code again",
    fix="choose somebody else, or keep quotes and passages of what is on record",
)
MAY_NOT_CODE = Message(
    "may_not_code", "%(coder)s is nobody who codes here", fix="choose a coder or an editor"
)

LARGEST = 500
"""Most statements of a sample, far more than an agreement needs."""

_SIZE = re.compile(r"(\d{1,6})\s*(%?)")


class EligibleStatements(msgspec.Struct, frozen=True):
    """The statements that may be drawn, by id and number.

    ``wordless`` counts statements without quote and passage, which nobody could read again. If
    paragraphs are shown, it also counts those without a stored text, and those that share a
    paragraph with another. ``seen`` counts statements that the coder recorded, corrected, agreed
    to, or had in a sample, and examples of the codebook.
    """

    statements: tuple[tuple[str, int], ...]
    wordless: int
    seen: int


def eligible_statements(
    services: Services, conn: Connection, topic: Topic, coder: str, shows: str = ""
) -> EligibleStatements:
    """Return the statements that a coder may code again; never retracted ones."""
    standing = _standing(conn, topic)
    already = services.desk.second_readings.given_to(coder, topic.id)
    excluded, touched = already | _cases(conn, topic), _touched_by(conn, coder)
    unseen = [
        entry for entry in standing if entry.number not in touched and entry.stream not in excluded
    ]
    readable = [entry for entry in unseen if entry.words.quote or entry.words.passage]
    if shows == PARAGRAPH:
        alone = Paragraphs(services.log).alone(standing)
        readable = [entry for entry in readable if entry.stream in alone]
    return EligibleStatements(
        tuple((entry.stream, entry.number) for entry in readable),
        wordless=len(unseen) - len(readable),
        seen=len(standing) - len(unseen),
    )


def draw(
    services: Services,
    conn: Connection,
    *,
    sample: str,
    slug: str,
    coder: str,
    size: str,
    by: str,
    shows: str = "",
) -> Sample:
    """Draw a sample by chance and give it to a coder; ``size`` is a number or a share (``10%``).

    ``sample`` is its new id, ``by`` the handle of who asks; ``shows`` is `PARAGRAPH` if speaker,
    day and passage are to be read too. Raises `NotFound` for an unknown topic, and `Refused` for an
    invalid size, for somebody who may not code, and if no statement may be drawn.
    """
    topic = directory.topic(conn, slug)
    if coder not in {person.handle for person in coders(services)}:
        raise Refused(MAY_NOT_CODE, field="coder", coder=InQuotes(coder))
    statements = eligible_statements(services, conn, topic, coder, shows).statements
    if not statements:
        raise Refused(NOTHING_TO_CODE_AGAIN, field="topic", coder=coder)
    chosen = random.SystemRandom().sample(statements, _count(size, len(statements)))
    new = Sample(
        id=sample,
        topic=topic.id,
        coder=coder,
        asked_by=by,
        asked_at=services.clock(),
        position=log.head(conn),
        shows=shows,
    )
    services.desk.second_readings.ask(new, chosen)
    return services.desk.second_readings.sample(sample)


class Coder(msgspec.Struct, frozen=True):
    """Somebody who may get a sample."""

    handle: str
    name: str


def coders(services: Services) -> list[Coder]:
    """Return everybody on the desk who may code."""
    people = services.desk.people.everyone() if services.desk.is_there() else []
    return [
        Coder(person.handle, person.name)
        for person in people
        if person.role >= Role.CODER and person.disabled_at is None
    ]


def _count(size: str, most: int) -> int:
    """Return the number of a size, at least one and at most all."""
    match = _SIZE.fullmatch(size.strip())
    number = int(match[1]) if match else 0
    if match and match[2]:
        number = math.ceil(most * min(number, 100) / 100)
    if not number:
        raise Refused(NOT_A_SIZE, field="size", size=InQuotes(size))
    return min(number, most, LARGEST)


def _standing(conn: Connection, topic: Topic) -> list[StatementEntry]:
    table = schema.statements.c
    here = table.topic == topic.id, table.known_until.is_(None), table.retracted == 0
    numbers = [*conn.execute(select(table.number).where(*here, table.withheld == 0)).scalars()]
    return [*entries.statements(conn, numbers, topic=topic.id).values()]


def _cases(conn: Connection, topic: Topic) -> set[str]:
    """Return the ids of statements that are examples in any version of the codebook."""
    books = (version.codebook for version in codebooks(conn, topic.id))
    return {case.statement for book in books if book for case in book.examples}


def _touched_by(conn: Connection, coder: str) -> set[int]:
    """Return the numbers of the entries that a coder recorded, changed or agreed to."""
    line = schema.log_index.c
    theirs = or_(line.recorded_by == coder, line.via == f"review:{coder}")
    query = select(line.number).where(line.number.is_not(None), theirs).distinct()
    return set(conn.execute(query).scalars())
