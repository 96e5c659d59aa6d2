"""The site as `standline serve` puts it together: pages, live part, and who follows the log."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support.web_server import served
from timeline.cli.following import Follower
from timeline.live.live import Limits
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.bootstrap import Services
    from timeline.live.live import Live

EDITORS = everybody_is("editor")
USUAL = Limits()


class LiveSite(NamedTuple):
    """Where the site is, what it stands on, and its live part."""

    address: str
    services: Services
    live: Live


@contextmanager
def live_site(
    services: Services,
    limits: Limits = USUAL,
    settings: dict[str, Any] | None = None,
    **how: Any,  # noqa: ANN401 - what `create_app` takes
) -> Iterator[LiveSite]:
    """Serve the site with a live part; ``settings`` are the server's, the others the site's."""
    wanted: dict[str, Any] = {"live_readers": limits.readers, "live_at_address": limits.at_address}
    app = create_app(services, **({"identify": EDITORS} | wanted | how))
    told = app.extensions["told"]
    with Follower(services, told).following(), served(app, **(settings or {})) as address:
        yield LiveSite(address, services, *told)
