"""Rows that nobody would think of, for tests of what must hold for any record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.interchange.desk import Row

NAMES = st.sampled_from(["ann", "Bea Müller", "Дмитрий Песков", "russia"])
TOPICS = {
    "join": {"topic_question": "Should it join?", "scale": "position", "story": "talks"},
    "motion": {"topic_question": "Motion", "topic_name": "The motion", "scale": "vote"},
    "emissions": {"scale": "claim"},
}
STANCES = {
    "join": ["opposes", "doubts", "undecided", "accepts", "supports"],
    "motion": ["against", "abstained", "for"],
    "emissions": ["denies", "questions", "leaves open", "suggests", "asserts"],
}
ODD = ("=1+1", "-5 °C", "@all", "'so'", "＝1", 'a, b; "c"', "„Ja“\n„Nein“", "Россия 東京 👩‍🚀")
"""What spreadsheets compute, tables part and codecs lose."""
TEXT = st.sampled_from(ODD) | st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\n"),
    max_size=20,
).map(str.strip)
DAYS = st.sampled_from(
    ["2025-12-14", "2025-11", "2025", "../2025-12-10", "2025-12-14T10:30:00+01:00", "2025-12-XX"]
)
SOURCES = st.sampled_from(
    [
        {},
        {"source.title": "A paper", "source.published_at": "2025-12-14"},
        {"source.url": "https://example.org/a?b=c", "source.outlet": "Der Standard"},
    ]
)


@st.composite
def statements(draw: st.DrawFn) -> Row:
    topic = draw(st.sampled_from(sorted(TOPICS)))
    silent = draw(st.booleans())
    said: Row = {"topic": topic, "actor": draw(NAMES), "said_at": draw(DAYS)} | TOPICS[topic]
    said |= (
        {"stance": "no_position", "no_position_reason": "declined", "asked": f"x{draw(TEXT)}"}
        if silent
        else {"stance": draw(st.sampled_from(STANCES[topic]))}
    )
    for name in ("hedge", "paraphrase", "translation", "condition.text", "utterance", "quote.text"):
        if draw(st.booleans()):
            said[name] = draw(TEXT)
    if draw(st.booleans()):
        said |= {"quote.text": "Ja", "quote.lang": "de", "quote.start": 3, "quote.end": 5}
    if draw(st.booleans()):
        said["key"] = str(draw(st.integers(0, 10**9)))
    if draw(st.booleans()) and topic != "join":
        said["condition.topic"] = "join"
    if draw(st.booleans()) and said["actor"] != "russia":
        said["on_behalf_of"] = "russia"
    return said | draw(SOURCES)


@st.composite
def developments(draw: st.DrawFn) -> Row:
    happened: Row = {
        "kind": "development",
        "title": "x" + draw(TEXT),
        "summary": draw(TEXT),
        "topic": "join",
        "topic_question": "Should it join?",
        "status": draw(st.sampled_from(["claimed", "confirmed", "disputed"])),
        "happened_at": draw(DAYS),
    }
    if draw(st.booleans()):
        happened["according_to"] = draw(NAMES)
    return happened | draw(SOURCES)


ROWS = st.lists(statements() | developments(), min_size=3, max_size=8)

IN_FULL: list[Row] = [
    TOPICS["join"]
    | {"topic": "join", "actor": "ann", "said_at": "2025-12-14", "stance": "accepts"}
    | {"paraphrase": ODD[0], "hedge": ODD[1], "condition.text": ODD[2], "utterance": ODD[6]}
    | {"quote.text": "Ja", "quote.lang": "de", "quote.start": 3, "quote.end": 5, "key": "1"}
    | {"on_behalf_of": "russia", "source.url": "https://example.org/a?b=c"},
    TOPICS["motion"]
    | {"topic": "motion", "actor": "Bea Müller", "said_at": "2025-11", "condition.topic": "join"}
    | {"stance": "no_position", "no_position_reason": "declined", "asked": ODD[3]}
    | {"translation": ODD[5], "utterance": ODD[6], "quote.text": ODD[7]},
    TOPICS["join"]
    | {"topic": "join", "actor": "ann", "said_at": "../2025-12-10", "stance": "opposes"}
    | {"source.title": ODD[4], "source.published_at": "2025-12-14", "quote.text": ODD[6]},
    {"kind": "development", "title": ODD[0], "summary": ODD[6], "topic": "join"}
    | {"status": "disputed", "happened_at": "2025-12-XX", "according_to": "Дмитрий Песков"},
]
"""Rows with a value in every field that the random ones have, as the first tier tries few."""
