"""The site: reads the record, takes forms, and decides nothing itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask
from flask_compress import Compress
from htmx_flask import Htmx
from jinja2 import StrictUndefined

from timeline.rooms import PAGES, entry_points_of
from web.i18n import languages
from web.shell import (
    bundles,
    downloads,
    errors,
    page_cache,
    parts,
    policies,
    request,
    security,
    template_context,
)
from web.shell.identity import Identify, everybody_reads
from web.shell.publisher import Publisher

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from timeline.bootstrap import Services
    from timeline.desk.accounts.provider import Provider
    from web.shell.downloads import Limits

NOUNS = (
    "home",
    "how_to_read",
    "topic",
    "story",
    "actor",
    "statement",
    "rewording",
    "log",
    "record",
    "search",
    "compare",
    "corrections",
    "data",
    "keyboard",
    "account",
    "proof",
    "shell.preferences",
    "shell.health",
    "shell.robots",
)
"""The pages of the core; those of rooms register themselves as entry points."""

ASSETS_KEPT = 3_600
"""Seconds that a browser keeps a file without asking, if its address does not tell its version."""

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]


def create_app(  # noqa: PLR0913 - whoever serves it names what they want
    services: Services,
    *,
    identify: Identify = everybody_reads,
    hosts: list[str] | None = None,
    publisher: Publisher | None = None,
    limits: Limits | None = None,
    read_from: Collection[str] = (),
    watched: Path | None = None,
    suggesters: Collection[str] = (),
    provider: Provider | None = None,
    live_readers: int = 0,
    live_at_address: int = 100,
    archive: Path | None = None,
    followed: bool = False,
) -> Flask:
    """Return the site over a store.

    ``identify`` says who asks, a reader without it; ``hosts`` are the names that the server answers
    to, loopback without it; ``publisher`` says who runs it; ``limits`` bound queries and long
    answers; at the ``provider`` people sign in, too; from the hosts of ``read_from`` articles
    are read at the desk (`timeline.capture.files.web_pages`), and what the file ``watched`` names
    is asked when somebody there wants that; ``suggesters`` read texts at the workbench beside the
    rules; so many ``live_readers`` at once hear
    of news, in all and at one address; questions that gather
    all of the record are put to the ``archive``, without one to one that the site makes for itself;
    where the record is ``followed``, somebody else keeps the read models up, and who records
    nothing may get a page that was current a second ago.
    """
    app = Flask(__name__)
    app.config.update(
        HOSTS=frozenset(name.lower() for name in hosts or LOOPBACK),
        PUBLISHER=publisher or Publisher(),
        READ_FROM=frozenset(read_from),
        WATCHED=watched,
        SUGGESTERS=tuple(suggesters),
        PROVIDER=provider,
        FOLLOWED=followed,
        ARCHIVE=archive,
        LIVE=(live_readers, live_at_address),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        SEND_FILE_MAX_AGE_DEFAULT=ASSETS_KEPT,
    )
    app.extensions |= {"standline": services, "identify": identify, "told": []}
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Htmx(app)
    page_cache.register(app)
    Compress(app)
    bundles.register(app)
    downloads.register(app, limits)
    security.guard(app)
    policies.register(app)
    errors.register(app)
    languages.register(app, lambda: request.this_request().choices.language)
    template_context.register(app)
    parts.register(app)
    app.teardown_request(request.close)
    for noun in NOUNS:
        app.register_blueprint(import_module(f"web.{noun}").blueprint)
    for page in entry_points_of(PAGES).values():
        app.register_blueprint(page.load())
    return app
