"""Recording: the forms by which an editor adds to the record and mends it."""

from __future__ import annotations

from flask import Blueprint

from timeline.rooms import FORMS, entry_points_of
from web.record.corrections.alike import blueprint as alike
from web.record.corrections.correcting import blueprint as correcting
from web.record.corrections.entry import blueprint as entry
from web.record.corrections.erasing import blueprint as erasing
from web.record.corrections.passage import blueprint as passage
from web.record.drafts import blueprint as unfinished
from web.record.nouns.actor import blueprint as actor
from web.record.nouns.development import blueprint as development
from web.record.nouns.story import blueprint as story
from web.record.nouns.topic import blueprint as topic
from web.record.nouns.topic_edit import blueprint as topic_edit
from web.record.signing.blind import blueprint as quotes
from web.record.signing.pages import blueprint as changes
from web.record.signing.pages import for_templates as for_signing
from web.record.statement.routes import blueprint as statement
from web.shell.visits import own_is_seen

blueprint = Blueprint("record", __name__, url_prefix="/record")
NOUNS = (statement, development, topic, topic_edit, story, actor)
ENTRIES = (alike, correcting, entry, erasing, passage, unfinished)
SIGNED = (changes, quotes)
blueprint.after_request(own_is_seen)
blueprint.context_processor(for_signing)
for form in (*NOUNS, *ENTRIES, *SIGNED):
    blueprint.register_blueprint(form)
for room in entry_points_of(FORMS).values():
    blueprint.register_blueprint(room.load())
