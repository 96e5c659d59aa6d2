"""Words of the search index that stand for what something is about, and for nothing said."""

from __future__ import annotations

from functools import lru_cache

from timeline.projections.tables.stems import RESERVED

SAME_WORDS = 1_000
"""Texts whose stems are kept: a roll call brings the same one with every vote."""

TOPIC = f"{RESERVED}topic"
"""The word that only topics have."""


@lru_cache(maxsize=SAME_WORDS)
def actor_word(actor: str) -> str:
    """Return the word in the index that stands for an actor, whatever it is called."""
    return f"{RESERVED}a{actor.replace('-', '')[:12]}"


@lru_cache(maxsize=SAME_WORDS)
def topic_word(topic: str) -> str:
    """Return the word in the index that stands for a topic, however it is worded."""
    return f"{RESERVED}t{topic.replace('-', '')[:12]}"


def year_word(year: int) -> str:
    """Return the word in the index that stands for the year from which on something counts."""
    return f"{RESERVED}y{year}" if year >= 0 else f"{RESERVED}b{-year}"


def question_word(stem: str) -> str:
    """Return the word in the index that stands for a stem of a question: few rows have it."""
    return f"{RESERVED}w{stem}"
