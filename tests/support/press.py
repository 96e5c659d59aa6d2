"""A press of our own on this machine: addresses that answer as they are told."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from ssl import SSLContext

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Invented Post</title>
{entries}</feed>"""
ENTRY = """<entry><title>{title}</title><link href="https://example.org/{title}"/>
<updated>{day}</updated><published>{day}</published><summary>In short: {title}.</summary>
<content type="html">&lt;p&gt;{text}&lt;/p&gt;</content></entry>"""


LINKED = """<entry><title>{title}</title><link href="{link}"/></entry>"""
PAGE = """<html lang="en"><head><title>At the port</title></head><body><article><p>{words}</p>
</article></body></html>"""


def atom(*titles: str, day: str = "2025-12-15T09:00:00Z", text: str = "") -> str:
    entries = (ENTRY.format(title=title, day=day, text=text or f"Of {title}.") for title in titles)
    return ATOM.format(entries="".join(entries))


def linked(**links: str) -> str:
    """Return a feed whose entries have a title and a link alone."""
    entries = (LINKED.format(title=title, link=link) for title, link in links.items())
    return ATOM.format(entries="".join(entries))


def leading_to(address: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer that what is asked for stands at another address."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.end_headers()

    return answer


class Press:
    """What each path answers: a text, or a function of the handler; and what was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, str | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def at(self, path: str) -> str:
        return f"{self.address}{path}"


@contextmanager
def running_press(safely: SSLContext | None = None) -> Iterator[Press]:
    """Run a press on loopback until the context ends, ``safely`` behind TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            press.asked.append((self.path, dict(self.headers.items())))
            answer = press.answers.get(self.path)
            if callable(answer):
                answer(self)
                return
            self.send_response(200 if answer else 404)
            self.send_header("ETag", '"one"')
            self.send_header("Last-Modified", "Mon, 15 Dec 2025 09:00:00 GMT")
            self.end_headers()
            self.wfile.write((answer or "").encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if safely:
            server.socket = safely.wrap_socket(server.socket, server_side=True)
        press = Press(f"{'https' if safely else 'http'}://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield press
        server.shutdown()
        thread.join()
