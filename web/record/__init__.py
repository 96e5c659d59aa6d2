"""Recording: the forms by which an editor adds to the record and mends it."""

from __future__ import annotations

from flask import Blueprint

from timeline.rooms import FORMS, registered
from web.record.corrections.alike import blueprint as alike
from web.record.corrections.correcting import blueprint as correcting
from web.record.corrections.entry import blueprint as entry
from web.record.corrections.erasing import blueprint as erasing
from web.record.corrections.passage import blueprint as passage
from web.record.corrections.reply import blueprint as reply
from web.record.drafts import blueprint as unfinished
from web.record.nouns.actor import blueprint as actor
from web.record.nouns.development import blueprint as development
from web.record.nouns.story import blueprint as story
from web.record.nouns.topic import blueprint as topic
from web.record.nouns.topic_edit import blueprint as topic_edit
from web.record.reviewing.changes import hand_over_what_waits, keep_aside
from web.record.reviewing.differing import for_templates
from web.record.reviewing.pages import blueprint as review
from web.record.reviewing.rows import counts
from web.record.signing.blind import blueprint as quotes
from web.record.signing.pages import blueprint as changes
from web.record.signing.pages import for_templates as for_signing
from web.record.statement.routes import blueprint as statement
from web.record.workbench.coding import blueprint as workbench
from web.record.workbench.gathering import blueprint as together
from web.record.workbench.noting import blueprint as notes
from web.record.workbench.opening import blueprint as texts
from web.shell.visits import own_is_seen

blueprint = Blueprint("record", __name__, url_prefix="/record")
NOUNS = (statement, development, topic, topic_edit, story, actor)
ENTRIES = (alike, correcting, entry, erasing, passage, reply, unfinished)
TEXTS = (texts, workbench, together, notes, review)
SIGNED = (changes, quotes)
blueprint.before_request(keep_aside)
blueprint.after_request(own_is_seen)
blueprint.after_request(hand_over_what_waits)
blueprint.context_processor(counts)
blueprint.context_processor(for_signing)
blueprint.context_processor(for_templates)
for form in (*NOUNS, *ENTRIES, *TEXTS, *SIGNED):
    blueprint.register_blueprint(form)
for each in registered(FORMS).values():
    blueprint.register_blueprint(each.load())
