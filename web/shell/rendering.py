"""Answer with a page or a part of it: one template and one address for both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from flask import redirect, render_template, request
from htmx_flask import make_response
from jinja2_fragments.flask import render_block

from web.shell.addresses import address_here, in_language
from web.shell.reader_choices import FRAMED, asked_language

if TYPE_CHECKING:
    from htmx_flask.requests import HtmxAwareRequest, HtmxHeaders
    from werkzeug.wrappers import Response

MOVED, NO_CONTENT, SEE_OTHER = 301, 204, 303


def wants_fragment() -> bool:
    """Tell whether htmx requests a part; pages restored from history are whole."""
    htmx = _htmx()
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def wanted_part() -> str:
    """Return the id of the element that htmx replaces, empty for none."""
    return (_htmx().target or "") if wants_fragment() else ""


def render_page(template: str, *, block: str = "view", **context: object) -> Response:
    """Render the page, or only ``block`` of it for htmx; templates know it as ``is_part``."""
    if wants_fragment():
        part = render_block(template, block, is_part=True, **context)
        return make_response(in_asked_language(part))
    return make_response(in_asked_language(render_template(template, is_part=False, **context)))


def render(template: str, **context: object) -> Response:
    """Render a whole template, also for htmx."""
    return make_response(in_asked_language(render_template(template, **context)))


def render_text(template: str, **context: object) -> str:
    """Render a template to text."""
    return render_template(template, **context)


def shown_at(response: Response, address: str) -> Response:
    """Let htmx replace the address of the page by another one."""
    return make_response(response, replace_url=address)


def see_other(address: str) -> Response:
    """Redirect to another page, for example after a form; keep the language of this address."""
    return redirect(_as_asked(address), SEE_OTHER)


def moved(address: str) -> Response:
    """Redirect permanently; keep the language of this address."""
    return redirect(_as_asked(address), MOVED)


def _as_asked(address: str) -> str:
    """Return an address with the language of the requested one, if it is of this site."""
    language = asked_language(request)
    is_ours = address_here(address) == address
    return in_language(address, language) if language and is_ours else address


def stay_or_see(address: str) -> Response:
    """Let htmx keep its page, and redirect browsers without scripts."""
    return make_response("") if wants_fragment() else see_other(address)


def leave_for(address: str) -> Response:
    """Redirect to another page, which htmx loads as a whole."""
    if wants_fragment():
        return make_response("", NO_CONTENT, redirect=address)
    return see_other(address)


def _htmx() -> HtmxHeaders:
    return cast("HtmxAwareRequest", request).htmx


LINK = re.compile(r'(\s(?:href|content)="(?:\d+; url=)?/(?!/|static/))([^"#]*)')
"""A link to a page of this site, or the next page of a replay without scripts."""

ASKS_FOR_ONE = re.compile(r"[?;]lang=")
FORM = re.compile(r'<form\b[^>]*\smethod="get"[^>]*>')


def in_asked_language(html: str) -> str:
    """Return a page or a part of it with links that keep the language of its address.

    Links of frames are left alone: the language of a frame was chosen by the page around it.
    """
    language = asked_language(request)
    if not language or request.blueprint == FRAMED:
        return html
    field = f'<input type="hidden" name="lang" value="{language}">'
    in_links = LINK.sub(lambda link: link[1] + _asking(link[2], language), html)
    return FORM.sub(lambda form: form[0] + field, in_links)


def _asking(address: str, language: str) -> str:
    """Return an address in HTML with the language appended, if it names none."""
    if ASKS_FOR_ONE.search(address):
        return address
    return f"{address}{'&amp;' if '?' in address else '?'}lang={language}"
