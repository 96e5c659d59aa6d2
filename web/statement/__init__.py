"""The page of an entry: its words, history, connections and citation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.entries.address import fixed_at
from web.shell.data_answer import data_answer
from web.shell.page_cache import cached
from web.shell.rendering import render_page, wanted_part
from web.shell.request import read_connection, services, this_request
from web.statement.page import StatementPage, statement_page

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("statement", __name__)

CARD = "card"
"""The element beside a mark that shows a statement in short."""

REFERENCES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl": "application/vnd.citationstyles.csl+json",
}
"""The formats of citations, and their media types."""


@blueprint.get("/s/<reference>")
@cached
def show(reference: str) -> Response:
    """Show an entry as it is now, or with ``@<position>`` as it was then."""
    page = _page(reference)
    template = "statement/page.html" if page.entry.is_statement else "statement/development.html"
    is_card = page.entry.is_statement and wanted_part() == CARD
    return render_page(template, block=CARD if is_card else "view", page=page)


@blueprint.get("/s/<reference>.<any(bib, ris, csl):form>")
@cached
def citation(reference: str, form: str) -> Response:
    """Return the citation of an entry, its source first, as BibTeX, RIS or CSL-JSON."""
    page = _page(reference)
    formats = {"bib": page.citation.bibtex, "ris": page.citation.ris, "csl": page.citation.csl}
    name = f"standline-{page.number}.{'json' if form == 'csl' else form}"
    return data_answer(formats[form], REFERENCES[form], file_name=name)


def _page(reference: str) -> StatementPage:
    number, known_at = fixed_at(reference)
    here = this_request()
    return statement_page(read_connection(), services().log, number, known_at, here.host, here.now)
