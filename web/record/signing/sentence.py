"""The sentence that is printed of a change: as its pattern proposes it, in which languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.verdict import SignedIn
from web.i18n.languages import LANGUAGES, language_named
from web.i18n.translate import speaking
from web.shell.publisher import publisher
from web.wording.changes import Turning, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.projections.queries.waiting import Waiting
    from web.record.forms.form_state import FormState
    from web.wording.names import Names

ALSO = tuple(f"{field}_{code}" for code in LANGUAGES for field in ("sentence", "caveat"))
"""The fields of a form that hold the sentence and the caveat in each language of the site."""


def other_languages() -> list[tuple[str, str]]:
    """Return code and name of the languages of the site beside that of the record."""
    own = publisher().language.partition("-")[0]
    return [(code, language_named(code)) for code in LANGUAGES if code != own]


def signed_also(sheet: FormState) -> list[SignedIn]:
    """Return the sentence in other languages than that of the record, as a form gives it."""
    found = [
        SignedIn(code, sheet.value(f"sentence_{code}"), sheet.value(f"caveat_{code}"))
        for code, _ in other_languages()
    ]
    return [one for one in found if one.sentence.strip() or one.caveat.strip()]


def proposed_sentence(
    waits: Waiting, terms: Mapping[str, str], said_at: Mapping[int, str], names: Names
) -> str:
    """Return the sentence that may be printed, in the newsroom's language, for an editor to mend.

    ``terms`` are conditions in words by their ids, ``said_at`` the dates of statements by number.
    """
    change, lane = waits.change, waits.change.lanes[0]
    turning = Turning(
        topic=names.topic(waits.topic),
        actor=names.actor(lane),
        change=change,
        who=names.actor,
        said_at=said_at,
        terms=terms,
        role=names.role(change.after_by, lane) if change.kind == "succession" else "",
    )
    with speaking(publisher().language):
        return f"{sentence(turning)}."
