"""A read model of the stories that have ended, and a page that shows it."""

from tests.docs.additions.addition import Addition
from timeline.projections.tables.schema import CODE_VERSION

READ_MODEL = Addition(
    rows=("read model",),
    lines={
        "timeline/projections/tables/schema.py": [
            (
                "quarantine = _table(",
                """
                endings = _table(
                    "endings",
                    _recurring("story"),
                    _text("reason"),
                    _number("ended"),
                    key=("story",),
                )

                """,
            ),
        ],
        "timeline/projections/tables/indexes.py": [
            ('"topics_slug":', '"endings_ended": "endings (ended)",\n')
        ],
        "timeline/projections/writing/projector.py": [
            (
                "from timeline.projections.writing.batch import",
                "from timeline.projections.writing import endings\n",
            ),
        ],
    },
    words={
        "timeline/projections/tables/schema.py": (
            f"CODE_VERSION = {CODE_VERSION}",
            f"CODE_VERSION = {CODE_VERSION + 1}",
        ),
        "timeline/projections/writing/projector.py": (
            "story.StoryEnded: log_line_only",
            "story.StoryEnded: endings.story_ended",
        ),
    },
    files={
        "timeline/projections/writing/endings.py": '''
            """Stories that have ended."""

            from __future__ import annotations

            from typing import TYPE_CHECKING

            from timeline.projections.tables import schema

            if TYPE_CHECKING:
                from timeline.domain.story import StoryEnded
                from timeline.projections.writing.batch import Batch


            def story_ended(batch: Batch, position: int, event: StoryEnded) -> None:
                reason = event.content.reason if event.content else ""
                batch.add(schema.endings, (event.originator_id, reason, position))
        ''',
        "timeline/projections/queries/endings.py": '''
            """Which stories have ended, and why."""

            from __future__ import annotations

            from typing import TYPE_CHECKING

            from sqlalchemy import select

            from timeline.projections.tables.schema import endings, stories

            if TYPE_CHECKING:
                from sqlalchemy import Connection


            def ended_stories(conn: Connection) -> list[tuple[str, str]]:
                """Return titles and reasons, in the order of ending."""
                query = select(stories.c.title, endings.c.reason).join_from(
                    endings, stories, stories.c.id == endings.c.story
                )
                return [(row.title, row.reason) for row in conn.execute(query.order_by("ended"))]
        ''',
    },
)

PAGE = Addition(
    rows=("page",),
    lines={
        "pyproject.toml": [('live = "web.live:blueprint"', 'endings = "web.endings:blueprint"\n')],
        "web/shell/policies.py": [('"health": READING,', '"endings": READING,\n')],
    },
    words={
        "pyproject.toml": (
            '"analyse | api | codebook |',
            '"analyse | api | codebook | endings |',
        )
    },
    files={
        "web/endings/__init__.py": '''
            """Endings: the stories that are over."""

            from __future__ import annotations

            from typing import TYPE_CHECKING

            from flask import Blueprint

            from timeline.projections.queries.endings import ended_stories
            from web.shell.rendering import render_page
            from web.shell.request import read_connection

            if TYPE_CHECKING:
                from werkzeug.wrappers import Response

            blueprint = Blueprint("endings", __name__)


            @blueprint.get("/endings")
            def show() -> Response:
                """List the stories that have ended."""
                return render_page("endings/page.html", stories=ended_stories(read_connection()))
        ''',
        "web/templates/endings/page.html": """
            {% extends "base.html" %}
            {% block title %}Endings{% endblock %}
            {% block main %}
            <div id="view">{% block view %}
            {% for title, reason in stories %}<p>{{ title }}: {{ reason }}</p>{% endfor %}
            {% endblock %}</div>
            {% endblock %}
        """,
    },
)
