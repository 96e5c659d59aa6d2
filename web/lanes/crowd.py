"""Whether a topic has more statements than a page looks at one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries import crowds

if TYPE_CHECKING:
    from timeline.projections.queries.directory import Topic


def is_crowd(topic: Topic) -> bool:
    """Tell whether a topic has more statements than a page looks at one by one."""
    return topic.statements >= crowds.CROWD
