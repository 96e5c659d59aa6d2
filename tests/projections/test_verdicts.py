"""What editors said of changes, as readers know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.naming import stable_id
from timeline.domain.verdict import Ends, SignedIn
from timeline.projections.queries.verdicts import verdicts

if TYPE_CHECKING:
    from tests.projections.record import Record


def test_the_last_verdict_stands_and_each_is_known_as_it_was_then(record: Record) -> None:
    record.talks()
    said = record.say(), record.say(stance="supports", paraphrase="Wants it.")
    before, after = (recorded.position for recorded in said)
    changes = record.newsroom.changes
    change = Ends("eu-accession", "dmitry-peskov", 2, (before,), (after,))
    eu, peskov = stable_id("topic", "eu-accession"), stable_id("actor", "dmitry-peskov")
    own = msgspec.structs.replace(change, topic=eu, lane=peskov)
    start, german = record.log.head(), SignedIn("de", "Sie will es jetzt.", "in Gesprächen")
    first = changes.decline(record.anna(), change, "thin", "Three words.").position
    last = changes.sign(record.anna(), change, "It now wants it.", "in talks", [german]).position
    (now,) = record.ask(verdicts, topic=eu)
    (then,) = record.ask(verdicts, known_at=first)
    assert record.ask(verdicts, known_at=start) == []
    assert (now.position, now.ends, now.verdict, now.words) == (
        *(last, own, "signed"),
        "It now wants it.",
    )
    assert (then.position, then.verdict, then.cause) == (first, "declined", "thin")
    assert (now.caveat, now.recorded_by) == ("in talks", "anna")
    assert (now.words_in("de"), now.words_in("fr")) == (german, None)
    changes.redact(record.anna(), change, "Art. 17 GDPR")
    assert [(one.words, one.also) for one in record.ask(verdicts)] == [("", ())]
    changes.reopen(record.anna(), change, "Looked at again.")
    assert record.ask(verdicts) == []
    assert [one.verdict for one in record.ask(verdicts, known_at=last)] == ["signed"]
