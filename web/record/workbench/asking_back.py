"""What is asked of collected entries before one append takes them: the same as of one alone."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.statement import StatementRecorded
from timeline.projections.queries.alike import may_repeat
from web.i18n.translate import gettext
from web.record.forms.form_state import SEVERAL, PossibleDuplicate
from web.record.forms.signing import own_handle
from web.record.statement.several import standing_of
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from timeline.domain.event import Event
    from web.record.workbench.collected import Collected


def questions(wanted: Sequence[Collected], seen: Collection[str]) -> dict[str, PossibleDuplicate]:
    """Return by id what is asked of entries, each the first question that nobody answered.

    ``seen`` has the ids of entries with the number of one on record that was shown beside them, a
    space between: of these only the same words are asked again.
    """
    asked = {one.id: asked for one in wanted if (asked := _standing(one, seen))}
    for earlier, later in combinations(wanted, 2):
        if later.id not in asked and _is_repeated(earlier, later):
            told = gettext("This and another that you collected may be the same.")
            label = gettext("Look at it")
            asked[later.id] = PossibleDuplicate(told, f"#w-{earlier.id}", label, earlier.id)
    return asked


def keep_answer(entry: str, use: str) -> None:
    """Write the answer to a question into the form that it was asked of; raises `NotFound`.

    ``use`` is a field, "=" and its value.
    """
    kept, (field, _, value) = services().desk.drafts.find(own_handle(), entry), use.partition("=")
    before = kept.fields.get(field, []) if field in SEVERAL else []
    fields = kept.fields | {field: [*before, value]}
    now = this_request().instant
    answered = msgspec.structs.replace(kept, fields=fields, saved_at=now)
    services().desk.drafts.save(own_handle(), answered)


def _standing(one: Collected, seen: Collection[str]) -> PossibleDuplicate | None:
    if one.told.draft:
        for stance in one.told.draft.stances:
            shown = [str(twin.statement.number) for twin in stance.twins]
            stance.sheet.values["seen_twin"] = [
                number for number in shown if f"{one.id} {number}" in seen
            ]
        return standing_of(read_connection(), one.told.draft, one.drafted)
    if one.told.same:
        number = one.told.same[0].number
        told = gettext("#%(n)s may be the same.", n=number)
        label = gettext("Open number %(n)s", n=number)
        return PossibleDuplicate(told, f"/s/{number}", label, str(number))
    return one.waits


def _is_repeated(earlier: Collected, later: Collected) -> bool:
    """Tell whether two entries say the same in the same words, and nobody said that they differ."""
    if earlier.id in later.sheet.all("distinct"):
        return False
    conn = read_connection()
    return any(
        may_repeat(conn, one, other) and _has_same_words(one[-1], other[-1])
        for one in later.drafted
        for other in earlier.drafted
    )


def _has_same_words(one: Event, other: Event) -> bool:
    if not isinstance(one, StatementRecorded) or not isinstance(other, StatementRecorded):
        return True
    return one.content is not None and one.content == other.content
