"""Everything on the site that takes something in: addresses with their parts, and forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from tests.web.markup import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.web.paper import Paper

PART = re.compile(r"<(?:[^<>]*:)?([a-z_]+)>")
ASKED = (
    *("actor", "all", "as_of", "at", "a", "b", "after", "again", "before", "by", "cells", "clock"),
    *("density", "differs", "draft", "expand", "from", "go", "keys", "kind", "known_at", "lang"),
    *("later", "name", "only", "open", "order", "place", "play", "q", "quotes", "s", "since"),
    *("sort", "source", "sources", "speed", "spot", "stance", "story", "succeeds", "theme"),
    *("then", "to", "topic", "type", "u", "view", "next", "in", "position", "lanes", "unchanged"),
)
"""Every name by which an address asks a page for something."""


class Target(NamedTuple):
    """Something to send a text to: a field of a form, a part of a path, what an address asks."""

    method: str
    path: str
    field: str
    others: tuple[tuple[str, str], ...] = ()

    def sent(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        """Return the address, and the fields of a form, that carry a text."""
        if self.field == "":
            return self.path.replace("{}", quote(text, safe="")), list(self.others)
        fields = [(name, value) for name, value in self.others if name != self.field]
        fields.append((self.field, text))
        if self.method == "GET":
            return f"{self.path}?{urlencode(fields)}", []
        return self.path, fields


def targets(paper: Paper) -> list[Target]:
    """Return everything that can be sent something, each once."""
    found = [*_addresses(paper.app, paper), *_forms(paper)]
    return list(dict.fromkeys(found))


def _values(paper: Paper, rule: str) -> dict[str, str]:
    slug = {"/a/": "bland", "/record/actor": "bland", "/story": "talks", "/record/story": "talks"}
    number = str(paper.numbers["wants"])
    return {
        "slug": next((value for start, value in slug.items() if rule.startswith(start)), "union"),
        "thing": next(
            (value for start, value in slug.items() if rule.startswith(start)),
            "union" if "/topic" in rule else number,
        ),
        "number": number,
        "reference": number,
        "then": str(paper.numbers["wants"]),
        "later": str(paper.numbers["still"]),
        "actor": "bland",
        "form": "json",
    }


def paths(app: Flask, paper: Paper) -> Iterator[tuple[str, str, str]]:
    """Yield method, path with a mark for one part (or none), and path, of every route."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = _values(paper, rule.rule)
        whole = PART.sub(lambda part: values.get(part[1], "x"), rule.rule)  # noqa: B023
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, whole, whole
            for part in PART.finditer(rule.rule):
                before, after = rule.rule[: part.start()], rule.rule[part.end() :]
                marked = PART.sub(
                    lambda match: values.get(match[1], "x"),  # noqa: B023
                    f"{before}\0{after}",
                ).replace("\0", "{}")
                yield method, marked, whole


def _addresses(app: Flask, paper: Paper) -> Iterator[Target]:
    for method, path, _ in paths(app, paper):
        if "{}" in path:
            yield Target(method, path, "")
        elif method == "GET":
            for name in ASKED:
                yield Target("GET", path, name)


def _forms(paper: Paper) -> Iterator[Target]:
    """Yield every field of every form on a page that can be opened without more."""
    for method, path, _ in paths(paper.app, paper):
        if method != "GET" or "{}" in path:
            continue
        answer = paper.open(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        yield from _forms_of(Page(answer.text), path)


def _forms_of(page: Page, path: str) -> Iterator[Target]:
    for form in page.find("form"):
        method = form.attributes.get("method", "get").upper()
        action = form.attributes.get("action") or path
        fields = [
            (element["name"], element.attributes.get("value", ""))
            for element in page.elements
            if form in element.around and "name" in element.attributes and element.tag != "form"
        ]
        address = urlsplit(action)
        others = (*parse_qsl(address.query), *dict(fields).items())
        for name in dict(others):
            yield Target(method, address.path or path, name, others)
