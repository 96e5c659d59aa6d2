"""Recording: the forms by which an editor adds to the record and mends it."""

from __future__ import annotations

from flask import Blueprint, abort, current_app

from web.record import actor, correcting, development, entry, reword, statement, topic

blueprint = Blueprint("record", __name__, url_prefix="/record")
for form in (statement, development, topic, reword, actor, correcting, entry):
    blueprint.register_blueprint(form.blueprint)


@blueprint.before_request
def _refuse_readers() -> None:
    """Show no form where nothing can be recorded."""
    if current_app.config["READ_ONLY"]:
        abort(403, "this server is read-only; record where you are signed in")
