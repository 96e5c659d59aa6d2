"""Answers a page or a part of it: one template, one address, two representations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, quote, urlencode

from flask import redirect, render_template, request
from htmx_flask import make_response
from jinja2_fragments.flask import render_block

from web.shell.addresses import address_here, in_language
from web.shell.reader_choices import FRAMED, asked_language

if TYPE_CHECKING:
    from flask import Flask
    from htmx_flask.requests import HtmxAwareRequest, HtmxHeaders
    from werkzeug.wrappers import Response

MOVED, NO_CONTENT, SEE_OTHER = 301, 204, 303


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part; a page restored from history is always whole."""
    htmx = _htmx()
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def wanted_part() -> str:
    """Return the id of the element that htmx puts the answer into, empty for none."""
    return (_htmx().target or "") if wants_fragment() else ""


def render_page(template: str, *, block: str = "view", **context: object) -> Response:
    """Render the page, or only ``block`` of it for htmx; templates know it as ``is_part``."""
    if wants_fragment():
        part = render_block(template, block, is_part=True, **context)
        return make_response(in_asked_language(part))
    return make_response(in_asked_language(render_template(template, is_part=False, **context)))


def render(template: str, **context: object) -> Response:
    """Render a template as it is, whoever asks."""
    return make_response(in_asked_language(render_template(template, **context)))


def render_text(template: str, **context: object) -> str:
    """Render a template to what is worked on further."""
    return render_template(template, **context)


def shown_at(response: Response, address: str) -> Response:
    """Let htmx show an address as that of the page into which it puts the answer."""
    return make_response(response, replace_url=address)


def see_other(address: str) -> Response:
    """Lead to another page, as after a form; in the language that this address asks for."""
    return redirect(_as_asked(address), SEE_OTHER)


def moved(address: str) -> Response:
    """Lead to where the page is for good, in the language that this address asks for."""
    return redirect(_as_asked(address), MOVED)


def _as_asked(address: str) -> str:
    """Return an address in the language of the one that was asked for, if it is ours."""
    language = asked_language(request)
    is_ours = address_here(address) == address
    return in_language(address, language) if language and is_ours else address


def stay_or_see(address: str) -> Response:
    """Let htmx keep what it shows, and lead whoever has no script to a page."""
    return make_response("") if wants_fragment() else see_other(address)


def leave_for(address: str) -> Response:
    """Lead to another page, and let htmx load it whole."""
    if wants_fragment():
        return make_response("", NO_CONTENT, redirect=address)
    return see_other(address)


def _htmx() -> HtmxHeaders:
    return cast("HtmxAwareRequest", request).htmx


LINK = re.compile(r'(\s(?:href|content)="(?:\d+; url=)?/(?!/|static/))([^"#]*)')
"""A link to a page of ours, or the page that a replay without script goes on to."""

ASKS_FOR_ONE = re.compile(r"[?;]lang=")
FORM = re.compile(r'<form\b[^>]*\smethod="get"[^>]*>')


def in_asked_language(html: str) -> str:
    """Return a page, or a part of one, whose links keep to the language of its address.

    Nothing is remembered of the reader: a page opened afresh is in their own language. Links of
    frames lead there, too, as the page around a frame chose its language for it.
    """
    language = asked_language(request)
    if not language or request.blueprint == FRAMED:
        return html
    field = f'<input type="hidden" name="lang" value="{language}">'
    in_links = LINK.sub(lambda link: link[1] + _asking(link[2], language), html)
    return FORM.sub(lambda form: form[0] + field, in_links)


def _asking(address: str, language: str) -> str:
    """Return an address, as it stands in HTML, with the language behind it."""
    if ASKS_FOR_ONE.search(address):
        return address
    return f"{address}{'&amp;' if '?' in address else '?'}lang={language}"


RENAMED = {"asof": "as_of", "known": "known_at"}


def lead_old_addresses_on(app: Flask) -> None:
    """Lead every address that calls a clock by its old name to the right one, for good."""
    app.before_request(_lead_on)


def _lead_on() -> Response | None:
    if request.method not in ("GET", "HEAD") or RENAMED.keys().isdisjoint(request.args):
        return None
    pairs = parse_qsl(request.query_string.decode(errors="replace"), keep_blank_values=True)
    renamed = [(RENAMED.get(name, name), text) for name, text in pairs]
    return moved(f"{quote(request.path, safe='/@:,')}?{urlencode(renamed, safe='@:,/')}")
