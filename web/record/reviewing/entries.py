"""Hand entries to a second person: keep the author's form with the commands that it gives."""

from __future__ import annotations

from timeline.desk.reviews import Review
from timeline.releasing import entries_as_json
from web.record.drafts import SENT_BACK, gist_of, kept_fields
from web.record.forms.signing import byline_at, own_handle
from web.record.handing import QUEUE, Entry, Submission
from web.shell.request import services, this_request


def hand_over(entry: Entry) -> Submission:
    """Keep an entry for a second person; raises what the newsroom refuses."""
    commands, sheet = entry.several(), entry.sheet
    services().newsroom.together.rehearse(byline_at(entry.until), commands)
    sheet.values.pop(SENT_BACK, None)
    handed = Review(
        id=sheet.value("entry"),
        kind=entry.kind,
        author=own_handle(),
        handed_at=this_request().instant,
        document=sheet.value("document"),
        gist=gist_of(sheet),
        fields=kept_fields(sheet),
        command=entries_as_json(commands),
    )
    services().desk.reviews.hand_over(handed)
    return Submission(waits_at=QUEUE)
