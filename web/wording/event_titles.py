"""The titles of all event types, in the reader's language.

Importing this module fails if a type is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.catalogue import EVENT_TYPES, OF_ROOMS
from timeline.domain.complete import check_complete
from web.i18n.translate import lazy_gettext

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class EventTitle(msgspec.Struct, frozen=True):
    """``full`` is for the log; ``brief`` is for pages about the same thing."""

    full: LazyString
    brief: LazyString


EVENT_TITLES = {
    "story.opened": EventTitle(lazy_gettext("Story opened"), lazy_gettext("Opened")),
    "story.renamed": EventTitle(lazy_gettext("Story renamed"), lazy_gettext("Renamed")),
    "story.sides_arranged": EventTitle(
        lazy_gettext("Story: sides arranged"), lazy_gettext("Sides arranged")
    ),
    "story.translated": EventTitle(lazy_gettext("Story translated"), lazy_gettext("Translated")),
    "topic.opened": EventTitle(lazy_gettext("Topic opened"), lazy_gettext("Opened")),
    "topic.reworded": EventTitle(lazy_gettext("Topic reworded"), lazy_gettext("Worded anew")),
    "topic.translated": EventTitle(lazy_gettext("Topic translated"), lazy_gettext("Translated")),
    "topic.codebook_written": EventTitle(
        lazy_gettext("Topic: codebook written"), lazy_gettext("Codebook written")
    ),
    "topic.watched": EventTitle(
        lazy_gettext("Topic: monitoring stated"), lazy_gettext("Monitoring stated")
    ),
    "topic.watch_withdrawn": EventTitle(
        lazy_gettext("Topic: monitoring taken back"), lazy_gettext("Monitoring taken back")
    ),
    "topic.classified": EventTitle(
        lazy_gettext("Topic: kind of question stated"), lazy_gettext("Kind of question stated")
    ),
    "topic.lede_set": EventTitle(
        lazy_gettext("Opening of a topic written"), lazy_gettext("Opening written")
    ),
    "topic.filed_under": EventTitle(
        lazy_gettext("Topic filed under a story"), lazy_gettext("Filed under a story")
    ),
    "topic.closed": EventTitle(lazy_gettext("Topic closed"), lazy_gettext("Closed")),
    "topic.reopened": EventTitle(lazy_gettext("Topic reopened"), lazy_gettext("Opened again")),
    "topic.redacted": EventTitle(
        lazy_gettext("Topic redacted"), lazy_gettext("Words erased by law")
    ),
    "actor.introduced": EventTitle(lazy_gettext("Actor introduced"), lazy_gettext("Introduced")),
    "actor.renamed": EventTitle(lazy_gettext("Actor renamed"), lazy_gettext("Renamed")),
    "actor.translated": EventTitle(lazy_gettext("Actor translated"), lazy_gettext("Translated")),
    "actor.classified": EventTitle(lazy_gettext("Actor: kind stated"), lazy_gettext("Kind stated")),
    "actor.alias_added": EventTitle(
        lazy_gettext("Actor: spelling added"), lazy_gettext("Spelling added")
    ),
    "actor.mandated": EventTitle(
        lazy_gettext("Actor: mandate added"), lazy_gettext("Mandate added")
    ),
    "actor.mandate_ended": EventTitle(
        lazy_gettext("Actor: mandate ended"), lazy_gettext("Mandate ended")
    ),
    "actor.standing_stated": EventTitle(
        lazy_gettext("Actor: authority of a mandate stated"), lazy_gettext("Authority stated")
    ),
    "actor.described": EventTitle(
        lazy_gettext("Actor: attributes stated"), lazy_gettext("Attributes stated")
    ),
    "actor.merged": EventTitle(lazy_gettext("Actor merged"), lazy_gettext("Merged")),
    "actor.merge_undone": EventTitle(
        lazy_gettext("Actor: merge undone"), lazy_gettext("Merge undone")
    ),
    "actor.redacted": EventTitle(
        lazy_gettext("Actor redacted"), lazy_gettext("Words erased by law")
    ),
    "document.filed": EventTitle(lazy_gettext("Source filed"), lazy_gettext("Filed")),
    "document.snapshot_taken": EventTitle(
        lazy_gettext("Source: text kept"), lazy_gettext("Text kept")
    ),
    "document.corrected": EventTitle(lazy_gettext("Source corrected"), lazy_gettext("Corrected")),
    "document.redacted": EventTitle(
        lazy_gettext("Source redacted"), lazy_gettext("Words erased by law")
    ),
    "statement.recorded": EventTitle(lazy_gettext("Statement recorded"), lazy_gettext("Recorded")),
    "statement.corrected": EventTitle(
        lazy_gettext("Statement corrected"), lazy_gettext("Corrected")
    ),
    "statement.translated": EventTitle(
        lazy_gettext("Statement translated"), lazy_gettext("Translated")
    ),
    "statement.retracted": EventTitle(
        lazy_gettext("Statement retracted"), lazy_gettext("Retracted")
    ),
    "statement.reinstated": EventTitle(
        lazy_gettext("Statement reinstated"), lazy_gettext("Reinstated")
    ),
    "statement.seconded": EventTitle(
        lazy_gettext("Statement: second source added"), lazy_gettext("Second source added")
    ),
    "statement.linked": EventTitle(lazy_gettext("Statement linked"), lazy_gettext("Linked")),
    "statement.unlinked": EventTitle(
        lazy_gettext("Statement: link removed"), lazy_gettext("Link removed")
    ),
    "statement.coded": EventTitle(
        lazy_gettext("Statement coded by a second reader"), lazy_gettext("Coded by a second reader")
    ),
    "statement.quote_read": EventTitle(
        lazy_gettext("Quote of a statement read blindly"), lazy_gettext("Quote read blindly")
    ),
    "statement.quote_unread": EventTitle(
        lazy_gettext("Blind reading of a quote taken back"), lazy_gettext("Reading taken back")
    ),
    "statement.passage_added": EventTitle(
        lazy_gettext("Passage of a statement added"), lazy_gettext("Passage added")
    ),
    "statement.reply_requested": EventTitle(
        lazy_gettext("Statement: reply requested"), lazy_gettext("Reply requested")
    ),
    "statement.reply_received": EventTitle(
        lazy_gettext("Statement: reply received"), lazy_gettext("Reply received")
    ),
    "statement.reply_retracted": EventTitle(
        lazy_gettext("Statement: reply taken back"), lazy_gettext("Reply taken back")
    ),
    "statement.redacted": EventTitle(
        lazy_gettext("Statement redacted"), lazy_gettext("Words erased by law")
    ),
    "development.recorded": EventTitle(
        lazy_gettext("Development recorded"), lazy_gettext("Recorded")
    ),
    "development.corrected": EventTitle(
        lazy_gettext("Development corrected"), lazy_gettext("Corrected")
    ),
    "development.translated": EventTitle(
        lazy_gettext("Development translated"), lazy_gettext("Translated")
    ),
    "development.retracted": EventTitle(
        lazy_gettext("Development retracted"), lazy_gettext("Retracted")
    ),
    "development.reinstated": EventTitle(
        lazy_gettext("Development reinstated"), lazy_gettext("Reinstated")
    ),
    "development.seconded": EventTitle(
        lazy_gettext("Development: second source added"), lazy_gettext("Second source added")
    ),
    "development.linked": EventTitle(lazy_gettext("Development linked"), lazy_gettext("Linked")),
    "development.unlinked": EventTitle(
        lazy_gettext("Development: link removed"), lazy_gettext("Link removed")
    ),
    "development.redacted": EventTitle(
        lazy_gettext("Development redacted"), lazy_gettext("Words erased by law")
    ),
    "change.signed": EventTitle(lazy_gettext("Change signed"), lazy_gettext("Signed")),
    "change.declined": EventTitle(lazy_gettext("Change declined"), lazy_gettext("Declined")),
    "change.reopened": EventTitle(
        lazy_gettext("Change: verdict taken back"), lazy_gettext("Verdict taken back")
    ),
    "change.redacted": EventTitle(
        lazy_gettext("Verdict on a change redacted"), lazy_gettext("Words erased by law")
    ),
    "clock.confirmed": EventTitle(lazy_gettext("Clock confirmed"), lazy_gettext("Confirmed")),
    "ledger.key_rotated": EventTitle(
        lazy_gettext("Signing key replaced"), lazy_gettext("Key replaced")
    ),
}

for _noun in OF_ROOMS.values():
    for _type, (_full, _brief) in _noun.TITLES.items():
        EVENT_TITLES[_type] = EventTitle(lazy_gettext(_full), lazy_gettext(_brief))

check_complete("EVENT_TITLES", EVENT_TITLES, EVENT_TYPES)


def full_title(type_: str) -> str:
    """Return the full title of an event type; an unknown type is its own title."""
    title = EVENT_TITLES.get(type_)
    return str(title.full) if title else type_


def brief_title(type_: str) -> str:
    """Return the brief title of an event type."""
    return str(EVENT_TITLES[type_].brief)
