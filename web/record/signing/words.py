"""The words for changes: their kinds, why they wait, and why they are declined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.complete import check_complete
from timeline.domain.verdict import CAUSES
from timeline.projections.queries.waiting import KINDS
from web.i18n.translate import gettext, lazy_gettext

if TYPE_CHECKING:
    from timeline.domain.position import Change

KIND_WORDS = {
    "reversal": lazy_gettext("Reversal"),
    "succession": lazy_gettext("New decider"),
    "withdrawn": lazy_gettext("Words taken back"),
    "terms": lazy_gettext("Other conditions"),
    "settles": lazy_gettext("Takes a side"),
    "opens": lazy_gettext("Leaves a side"),
    "firmer": lazy_gettext("Shade: firmer"),
    "softer": lazy_gettext("Shade: softer"),
}
check_complete("KIND_WORDS", KIND_WORDS, KINDS)

REASON_WORDS = {
    "not_a_reversal": lazy_gettext("It is no reversal, so an editor judges it."),
    "not_one_person": lazy_gettext("It is not one person who says both."),
    "quote_does_not_carry": lazy_gettext(
        "At one end no quote carries alone by two blind readings that agree."
    ),
    "date_uncertain": lazy_gettext("A date is not certain to within seven days."),
    "new_office": lazy_gettext("The speaker held another office before."),
    "words_between": lazy_gettext("Other words of theirs lie between."),
    "old": lazy_gettext("The earlier words are older than the limit of this topic."),
    "returns": lazy_gettext("They had said the later thing before."),
    "there_and_back": lazy_gettext("They were back within two weeks."),
    "joint": lazy_gettext("The later words are a joint text."),
    "uncoded": lazy_gettext(
        "A direction was never coded: correct it first, nobody can sign it before."
    ),
}
"""Why a change waits, as `timeline.domain.position.edition2.printing` finds it."""

CAUSE_WORDS = {
    "speaker": lazy_gettext("Two people differ"),
    "same": lazy_gettext("The same, or a shade"),
    "coding": lazy_gettext("Stance does not follow from the words"),
    "context": lazy_gettext("“Changed” misstates it"),
    "question": lazy_gettext("Another question"),
    "thin": lazy_gettext("Words too thin"),
    "hearsay": lazy_gettext("Not their own words"),
    "dates": lazy_gettext("The dates"),
}
check_complete("CAUSE_WORDS", CAUSE_WORDS, CAUSES)


def reasons_in_words(change: Change, *, proposed: bool) -> list[str]:
    """Return why a change waits, and what else weakens it.

    ``proposed`` means that the decider is only guessed from the words of their role.
    """
    reasons = [str(REASON_WORDS[reason]) for reason in change.because if reason in REASON_WORDS]
    if change.other_wording:
        reasons.append(gettext("The question was worded otherwise at the earlier end."))
    if proposed:
        reasons.append(
            gettext("That they decide for a side is only proposed by the words of their role.")
        )
    return reasons


def causes() -> list[tuple[str, str]]:
    """Return why a change may be declined, each cause with its words."""
    return [(cause, str(words)) for cause, words in CAUSE_WORDS.items()]
