"""Every form field and every part of an address takes whatever is sent, and nothing breaks."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.attacks.corpus import CORPUS
from tests.attacks.harm import harm
from tests.attacks.targets import targets
from tests.web.site import HTMX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.attacks.targets import Target
    from tests.support.web_server import Serve
    from tests.web.paper import Paper

FEW = 1_000
TO_ADDRESSES = 6
"""Texts for each part of an address, where there is time for many; fields of forms get them all."""

SHOWN = 20


def tries(found: list[Target], wanted: int | None) -> Iterator[tuple[Target, str]]:
    """Yield targets with texts, always in the same random order: so many, or all that we have."""
    order = random.Random(2025)  # noqa: S311 - nothing to keep secret
    every = [
        (target, text)
        for target in found
        for text in (CORPUS if target.method == "POST" else order.sample(CORPUS, TO_ADDRESSES))
    ]
    order.shuffle(every)
    yield from every[:wanted]


def test_no_field_breaks_the_site_or_writes_markup(paper: Paper, many: bool) -> None:  # noqa: FBT001
    # What goes wrong in a view is answered as readers get it.
    paper.app.testing = False
    found = targets(paper)
    wrong: dict[str, str] = {}
    count = 0
    for count, (target, text) in enumerate(tries(found, None if many else FEW), 1):
        address, fields = target.sent(text)
        headers = HTMX if count % 3 == 0 else {}
        if target.method == "GET":
            answer = paper.reader.get(address, headers=headers)
        else:
            answer = paper.reader.post(address, data=dict(fields), headers=headers)
        if problem := harm(answer):
            told = f"{target.method} {target.path} {target.field or 'path'}"
            wrong.setdefault(f"{told}: {problem}", repr(text)[:120])
    assert count >= (50_000 if many else FEW)
    assert not wrong, "\n".join(f"{where} {text}" for where, text in [*wrong.items()][:SHOWN])


def test_what_was_taken_in_runs_nothing_and_asks_nobody(
    paper: Paper, serve: Serve, page: Page
) -> None:
    fields = [one for one in targets(paper) if one.path.startswith("/record")]
    for target, text in tries([field for field in fields if field.method == "POST"], FEW):
        address, sent = target.sent(text)
        paper.reader.post(address, data=dict(sent))
    home = serve(paper.app)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    for path in ("/", "/t/union", "/a/bland", "/story/talks", "/log", "/corrections", "/actors"):
        page.goto(home + path)
    assert [url for url in asked if not url.startswith(home)] == []
