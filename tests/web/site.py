"""A reader who opens pages of the site, whole or as the parts that htmx asks for."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

from flask.testing import FlaskClient

from tests.web.markup import Page
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.test import TestResponse

    from timeline.bootstrap import Services
    from web.shell.identity import Identify

EDITORS = everybody_is("editor")
HTMX = {"HX-Request": "true", "HX-Target": "view"}


class Client(FlaskClient):
    """A test client that closes the file in which it sent a large form."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:  # noqa: ANN401 - Flask's own
        answer = super().open(*args, **kwargs)
        answer.request.environ["wsgi.input"].close()
        return answer


class Site:
    """The site over a store; an error of its own fails the test that meets it."""

    def __init__(self, services: Services, *, identify: Identify = EDITORS, **how: Any) -> None:  # noqa: ANN401 - what `create_app` takes
        self.services = services
        self.app = create_app(services, identify=identify, **how)
        self.app.testing = True
        self.app.test_client_class = Client
        self.reader = self.app.test_client()

    def open(self, path: str, **headers: str) -> TestResponse:
        """Open a page; headers are written with underscores."""
        return self.reader.get(path, headers=_written(headers))

    def read(self, path: str, **headers: str) -> str:
        """Return the text of a page, without its tags."""
        return plain(self.open(path, **headers).text)

    def page(self, path: str, **headers: str) -> Page:
        """Return a page taken apart."""
        return Page(self.open(path, **headers).text)

    def data(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return a page as data."""
        return json.loads(self.open(path).text)

    def part(self, path: str, target: str = "view") -> str:
        """Return what htmx gets for a part of a page."""
        return self.open(path, HX_Request="true", HX_Target=target).text

    def post(self, path: str, form: object = None, **headers: str) -> TestResponse:
        """Send a form."""
        return self.reader.post(path, data=form or {}, headers=_written(headers))


def plain(markup: str) -> str:
    """Return markup as text: no tags, no double spaces, and no space where a line may break."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", markup.replace("<wbr>", ""))).split())


def _written(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
