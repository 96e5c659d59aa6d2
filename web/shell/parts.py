"""Parts that a room adds to pages of others: templates, each for a place there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Blueprint, Flask
    from flask.blueprints import BlueprintSetupState

PLACES = {
    "footer": "a link at the bottom of every page",
    "news": "where a reader is told that the page has news; `place` is its name beneath `/live/`",
    "keyboard": "what keys do on a page of a room, for those who code",
    "topic.head": "what programs read of a topic's page, which is `page`",
    "topic.actions": "a link at the head of a topic's page, which is `page`",
    "topic.formats": "a link to a topic's `page` in another format, at its bottom",
    "topic.downloads": "an item of the list “Use this data” on a topic's page, which is `page`",
    "topic.use": "a part of “Use this data” on a topic's page, which is `page`",
    "actor.head": "what programs read of an actor's page, which is `page`",
    "actor.formats": "a link to an actor's `page` in another format, at its bottom",
    "record.first": "the first of the links to what can be recorded; `here` is where one is",
    "record.nav": "a link among those of what can be recorded; `here` is where one is",
    "record.before": "what is said above the fields of an entry's form, which is `sheet`",
    "record.entry": "a field below those of an entry's form, which is `sheet`",
    "record.source": "a link below the source of a statement's form, `doc` if it is on file",
    "record.draft": "what can be done with a draft, which is `d`",
    "record.topic": "a section below the forms of a topic, which is `topic`",
    "statement.actions": "what an editor can do with a statement, on its page, which is `page`",
    "statement.reply": "what an editor can do with a reply, on the page of its statement",
    "statement.use": "a part of “Use this data” on the page of an entry, which is `page`",
}
"""Where rooms may add something, and what it is there."""


def add_part(blueprint: Blueprint, place: str, template: str) -> None:
    """Include a template of a room at one of the `PLACES`, wherever its blueprint is registered."""
    if place not in PLACES:
        msg = f"there is no place {place!r}; there are {', '.join(PLACES)}"
        raise LookupError(msg)

    def add(state: BlueprintSetupState) -> None:
        state.app.extensions["parts"].setdefault(place, []).append(template)

    blueprint.record_once(add)


def prepare(
    blueprint: Blueprint, begin: Callable[[Mapping[str, Any], dict[str, Any]], None]
) -> None:
    """Let a room begin with the site: it gets the site's settings, and where the site keeps things.

    What it raises, a wrong file that a setting names, ends the site before it begins.
    """
    blueprint.record_once(lambda state: begin(state.app.config, state.app.extensions))


def stand_around(
    blueprint: Blueprint,
    others: str,
    *,
    before: Callable[[], Any],
    after: Callable[[Any], Any],
) -> None:
    """Let a room look at what is asked of the pages of other blueprints, and at what they answer.

    ``others`` is their name; ``before`` and ``after`` are hooks as Flask takes them.
    """

    def add(state: BlueprintSetupState) -> None:
        state.app.before_request_funcs.setdefault(others, []).append(before)
        state.app.after_request_funcs.setdefault(others, []).append(after)

    blueprint.record_once(add)


def register(app: Flask) -> None:
    """Let templates include what rooms added: ``{% for part in added_parts('footer') %}``."""
    app.extensions["parts"] = {}
    app.jinja_env.globals["added_parts"] = _parts


def _parts(place: str) -> list[str]:
    """Return the templates for a place, in the order of their rooms' names."""
    parts: dict[str, list[str]] = current_app.extensions["parts"]
    return parts.get(place, [])
