"""Kept pages: two answers under one tag are one answer, whoever asks, however and whenever."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from flask import Blueprint, request

from tests.web.paper import START
from tests.web.site import HTMX, Site
from timeline.bootstrap import open_store
from timeline.desk.accounts.roles import Role
from web.shell.data_answer import data_answer
from web.shell.identity import Identity
from web.shell.page_cache import cached
from web.shell.policies import POLICIES, READING
from web.shell.reader_choices import CHOICES
from web.shell.request import this_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug.test import TestResponse
    from werkzeug.wrappers import Request, Response

    from tests.web.paper import Paper
    from web.shell.page_cache import CachedAnswer, PageCache

pytestmark = pytest.mark.thorough

HOUR, DAY = 3_600, 86_400


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who opens pages; ``later`` are seconds after the first visitor."""

    who: Identity = Identity()
    cookies: dict[str, str] = {}
    headers: dict[str, str] = {}
    base: str = "http://localhost"
    later: int = 0


VISITORS = {
    "a reader": Visitor(),
    "the same again": Visitor(),
    "a coder": Visitor(who=Identity("cora", Role.CODER)),
    "an editor": Visitor(who=Identity("anna", Role.EDITOR)),
    "another editor": Visitor(who=Identity("ben", Role.EDITOR)),
    "an admin": Visitor(who=Identity("ada", Role.ADMIN)),
    **{
        f"{name} {value}": Visitor(cookies={name: value})
        for name, values in CHOICES.items()
        for value in values[1:]
    },
    "a German browser": Visitor(headers={"Accept-Language": "de"}),
    "on another host": Visitor(base="http://127.0.0.1:8000"),
    "over https": Visitor(base="https://localhost"),
    "a part": Visitor(headers=HTMX),
    "the chart": Visitor(headers={"HX-Request": "true", "HX-Target": "chart"}),
    "out of history": Visitor(headers=HTMX | {"HX-History-Restore-Request": "true"}),
    "who reads stories backwards": Visitor(cookies={"story_order": "new"}),
    "who was here": Visitor(cookies={"seen": ".3~union.3~deal.3"}),
    "who was here later": Visitor(cookies={"seen": ".20~union.20~deal.20"}),
    "ten seconds later": Visitor(later=10),
    "an hour later": Visitor(later=HOUR),
    "a day later": Visitor(later=DAY),
    "half a year later": Visitor(later=182 * DAY),
}


class Street:
    """A site on which anybody may come by at any time."""

    def __init__(self, url: str) -> None:
        self.now = START
        self.visitor = Visitor()
        self.services = open_store(url, clock=lambda: self.now)
        self.site = Site(self.services, identify=self._identify)
        pages: PageCache = self.site.app.extensions["pages"]
        self._pages = pages._pages  # noqa: SLF001 - nobody else empties it and keeps its tags
        self._firsts: dict[str, CachedAnswer | Response] = {}

    def _identify(self, _request: Request) -> Identity:
        return self.visitor.who

    def visit(self, path: str, visitor: Visitor) -> TestResponse:
        """Open a page as somebody."""
        self.visitor, self.now = visitor, START + visitor.later * 1_000_000
        reader = self.site.app.test_client()
        for name, value in visitor.cookies.items():
            reader.set_cookie(
                name, value, domain="127.0.0.1" if "127" in visitor.base else "localhost"
            )
        answer = reader.get(path, headers=visitor.headers, base_url=visitor.base)
        for name, page in self._pages.items():
            self._firsts.setdefault(name, page)
        return answer

    def forget(self) -> None:
        """Empty the cache."""
        self._pages.clear()

    def begin(self) -> None:
        """Empty the cache, for what was in it as well."""
        self.forget()
        self._firsts.clear()

    def remember(self) -> None:
        """Fill the cache with what each who came first has left in it."""
        self.forget()
        self._pages.update(self._firsts)


def wrongly_kept(street: Street, path: str) -> list[str]:
    """Return who is not answered from the cache what they are answered without it."""
    fresh = {}
    street.begin()
    for name, visitor in VISITORS.items():
        street.forget()
        fresh[name] = street.visit(path, visitor)
    by_tag: dict[str, str] = {}
    wrong = []
    for name, answer in fresh.items():
        first = by_tag.setdefault(answer.headers["ETag"], name)
        if fresh[first].data != answer.data:
            wrong.append(f"{name} as {first}")
    street.remember()
    return wrong + [
        name
        for name in [*VISITORS, *reversed(VISITORS)]
        if street.visit(path, VISITORS[name]).data != fresh[name].data
    ]


