"""Embeds: a topic's lanes, or an entry with its proof, in a frame on somebody else's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.projections.queries import directory
from web.embed.frames import LANES, Offer, entry_frame, topic_frame
from web.entries.address import fixed_at
from web.entries.views import DevelopmentView
from web.lanes.address import TopicAddress, read_address
from web.shell.page_cache import cached
from web.shell.parts import add_part
from web.shell.rendering import render
from web.shell.request import read_connection, this_request
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.entries.views import EntryView, StatementView
    from web.statement.page import StatementPage
    from web.topic.page import TopicPage

HEAD, QUESTION_LINE, QUESTION_LETTERS, LANE, MORE = 150, 22, 32, 106, 20
"""Pixels of a topic's frame on a phone: without lanes, for a line of the question (of so many
letters), for each lane, and for the note on more lanes."""


def topic_offer(page: TopicPage) -> Offer:
    """Return the frame of a topic as its page shows it: its actors, period and moment."""
    seen = page.address
    framed = TopicAddress(
        actor=seen.actor, begin=seen.begin, end=seen.end, as_of=seen.as_of, known_at=seen.known_at
    )
    count = sum(len(group.lanes) for group in page.chart.groups)
    lanes = min(LANES, len(seen.actor) or count)
    path = "/embed" + framed.url(page.topic.slug)
    question, here = page.topic.question, this_request()
    height = HEAD + QUESTION_LINE * -(-len(question) // QUESTION_LETTERS) + LANE * lanes
    height += MORE if count > lanes else 0
    return Offer(here.host.rstrip("/"), path, question, height, here.choices.language)


HAPPENED, SAID, LINE, LETTERS = 270, 365, 24, 40
"""Pixels of a development and of a statement beside its words, and of each line; its letters.

They are those of a phone, where a line is short.
"""


def entry_offer(page: StatementPage) -> Offer:
    """Return the frame of an entry: of the page's version, else of the latest."""
    fixed = "" if page.known_at is None else f"@{page.known_at}"
    path = f"/embed/s/{page.number}{fixed}"
    here = this_request()
    host, lang = here.host.rstrip("/"), here.choices.language
    return Offer(host, path, page.title, _height(page.entry), lang)


def _height(view: EntryView) -> int:
    """Return the pixels that an entry needs."""
    if isinstance(view, DevelopmentView):
        return HAPPENED + LINE * _lines(view.title, view.summary)
    return SAID + LINE * _lines(*_words(view))


def _lines(*texts: str) -> int:
    return sum(-(-len(text) // LETTERS) for text in texts)


def _words(said: StatementView) -> list[str]:
    passage = said.passage.text if said.passage and not said.quote else ""
    sources = [source.label for source in said.sources]
    words = [said.quote, said.translation, said.paraphrase, passage, said.condition, said.asked]
    return [*words, said.hedge, said.in_translation, *sources]


blueprint = Blueprint("embed", __name__, url_prefix="/embed")
blueprint.app_template_global()(topic_offer)
blueprint.app_template_global()(entry_offer)
add_part(blueprint, "topic.use", "embed/topic_offer.html")
add_part(blueprint, "statement.use", "embed/entry_offer.html")

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors *"
)
"""Headers of frames: any site may embed them, and they run no script."""


@blueprint.get("/t/<slug>")
@cached
def topic(slug: str) -> Response:
    """Show the lanes of a topic, at both clocks."""
    conn = read_connection()
    topic_found, address = directory.topic(conn, slug), read_address(this_request().query)
    clocks = read_clocks(conn, this_request().query)
    frame = topic_frame(conn, topic_found, address, clocks, now=this_request().now)
    return _framed("embed/topic.html", frame=frame)


@blueprint.get("/s/<reference>")
@cached
def entry(reference: str) -> Response:
    """Show an entry with its proof as it is now, or with ``@<position>`` as it was then."""
    number, known_at = fixed_at(reference)
    frame = entry_frame(read_connection(), number, known_at, now=this_request().now)
    return _framed("embed/entry.html", frame=frame)


@blueprint.after_request
def _framable(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _framed(template: str, **context: object) -> Response:
    """Render a frame; its links open in a new tab."""
    return render(template, framed=True, **context)
