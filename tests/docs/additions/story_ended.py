"""An event: a running story has ended, for a reason; and the command that says so."""

from tests.docs.additions.addition import Addition

EVENT = Addition(
    rows=("event type",),
    lines={
        "timeline/domain/story.py": [
            (
                "class Side(msgspec.Struct",
                """
                class EndingReason(Content, frozen=True):
                    reason: str


                class StoryEnded(Event, frozen=True):
                    TOPIC = "story.ended"
                    content: EndingReason | None = None


                """,
            ),
            (
                "def texts(self)",
                '''
                @command
                def end(self, byline: Byline, reason: str) -> None:
                    """End the story."""
                    self._record(StoryEnded, byline, content=EndingReason(reason=reason))

                ''',
            ),
            ("case StoryOpened():", "case StoryEnded():\n    self.ended = True\n"),
            ('self.slug = ""', "self.ended = False\n"),
        ],
        "tests/stores/golden.py": [
            (
                "from timeline.stores.mapper import write_event",
                "from timeline.domain.story import EndingReason, StoryEnded\n",
            ),
            (
                "StoryTranslated(",
                """
                StoryEnded(
                    **LATER,
                    originator_id=STORY,
                    content=EndingReason(reason="peace"),
                ),
                """,
            ),
        ],
    },
)

HANDLER = Addition(
    rows=("event type",),
    lines={
        "timeline/projections/writing/projector.py": [
            ("story.StoryTranslated:", "story.StoryEnded: log_line_only,\n")
        ],
    },
)

TITLES = Addition(
    rows=("event type",),
    lines={
        "web/wording/event_titles.py": [
            (
                '"story.translated":',
                '"story.ended": EventTitle(lazy_gettext("Story ended"), lazy_gettext("Ended")),\n',
            )
        ],
    },
)

READERS = Addition(
    rows=("event type",),
    lines={
        "timeline/interchange/native/readable.py": [
            ('"story.translated":', '"story.ended": "reason",\n')
        ]
    },
)

COMMAND = Addition(
    rows=("command",),
    lines={
        "timeline/application/stories.py": [
            (
                "def arrange_sides(",
                '''
                def end(self, byline: Byline, story: str, reason: str) -> Recorded:
                    """End a story, for a reason."""
                    why = text(reason, "reason")
                    return self._revise(byline, story, lambda one: one.end(byline, why))

                ''',
            )
        ],
    },
)
