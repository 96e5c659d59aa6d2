"""A site over a small store of invented people, and the forms as a browser sends them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from timeline.application.commands import RecordDevelopment, RecordStatement, Source
from timeline.bootstrap import open_store
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from timeline.bootstrap import Services
    from timeline.domain.event import Byline, Event

TIMES = Source(
    outlet="Invented Times", url="https://example.org/x", published_at="2025-12-16", lang="en"
)
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Desk:
    """An editor at the forms."""

    def __init__(self, services: Services) -> None:
        self.services = services
        app = create_app(services, identify=everybody_is("anna"))
        app.testing = True
        self.client = app.test_client()

    def byline(self) -> Byline:
        return self.services.newsroom.byline("ben")

    def furnish(self) -> None:
        """Put on record what the tests speak of."""
        rooms = self.services.newsroom
        rooms.stories.open(self.byline(), "Invented talks", slug="talks")
        rooms.topics.open(self.byline(), "Should A join the union?", "position", slug="a-union")
        rooms.topics.open(self.byline(), "Will there be a deal?", "expectation", slug="deal")
        for slug, name, kind in (
            ("aland", "Aland", "state"),
            ("bland", "Bland", "state"),
            ("dora", "Dora Example", "person"),
            ("petrow", "Pjotr Petrow", "person"),
        ):
            rooms.actors.introduce(self.byline(), name, kind, slug=slug)
        rooms.actors.mandate(self.byline(), "dora", "aland", "President", since="2020")

    def say(self, **changes: object) -> int:
        """Record that Bland opposes, or something else, and return its number."""
        fields: dict[str, Any] = {
            "topic": "a-union",
            "actor": "bland",
            "stance": "opposes",
            "paraphrase": "Rejects it for good.",
            "said_at": "2025-12-01",
            "source": TIMES,
        }
        command = RecordStatement(**(fields | changes))
        return self.services.newsroom.statements.record(self.byline(), command).position

    def happen(self, **changes: object) -> int:
        """Record that talks end, or something else, and return its number."""
        fields: dict[str, Any] = {
            "topics": ("a-union",),
            "title": "Talks end",
            "status": "confirmed",
            "happened_at": "2025-12-14",
            "source": TIMES,
        }
        command = RecordDevelopment(**(fields | changes))
        return self.services.newsroom.developments.record(self.byline(), command).position

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers)

    def post(self, path: str, form: dict[str, Any], **headers: str) -> TestResponse:
        return self.client.post(path, data=form, headers=headers)

    def press(self, path: str, form: dict[str, Any]) -> TestResponse:
        """Send a form by a button that draws it anew, and go where the answer leads."""
        return self.client.post(path, data=form, follow_redirects=True)

    def opened(self, path: str) -> dict[str, Any]:
        """Return what a form carries without anybody typing."""
        return hidden(self.get(path).text)

    def head(self) -> int:
        return self.services.log.head()

    def events(self, after: int = 0) -> list[Event]:
        return [event for _, event in self.services.log.stream(after)]

    def types(self, after: int = 0) -> list[str]:
        return [event.TOPIC for event in self.events(after)]


def hidden(page: str) -> dict[str, Any]:
    """Return what the forms of a page carry unseen."""
    return dict(_FIELD.findall(page))


def statement(**changes: str) -> dict[str, Any]:
    """A statement as somebody fills it in, with these changes; names have _ for the dot."""
    form = {
        "actor": "Bland",
        "on_behalf_of": "self",
        "topic": "a-union",
        "stance": "supports",
        "attribution": "reported",
        "paraphrase": "Wants it now.",
        "said_at": "15 Dec 2025",
        "precision": "day",
        "source.outlet": "Invented Post",
        "source.published_at": "2025-12-16",
    }
    return form | {name.replace("__", "."): value for name, value in changes.items()}


def furnished(url: str) -> Iterator[Desk]:
    """Yield an editor at a new store with some nouns."""
    services = open_store(url)
    desk = Desk(services)
    desk.furnish()
    services.models.catch_up()
    yield desk
    services.close()