@pytest.fixture(scope="module")
def street(sqlite_printed: Paper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The site over the invented record."""
    folder = tmp_path_factory.mktemp("street") / "paper"
    shutil.copytree(sqlite_printed.services.url.log_path.parent, folder)
    street = Street(f"sqlite:///{folder / 'paper.db'}")
    yield street
    street.services.close()


KEPT = {
    "home.show": ["/", "/?sort=name"],
    "how_to_read.show": ["/how-to-read"],
    "topic.show": [
        "/t/union",
        "/t/union?lang=de",
        "/t/union?as_of=2025-10-01",
        "/t/union?view=table",
    ],
    "topic.why_": ["/t/union/why/aland"],
    "picture.actor": ["/a/aland.svg", "/a/aland.svg?size=social&theme=dark"],
    "picture.topic": ["/t/union.svg", "/t/union.svg?size=social&theme=dark"],
    "actor.show": ["/a/aland"],
    "codebook.show": ["/t/union/codebook", "/t/union/codebook?known_at=@20"],
    "codebook.data": ["/t/union/codebook.json"],
    "coverage.show": ["/t/union/coverage", "/t/union/coverage?known_at=@20"],
    "coverage.data": ["/t/union/coverage.json"],
    "rewording.show": ["/s/10..11"],
    "rewording.data": ["/s/10..11.json"],
    "proof.show": ["/s/13/proof"],
    "statement.show": ["/s/13", "/s/13@15"],
    "statement.citation": ["/s/13.bib", "/s/13@15.ris", "/s/13.csl"],
    "embed.topic": ["/embed/t/union", "/embed/t/union?theme=dark&lang=de"],
    "embed.entry": ["/embed/s/13"],
    "story.show": ["/story/talks", "/story/talks?order=new"],
    "story.as_data": ["/story/talks.json", "/story/talks.csv", "/story/talks.atom"],
    "compare.show": ["/compare?actor=aland&actor=bland", "/compare"],
    "compare.data": [
        "/compare.json?actor=aland&actor=bland",
        "/compare.csv?actor=aland&actor=bland",
    ],
    "analyse.show": ["/analyse", "/analyse?question=networks", "/analyse?question=positions"],
    "analyse.data": ["/analyse.csv?topic=union", "/analyse.json", "/analyse.sql"],
    "api.show": ["/api"],
    "api.description": ["/api/v1/openapi.json"],
    "api.stories": ["/api/v1/stories"],
    "api.topics": ["/api/v1/topics", "/api/v1/topics?limit=1"],
    "api.topic": ["/api/v1/topics/union"],
    "api.topic_codebooks": ["/api/v1/topics/union/codebooks"],
    "api.topic_ledes": ["/api/v1/topics/union/ledes"],
    "api.topic_coverage": ["/api/v1/topics/union/coverage"],
    "api.actor_mandates": ["/api/v1/actors/aland/mandates"],
    "api.actors": ["/api/v1/actors"],
    "api.actor": ["/api/v1/actors/aland"],
    "api.scales": ["/api/v1/scales"],
    "api.positions": ["/api/v1/positions", "/api/v1/positions?as_of=2025-09&why=1"],
    "api.changes": ["/api/v1/changes", "/api/v1/changes?topic=union"],
    "api.search": ["/api/v1/search?q=Aland"],
    "api.matrix": ["/api/v1/matrix?topic=union"],
    "api.entries": ["/api/v1/entries", "/api/v1/entries?kind=statement&order=old"],
    "api.entry": ["/api/v1/entries/13"],
    "api.entry_events": ["/api/v1/entries/13/events"],
    "api.events": ["/api/v1/events", "/api/v1/events?limit=3"],
    "compare.matrix": ["/matrix?topic=union", "/matrix?story=talks", "/matrix"],
    "compare.matrix_data": ["/matrix.json?topic=union", "/matrix.csv?topic=union"],
    "corrections.show": ["/corrections"],
    "log.diff": ["/log/diff?topic=union&clock=said&a=2025-08-15"],
    "log.said": ["/log/said"],
    "data.topic": ["/t/union.json", "/t/union.csv", "/t/union.parquet", "/t/union.atom"],
    "data.actor": ["/a/aland.json", "/a/aland.csv", "/a/aland.parquet", "/a/aland.atom"],
    "data.topic_statements": ["/t/union/statements.csv", "/t/union/statements.csv?actor=aland"],
    "data.actor_statements": ["/a/aland/statements.csv"],
    "data.home": ["/index.json", "/index.csv", "/index.atom"],
}
"""Addresses of every page that is kept, by its endpoint."""


def test_every_page_that_is_kept_is_looked_at(street: Street) -> None:
    views = street.site.app.view_functions
    assert {name for name, view in views.items() if getattr(view, "is_kept", False)} == {*KEPT}


@pytest.mark.parametrize("path", [path for paths in KEPT.values() for path in paths])
def test_a_kept_page_shows_nothing_that_its_key_does_not_hold(street: Street, path: str) -> None:
    assert street.visit(path, Visitor()).status_code == 200
    assert wrongly_kept(street, path) == []


@pytest.mark.parametrize(
    ("shows", "found"),
    [
        (lambda: str(this_request().instant), "ten seconds later as a reader"),
        (
            lambda: str("HX-History-Restore-Request" in request.headers),
            "out of history as a reader",
        ),
        (lambda: request.cookies.get("seen", ""), "who was here as a reader"),
    ],
)
def test_a_page_that_does_is_found(
    sqlite_printed: Paper,
    tmp_path: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
    shows: Callable[[], str],
    found: str,
) -> None:
    shutil.copytree(sqlite_printed.services.url.log_path.parent, tmp_path / "paper")
    street = Street(f"sqlite:///{tmp_path / 'paper' / 'paper.db'}")

    @cached
    def view() -> Response:
        return data_answer(shows(), "text/html")

    careless = Blueprint("careless", __name__)
    careless.get("/careless", endpoint="show")(view)
    monkeypatch.setitem(POLICIES, "careless", READING)
    street.site.app.register_blueprint(careless)
    assert found in wrongly_kept(street, "/careless")
    street.services.close()
