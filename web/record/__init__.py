"""Recording: the forms by which an editor adds to the record and mends it."""

from __future__ import annotations

from flask import Blueprint, abort, current_app

from web.record.actor import blueprint as actor
from web.record.correcting import blueprint as correcting
from web.record.development import blueprint as development
from web.record.drafts import blueprint as unfinished
from web.record.entry import blueprint as entry
from web.record.reword import blueprint as reword
from web.record.statement import blueprint as statement
from web.record.topic import blueprint as topic

blueprint = Blueprint("record", __name__, url_prefix="/record")
for form in (statement, development, topic, reword, actor, correcting, entry, unfinished):
    blueprint.register_blueprint(form)


@blueprint.before_request
def _refuse_readers() -> None:
    """Show no form where nothing can be recorded."""
    if current_app.config["READ_ONLY"]:
        abort(403, "this server is read-only; record where you are signed in")
