"""Every pattern by which a change is told, with three real fillings, to be read by somebody.

Run `pytest -s tests/web/test_patterns.py` to read them. What a machine can tell is held here: each
pattern is filled in both languages, begins as a sentence does, leaves no gap, and judges nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from timeline.domain.position import Change
from timeline.domain.scales import SCALES
from timeline.projections.queries.directory import Actor, Topic
from timeline.projections.tables.kinds import CHANGED
from web.i18n.translate import speaking
from web.wording.changes import PATTERNS, Turning, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.site import Site

NAMES = {
    "zelensky": ("Volodymyr Zelensky", "Wolodymyr Selenskyj", "person"),
    "merz": ("Friedrich Merz", "Friedrich Merz", "person"),
    "scholz": ("Olaf Scholz", "Olaf Scholz", "person"),
    "trump": ("Donald Trump", "Donald Trump", "person"),
    "jenssen": ("Stian Jenssen", "Stian Jenssen", "person"),
    "magyar": ("Péter Magyar", "Péter Magyar", "person"),
    "orban": ("Viktor Orbán", "Viktor Orbán", "person"),
    "starmer": ("Keir Starmer", "Keir Starmer", "person"),
    "sunak": ("Rishi Sunak", "Rishi Sunak", "person"),
    "ukraine": ("Ukraine", "Ukraine", "state"),
    "germany": ("Germany", "Deutschland", "state"),
    "us": ("United States", "Vereinigte Staaten", "state"),
    "uk": ("United Kingdom", "Vereinigtes Königreich", "state"),
    "hungary": ("Hungary", "Ungarn", "state"),
    "netherlands": ("Netherlands", "Niederlande", "state"),
    "fomc": (
        "Federal Open Market Committee",
        "Offenmarktausschuss der Federal Reserve",
        "organisation",
    ),
}
CONDITIONS = {
    "en": {"troops": "Russia withdraws its troops", "umbrella": "NATO’s umbrella"},
    "de": {"troops": "Russland zieht seine Truppen ab", "umbrella": "der Schirm der NATO"},
}
SAID_AT = {1: "2022-03-10", 2: "2025-08-16", 3: "2024-11-29", 4: "2025-03"}


def change(kind: str, from_: int, to: int | None, **more: Any) -> Change:  # noqa: ANN401
    """Return a change between statements 1 and 2."""
    given: dict[str, Any] = {
        "counts_from": 1_755_302_400,
        "day": 20_316,
        "before": (1,),
        "after": (2,),
        "withdrawn_by": (),
        "other_speaker": False,
        "other_wording": False,
        "known_at": 1,
        "lowest": None,
        "highest": None,
    }
    return Change(kind=kind, from_=from_, to=to, **given | more)  # type: ignore[arg-type]


def by(person: str, side: str = "", before: str = "") -> dict[str, Any]:
    """Return who moved: a person, with their side."""
    lanes = tuple(filter(None, (person, side)))
    return {"lanes": lanes, "before_by": before or person, "after_by": person}


US, UK = by("trump", "us"), by("starmer", "uk")
KYIV, BERLIN = by("zelensky", "ukraine"), by("merz", "germany")
ROSE, FELL = {"appeared": ("umbrella",)}, {"gone": ("troops",)}

FILLINGS: dict[str, list[tuple[str, str, Change]]] = {
    "reversal": [
        ("position", "us", change("reversal", 2, -2, **US)),
        ("direction", "fomc", change("reversal", 2, -2, **by("fomc"))),
        ("expectation", "zelensky", change("reversal", -2, 1, **by("zelensky"))),
    ],
    "returns": [
        ("position", "us", change("reversal", -2, 2, returns_to=(3,), **US)),
        ("position", "merz", change("reversal", -1, 2, returns_to=(3,), **by("merz"))),
        ("claim", "uk", change("reversal", -2, 2, returns_to=(3,), **UK)),
    ],
    "back": [
        ("position", "us", change("reversal", 2, -2, back_on=20_320, **US)),
        ("position", "merz", change("reversal", 2, -1, back_on=20_318, **BERLIN)),
        ("expectation", "uk", change("reversal", 1, -1, back_on=20_318, **UK)),
    ],
    "terms": [
        ("position", "ukraine", change("terms", 2, 2, **ROSE, **KYIV)),
        ("position", "us", change("terms", 1, 1, **FELL, **US)),
        ("position", "germany", change("terms", -2, -2, **ROSE, **FELL, **BERLIN)),
    ],
    "opens": [
        ("position", "ukraine", change("opens", -2, 0, **KYIV)),
        ("expectation", "us", change("opens", -2, 0, **US)),
        ("position", "netherlands", change("opens", 2, 0, **by("netherlands"))),
    ],
    "settles": [
        ("position", "ukraine", change("settles", 0, 2, **KYIV)),
        ("position", "netherlands", change("settles", 0, -2, **by("netherlands"))),
        ("direction", "fomc", change("settles", 0, -2, **by("fomc"))),
    ],
    "succession": [
        ("position", "germany", change("succession", -2, 0, **by("merz", "germany", "scholz"))),
        ("position", "hungary", change("succession", -2, 1, **by("magyar", "hungary", "orban"))),
        ("position", "uk", change("succession", 1, 2, **by("starmer", "uk", "sunak"))),
    ],
    "withdrawn": [
        ("position", "jenssen", change("withdrawn", 1, None, **by("jenssen"))),
        ("position", "ukraine", change("withdrawn", -2, 2, **KYIV)),
        ("position", "netherlands", change("withdrawn", -2, 2, **by("netherlands"))),
    ],
    "vote": [
        ("vote", "us", change("vote", 2, -2)),
        ("vote", "ukraine", change("vote", 0, 2)),
        ("vote", "netherlands", change("vote", 2, 0)),
    ],
    "old": [
        ("position", "merz", change("reversal", -1, 2, old=True, **by("merz"))),
        ("position", "us", change("reversal", 2, -2, old=True, **US)),
        ("position", "ukraine", change("opens", -2, 0, old=True, **KYIV)),
    ],
    "joint": [
        ("position", "uk", change("reversal", -1, 2, joint=True, **UK)),
        ("position", "germany", change("settles", 0, 2, joint=True, **BERLIN)),
        ("position", "us", change("terms", 2, 2, joint=True, **ROSE, **US)),
    ],
    "new office": [
        ("position", "merz", change("reversal", 2, -1, new_office=True, **BERLIN)),
        ("position", "starmer", change("opens", 2, 0, new_office=True, **UK)),
        ("position", "magyar", change("settles", 0, 1, new_office=True, **by("magyar"))),
    ],
    "other wording": [
        ("position", "us", change("reversal", 2, -2, other_wording=True, **US)),
        ("position", "merz", change("opens", -1, 0, other_wording=True, **by("merz"))),
        ("vote", "uk", change("vote", 2, 0, other_wording=True)),
    ],
}
"""Each pattern, and each thing that qualifies one: a scale, whose lane it is, and the change."""


def actor(slug: str, lang: str) -> Actor:
    """Return an actor of the demo, by the name that a language has for it."""
    english, german, kind = NAMES[slug]
    known: dict[str, Any] = {"id": slug, "slug": slug, "name": english, "kind": kind}
    rest = {one.name: one for one in msgspec.structs.fields(Actor)}
    empty = {name: "" for name, one in rest.items() if one.required and name not in known}
    return Actor(**known | empty | {"name": german if lang == "de" else english})


def topic(scale: str) -> Topic:
    """Return a topic that has a scale, and nothing else that a sentence reads."""
    needed = [one.name for one in msgspec.structs.fields(Topic) if one.required]
    return Topic(**dict.fromkeys(needed, "") | {"scale": SCALES[scale]})  # type: ignore[arg-type]


def told(name: str, lang: str) -> Iterator[str]:
    """Yield a pattern filled in a language."""
    for scale, lane, one in FILLINGS[name]:
        role = {"merz": "Chancellor", "magyar": "Prime Minister"}.get(one.after_by, "")
        yield sentence(
            Turning(
                topic=topic(scale),
                actor=actor(lane, lang),
                change=one,
                who=lambda slug: actor(slug, lang),
                said_at=SAID_AT,
                terms=CONDITIONS[lang],
                role=role if one.kind == "succession" else "",
            )
        )


JUDGES = re.compile(
    r"\b(flip|u-turn|suddenly|finally|dramatic|plötzlich|endlich|Kehrtwende)", re.IGNORECASE
)


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("name", FILLINGS)
def test_every_pattern_is_a_sentence_in_both_languages(demo: Site, name: str, lang: str) -> None:
    with demo.app.test_request_context(), speaking(lang):
        found = [*told(name, lang)]
    print(f"\n{name} ({lang})", *found, sep="\n  ")  # noqa: T201 - to be read
    assert len({*found}) == len(found) >= 3
    for one in found:
        assert one[0].isupper()
        assert not re.search(r"%\(|  |\b(None|the the)\b|“”| ,|\.\.", one)
        assert not JUDGES.search(one)
    if lang == "de":
        english = [one for one in found if re.search(r"\b(the|from|and)\b", one)]
        assert english == []


def test_every_kind_of_change_has_its_pattern_and_three_fillings() -> None:
    assert {*PATTERNS} == {*CHANGED}
    kinds = {one.kind for some in FILLINGS.values() for _, _, one in some}
    assert kinds == {*CHANGED}
