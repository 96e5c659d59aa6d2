"""nginx with nchan in front of the site, set up as docs/proxies/nchan-*.conf say."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.support import debian, nginx
from tests.support.nginx import CONF, Front, certified, free_port, site_conf, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = (
    Path("/usr/lib/nginx/modules/ngx_nchan_module.so"),
    Path("/usr/lib64/nginx/modules/ngx_nchan_module.so"),
)
HELP = "no nchan for nginx and no way to install it (Debian: libnginx-mod-nchan)"
LIVE = re.compile(r" {4}location /live/ \{.*?\n {4}\}\n", re.DOTALL)
CONNECTIONS = 19_000
MANY = "load_module {module};\nworker_processes 2;\nworker_rlimit_nofile 20000;"


class Nchan(NamedTuple):
    """Where readers come in, by TLS and plainly, where nchan is told, and the server's number."""

    front: Front
    plain: int
    tell: str
    pid: int


def find() -> Path | None:
    """Return the path of the module."""
    return next((path for path in MODULES if path.exists()), None)


@contextmanager
def nchan_in_front_of(address: str, tell: int, folder: Path) -> Iterator[Nchan]:
    """Run nginx before a site, told of news on a port; raises `FileNotFoundError` without nchan."""
    program, module = nginx.find(), find()
    if program is None or module is None:
        raise FileNotFoundError(HELP)
    front, plain = Front(free_port(), free_port(), certified(folder)), free_port()
    proxies = CONF.parent
    live, there = (proxies / "nchan-live.conf").read_text("utf-8"), CONF.read_text("utf-8")
    assert LIVE.search(there)
    site = site_conf(LIVE.sub(lambda _: live, there), address, front)
    # A crowd that speaks TLS would keep the test's own processor busy, and tell nothing of nchan.
    secure = f"listen 127.0.0.1:{front.https} ssl;"
    assert secure in site
    site = site.replace(secure, f"{secure}\n    listen 127.0.0.1:{plain} backlog=4096;")
    told = (proxies / "nchan-tell.conf").read_text("utf-8").replace("8001", str(tell))
    main = MANY.format(module=module)
    with nginx.running(
        program, folder, f"{site}\n{told}", main=main, connections=CONNECTIONS
    ) as server:
        wait_for(front.https, server)
        yield Nchan(front, plain, f"http://127.0.0.1:{tell}/tell/", server.pid)


if __name__ == "__main__":
    nginx.provide()
    if find() is None:
        debian.install("libnginx-mod-nchan")
    sys.exit(None if find() else f"tests: {HELP}")
