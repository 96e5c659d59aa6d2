"""What crawlers may read: every page of the record, not every view of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, make_response

from web.i18n.languages import LANGUAGES

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("robots", __name__)

EACH_LANGUAGE = "".join(f"Allow: /*?lang={code}$\n" for code in LANGUAGES)

RULES = f"""\
User-agent: *
Disallow: /search
Disallow: /record
Disallow: /*?
Allow: /t/*.png?size=social
{EACH_LANGUAGE}"""
"""Filters and moments make endless addresses out of one page (RFC 9309). The longest rule wins: who
shows a link with its picture may have that picture, and each page may be read in each language."""


@blueprint.get("/robots.txt")
def rules() -> Response:
    """Say what may be read."""
    response = make_response(RULES)
    response.mimetype = "text/plain"
    return response
