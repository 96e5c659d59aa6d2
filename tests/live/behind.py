"""Readers who hear of news through a proxy, whichever it is."""

from __future__ import annotations

import socket
import ssl
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from tests.live.listening import Listener
from tests.support.live_site import live_site
from tests.support.nginx import NAME
from timeline.cli.site_server import proxy_settings
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.front_door import InFrontOf
    from timeline.bootstrap import Services

    Listen = Callable[[str], Listener]


@contextmanager
def live_site_behind(in_front_of: InFrontOf, services: Services, folder: Path) -> Iterator[Listen]:
    """Serve a site with a live part behind a proxy; open connections that come by it and TLS."""
    with ExitStack() as stack:
        site = stack.enter_context(
            live_site(
                services,
                settings=proxy_settings("127.0.0.1"),
                identify=everybody_reads,
                hosts=[NAME],
            )
        )
        front = stack.enter_context(in_front_of(site.address, folder))
        trusts = ssl.create_default_context(cafile=front.certificate)

        def opened(path: str) -> Listener:
            plain = socket.create_connection(("127.0.0.1", front.https), timeout=20)
            secure = trusts.wrap_socket(plain, server_hostname=NAME)
            return stack.enter_context(Listener(f"https://{NAME}", path, secure))

        yield opened
