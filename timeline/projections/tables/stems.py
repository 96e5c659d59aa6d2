"""Stems of German and English words, so that one form of a word finds another."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import Stemmer  # type: ignore[import-not-found]

from timeline.domain.spelling import name_key, romanise
from timeline.domain.word_cache import cached_words

if TYPE_CHECKING:
    from collections.abc import Iterable


LANGUAGES = ("german", "english")
CACHED = 200_000
"""Words whose stems are cached: as many as a newsroom writes in years, some 40 MB."""

SHORTEST, LONGEST = 2, 40
SHORTEST_NAME = 4
RESERVED = "q0"
"""Prefix of index words that stand for actors, topics and kinds; typed words never match it."""

_EVERYWHERE = """
a als am an and are as at auf aus be been bei bis by das dass dem den der des die dies diese
dieser du durch ein eine einem einen einer eines er es for from fur had has hat have he her his i
ich ihr im in is ist it its mit nach of on or sei seien sein seine sich sie sind so that the their
them they this to uber um und uns unter vom von vor war was we were wie will wir wird with would
zu zum zur
"""
STOP_WORDS = frozenset(_EVERYWHERE.split())
"""Folded words that are too common to search for."""

_WORD = re.compile(r"[^\W_]+")
_SOFT_HYPHEN = "\u00ad"
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_DIGRAPH = re.compile("(?<![aeiouq])([aou])e")
_own = threading.local()


def stems(*texts: str) -> list[str]:
    """Return the stems and sounds of the words of some texts, each once, in lower-case ASCII."""
    result: dict[str, None] = {}
    for text in texts:
        for word in words(text):
            result.update(stems_and_sound(word))
    return list(result)


def words(text: str) -> Iterable[str]:
    """Return the words of a text in order."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace(_SOFT_HYPHEN, "")
    return _WORD.findall(text)


def name_word(key: str) -> str:
    """Return the word in the index that stands for every spelling of a name."""
    return f"{RESERVED}n{key.replace(' ', '')}"


@cached_words(CACHED)
def stems_and_sound(word: str) -> dict[str, None]:
    """Return in order the stems of a word and, if it may be a name, its sound."""
    result = dict.fromkeys(stems_of(word))
    if result and word[:1].isupper() and len(word) >= SHORTEST_NAME and word.isalpha():
        result[name_word(name_key(word))] = None
    return result


def stems_of(word: str) -> tuple[str, ...]:
    """Return the German stem of a word, its English stem and itself; nothing for stop words.

    ä, ae and a are one letter, ß is ss: the German stem is taken of the folded word, the English
    one is folded afterwards, since English ends many a word in ue and oe.
    """
    plain = _NOT_PLAIN.sub("", word.lower() if word.isascii() else romanise(word))[:LONGEST]
    folded = fold(plain)
    if len(plain) < SHORTEST or folded in STOP_WORDS or plain.startswith(RESERVED):
        return ()
    if not plain.isalpha():
        return (folded,)
    german, english = (_stemmer(language) for language in LANGUAGES)
    return tuple(dict.fromkeys((german.stemWord(folded), fold(english.stemWord(plain)), folded)))


def fold(plain: str) -> str:
    """Return a word with ae, oe and ue written as the vowel alone."""
    return _DIGRAPH.sub(r"\1", plain)


def _stemmer(language: str) -> Stemmer.Stemmer:
    """Return this thread's stemmer; two threads may not share one."""
    if not hasattr(_own, language):
        setattr(_own, language, Stemmer.Stemmer(language, 0))
    stemmer: Stemmer.Stemmer = getattr(_own, language)
    return stemmer


SAME_WORDS = 1_000
"""Texts whose stems are cached: a roll call repeats one text with every vote."""

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


def story_word(stem: str) -> str:
    """Return the word in the index that stands for a stem of the title of a topic's story."""
    return f"{RESERVED}s{stem}"


def question_word(stem: str) -> str:
    """Return the word in the index that stands for a stem of a question: few rows have it."""
    return f"{RESERVED}w{stem}"
