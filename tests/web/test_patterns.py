"""Every pattern of a sentence, with three real fillings, to be read by somebody.

They tell of changes, open topics and stories, sum up months, answer searches, and compare. Run
`pytest -s tests/web/test_patterns.py` to read them. What a machine can tell is held here: each
pattern is filled in both languages, begins as a sentence does, leaves no gap, judges nothing, and
tells what was said in the past tense, since nobody knows what is held now.
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from timeline.domain.position import Change
from timeline.domain.scales import SCALES
from timeline.projections.queries.directory import Actor, Topic
from timeline.projections.tables.kinds import CHANGED
from web.i18n.translate import speaking
from web.wording import comparing, lede, verbs
from web.wording.changes import PATTERNS, WordedChange, sentence
from web.wording.grammar import Noun, noun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    "allies": ("NATO allies", "NATO-Verbündete", "organisation"),
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
    "already": [
        ("position", "us", change("reversal", 2, 0, returns_to=(3,), **US)),
        ("position", "merz", change("terms", 2, 2, returns_to=(3,), **ROSE, **by("merz"))),
        ("claim", "uk", change("reversal", -2, 1, returns_to=(3,), **UK)),
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
        ("position", "ukraine", change("terms", 1, 2, **ROSE, **KYIV)),
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
    rest = {field.name: field for field in msgspec.structs.fields(Actor)}
    empty = {name: "" for name, field in rest.items() if field.required and name not in known}
    return Actor(**known | empty | {"name": german if lang == "de" else english})


def topic(scale: str) -> Topic:
    """Return a topic that has a scale, and nothing else that a sentence reads."""
    needed = [field.name for field in msgspec.structs.fields(Topic) if field.required]
    return Topic(**dict.fromkeys(needed, "") | {"scale": SCALES[scale]})  # type: ignore[arg-type]


def told(name: str, lang: str, conditional: tuple[int, ...] = ()) -> Iterator[str]:
    """Yield a pattern filled in a language; statements that name a condition by number."""
    for scale, lane, one in FILLINGS[name]:
        role = {"merz": "Chancellor", "magyar": "Prime Minister"}.get(one.after_by, "")
        yield sentence(
            WordedChange(
                topic=topic(scale),
                actor=actor(lane, lang),
                change=one,
                who=lambda slug: actor(slug, lang),
                said_at=SAID_AT,
                terms=CONDITIONS[lang],
                conditional=conditional,
                role=role if one.kind == "succession" else "",
            )
        )


@pytest.mark.parametrize(
    ("lang", "same", "already", "side"),
    [
        ("en", "the same position as on", "as on", "on the same side as on"),
        ("de", "dieselbe Position wie am", "wie schon am", "auf derselben Seite wie am"),
    ],
)
def test_who_returns_to_a_side_is_not_said_to_return_to_the_same_position(
    demo: Site, lang: str, same: str, already: str, side: str
) -> None:
    with demo.app.test_request_context(), speaking(lang):
        found = [*told("already", lang)]
    for one, words in zip(found, (same, already, side), strict=True):
        assert f", {words} " in one
    assert same not in found[1] + found[2]


@pytest.mark.parametrize(
    ("name", "number", "english", "german"),
    [
        ("reversal", 2, "to opposing, with a condition", "zu Ablehnung, mit einer Bedingung"),
        (
            "reversal",
            1,
            "supporting, with a condition, to",
            "Befürwortung (mit einer Bedingung) zu",
        ),
        (
            "settles",
            1,
            "undecided, with a condition, and",
            "unentschieden (mit einer Bedingung) und",
        ),
        ("succession", 2, "undecided, with a condition; before", "mit einer Bedingung; davor"),
        ("succession", 1, "opposed this, with a condition", "dagegen, mit einer Bedingung"),
        ("terms", 1, "but now set a new condition: “", "stellte nun aber eine neue Bedingung: „"),
    ],
)
def test_a_change_tells_that_either_end_has_a_condition(
    demo: Site, name: str, number: int, english: str, german: str
) -> None:
    for lang, words in (("en", english), ("de", german)):
        with demo.app.test_request_context(), speaking(lang):
            assert words in next(told(name, lang, (number,)))


def test_who_moves_within_a_side_is_not_said_to_stand_where_they_stood(demo: Site) -> None:
    with demo.app.test_request_context(), speaking("en"):
        *_, found = told("terms", "en")
    assert "moved from accepting to supporting but now set a condition" in found


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


PRESENT = re.compile(
    r"\b(opposes|doubts|accepts|supports|sets|wants|takes|is|are|has|have)\b"
    r"|\b(ist|sind|hat|haben|nimmt|nehmen|will|wollen|stellt|lautet)\b"
)


@pytest.mark.parametrize("lang", ["en", "de"])
def test_no_change_is_told_in_the_present_tense(demo: Site, lang: str) -> None:
    with demo.app.test_request_context(), speaking(lang):
        found = [text for name in FILLINGS for text in told(name, lang)]
    quoted = re.compile(r"“[^”]*”|„[^“]*“")
    assert [one for one in found if PRESENT.search(quoted.sub("", one))] == []
    with demo.app.test_request_context(), speaking(lang):
        every = [
            table[key](number)
            for table in (verbs.DID, verbs.THEN)
            for key in table
            for number in (1, 2)
        ]
    assert [
        one
        for one in every
        if PRESENT.search(one.replace("whether it is so", "").replace("ob es so ist", ""))
    ] == []


Filling = tuple["Callable[..., str]", tuple[object, ...], dict[str, object]]


def fill(pattern: Callable[..., str], *given: object, **more: object) -> Filling:
    """Return a pattern with what fills it; names in it are nouns of the demo."""
    return pattern, given, more


class Named(msgspec.Struct, frozen=True):
    """Actors that become nouns in the language of the answer."""

    slugs: tuple[str, ...]


def by_name(*slugs: str) -> Named:
    """Name actors of the demo."""
    return Named(slugs)


FEW = by_name("germany", "uk", "us")
MANY = by_name("ukraine", "germany", "us", "uk", "hungary")
POSITION, VOTE, DIRECTION = SCALES["position"], SCALES["vote"], SCALES["direction"]
CLAIM, EXPECTATION = SCALES["claim"], SCALES["expectation"]

SENTENCES: dict[str, list[Filling]] = {
    "where sides stood": [
        fill(lede.standing, POSITION, {2: FEW, 1: by_name("hungary"), -2: by_name("merz")}),
        fill(lede.standing, DIRECTION, {0: by_name("fomc"), -2: by_name("merz", "magyar")}),
        fill(lede.standing, VOTE, {2: MANY, 0: by_name("netherlands"), -2: by_name("us")}),
        fill(lede.standing, VOTE, {2: MANY, -2: by_name("us")}, "2019-11-07"),
        fill(lede.standing, DIRECTION, {-2: by_name("fomc")}, "2024-09-18", is_recurring=True),
        fill(lede.standing, CLAIM, {2: by_name("us"), 0: by_name("uk"), -1: by_name("hungary")}),
        fill(lede.standing, EXPECTATION, {2: by_name("ukraine"), -2: by_name("merz", "orban")}),
    ],
    "who differed from their side": [
        fill(lede.in_person, POSITION, {-2: by_name("jenssen")}),
        fill(lede.in_person, POSITION, {2: by_name("merz", "starmer"), 0: by_name("orban")}),
        fill(lede.by_voices, POSITION, {2: by_name("merz")}),
        fill(lede.by_voices, POSITION, {1: by_name("merz", "scholz"), -1: by_name("orban")}),
    ],
    "who contradicted, named terms, was silent": [
        fill(lede.differing, by_name("us")),
        fill(lede.differing, by_name("hungary", "germany")),
        fill(lede.conditions, by_name("ukraine")),
        fill(lede.conditions, FEW),
        fill(lede.conditions, MANY),
        fill(lede.long_silent, by_name("us")),
        fill(lede.long_silent, by_name("merz")),
        fill(lede.long_silent, MANY),
        fill(lede.not_taking_part, by_name("us")),
        fill(lede.not_taking_part, MANY),
        fill(lede.silent, 1),
        fill(lede.silent, 2),
        fill(lede.silent, 13),
        fill(lede.silent, 1, alone=True),
    ],
    "who moved on a topic": [
        fill(lede.moved, 1, [(by_name("us"), 2)], "2025-08-16"),
        fill(lede.moved, 11, [(by_name("merz"), 1)], "2025-06-25"),
        fill(lede.moved, 59, [(by_name("us"), 9)], "2024-09-18"),
        fill(lede.moved, 4, [(by_name("us"), 1), (by_name("uk"), 1)], "2025-08"),
        fill(lede.moved, 14, [(by_name("us"), 2), (by_name("uk"), 1)], "2025-08-14/2025-08-15"),
        fill(lede.moved, 9, [(by_name("us"), 1), (by_name("ukraine"), 3)], "2025"),
        fill(lede.moved, 9, [(by_name("us"), 1), (by_name("ukraine"), 3)], "2025", 2),
        fill(
            lede.moved, 9, [(by_name("us"), 1), (by_name("uk"), 1), (by_name("merz"), 1)], "2025", 2
        ),
        fill(lede.moved, 9, [(by_name("us"), 1), (by_name("uk"), 1)], "2025-08-16", 2),
        fill(lede.moved, 3, [], "", is_unsigned=True),
        fill(lede.moved, 1, [], "", is_unsigned=True),
        fill(lede.moved, 3, [], ""),
        fill(lede.moved, 1, [], ""),
        fill(lede.speakers_moved, by_name("jenssen"), 1, "2023-08-15"),
        fill(lede.speakers_moved, by_name("jenssen"), 2, "2023-08-15"),
        fill(lede.speakers_moved, by_name("merz", "orban"), 2, "2025-06"),
        fill(lede.speakers_moved, MANY, 5, "2025"),
    ],
    "a stretch of a story": [
        fill(lede.changes_of, "in 2025", 0),
        fill(lede.changes_of, "in 2025", 0, is_filtered=True),
        fill(lede.changes_of, "in 2025", 1),
        fill(lede.changes_of, "", 13),
        fill(lede.changes_of, "between Feb 2022 and Jul 2026", 7),
        fill(lede.sides_moved, "in 2022", [(by_name("us"), 1)], "2022-09-30"),
        fill(lede.sides_moved, "in 2022", [(by_name("ukraine"), 2)], "2022-09-30"),
        fill(lede.sides_moved, "in 2019", [(by_name("ukraine"), 11)], "2019-12"),
        fill(lede.sides_moved, "in 2018", [(by_name("netherlands"), 13)], "2018"),
        fill(lede.sides_moved, "in 2025", [(by_name("us"), 1), (by_name("uk"), 1)], "2025-08-16"),
        fill(lede.sides_moved, "in 2025", [(by_name("us"), 4), (by_name("uk"), 1)], "2025-08-16"),
        fill(lede.sides_moved, "in 2025", [(by_name("ukraine"), 1), (by_name("us"), 4)], "2025-12"),
        fill(lede.sides_moved, "in 2025", [(by_name("uk"), 1), (by_name("us"), 4)], "2025-12", 2),
        fill(lede.moved_in_person, by_name("jenssen"), "in 2023"),
        fill(lede.moved_in_person, by_name("merz", "orban"), "in 2023"),
        fill(lede.moved_in_person, by_name("jenssen"), ""),
        fill(lede.moved_in_person, by_name("merz", "orban", "sunak", "starmer", "trump"), ""),
        fill(lede.mostly_on, "Ceasefire first", 7, 13),
        fill(lede.mostly_on, "Ceasefire first", 4, 4),
        fill(lede.mostly_on, "NATO", 2, 5),
    ],
    "a month of a story": [
        fill(lede.month, 10, ("Territory", 4), (by_name("ukraine"), 3), is_busy=True),
        fill(lede.month, 4, ("Territory", 4), (by_name("us"), 4), is_busy=False),
        fill(lede.month, 5, ("Territory", 1), (by_name("merz"), 1), is_busy=False),
    ],
    "the answer to a search": [
        fill(lede.word_gone, by_name("fomc"), "transitory", "2021-11-03", "2021-12-15"),
        fill(lede.word_gone, by_name("netherlands"), "transitory", "2021-11", "2021"),
        fill(lede.last_heard, POSITION, by_name("us"), 1, "2026-06-04", conditional=True),
        fill(lede.last_heard, POSITION, by_name("merz"), -2, "2026-06", conditional=False),
        fill(lede.last_heard, VOTE, by_name("netherlands"), 0, "2019-12-18", conditional=False),
        fill(lede.last_differing, by_name("us"), "2026-05-22/2026-05-23"),
        fill(lede.silent_itself, POSITION, by_name("us"), 2, "2025-11-20"),
        fill(lede.said_nothing, by_name("hungary")),
        fill(lede.said_nothing, by_name("allies")),
        fill(lede.without_decider, by_name("us"), by_name("merz"), "supported this", "2025-11"),
    ],
    "a comparison": [
        fill(comparing.agreed, 3, 0, 14),
        fill(comparing.agreed, 2, 1, 14),
        fill(comparing.agreed, 2, 5, 14),
        fill(comparing.agreed, 3, 1, 4),
        fill(comparing.agreed, 2, 2, 2),
        fill(comparing.agreed, 3, 5, 5),
        fill(comparing.agreed, 3, 5, 14),
        fill(comparing.parted, 0),
        fill(comparing.parted, 1),
        fill(comparing.parted, 7),
        fill(comparing.differing, 1, 30),
        fill(comparing.differing, 4, 30),
        fill(comparing.moved_between, 1, 30, "1 Feb 2026", "1 Dec 2026"),
        fill(comparing.moved_between, 4, 30, "1 Feb 2026", "1 Dec 2026"),
    ],
}
"""Each other pattern, by what it tells, filled with names of the demo."""

NO_SENTENCE = {
    "lede.py": {"%(number)s, among them %(named)s,", "%(number)s change", "%(number)s changes"},
    "comparing.py": {
        *("Compare positions", "Who stood where", "%(actors)s, question by question"),
        *("%(num)d actor, question by question", "%(num)d actors, question by question"),
    },
}
"""What is no sentence of its own: parts of others, and headings."""


def filled(one: Filling, lang: str) -> str:
    """Return a pattern filled in the language that is spoken."""

    def named(given: Any) -> Any:  # noqa: ANN401
        if isinstance(given, Named):
            return [noun(actor(slug, lang)) for slug in given.slugs]
        if isinstance(given, dict):
            return {step: named(nouns) for step, nouns in given.items()}
        if isinstance(given, list):
            return [(named(who)[0], count) for who, count in given]
        if isinstance(given, tuple) and isinstance(given[0], Named):
            return named(given[0])[0], given[1]
        return given

    pattern, given, more = one
    alone = {"noun", "person", "scale"} & {*inspect.signature(pattern).parameters}
    found = [named(value) for value in given]
    if alone and pattern not in (lede.standing, lede.in_person, lede.by_voices):
        found = [
            value[0] if isinstance(value, list) and isinstance(value[0], Noun) else value
            for value in found
        ]
    return pattern(*found, **more)


def patterns_of(module: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the messages of a module, for one and for several."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        name = (
            call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
        )
        if isinstance(call, ast.Call) and name in ("gettext", "ngettext"):
            for given in call.args[: 1 + (name == "ngettext")]:
                if isinstance(given, ast.Constant):
                    yield str(given.value)


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("name", SENTENCES)
def test_what_opens_sums_up_answers_and_compares_is_a_sentence_in_both_languages(
    demo: Site, name: str, lang: str
) -> None:
    with demo.app.test_request_context(), speaking(lang):
        found = [filled(one, lang) for one in SENTENCES[name]]
    print(f"\n{name} ({lang})", *found, sep="\n  ")  # noqa: T201 - to be read
    assert len({*found}) == len(found) >= 3
    for one in found:
        assert one[0].isupper() or one[0].isdigit()
        assert not re.search(r"%\(|  |\b(None|the the)\b|“”| ,|\.\.", one)
        assert not JUDGES.search(one)


def test_every_pattern_of_ledes_and_comparisons_is_read_there(demo: Site) -> None:
    with demo.app.test_request_context(), speaking("en"):
        found = [filled(one, "en") for some in SENTENCES.values() for one in some]
    for module in (lede, comparing):
        missing = []
        for text in {*patterns_of(module)} - NO_SENTENCE[Path(str(module.__file__)).name]:
            words = "".join(
                ".+?" if part.startswith("%(") else re.escape(part)
                for part in re.split(r"(%\(\w+\)[sd])", text)
            )
            if not any(re.search(words, one, re.IGNORECASE) for one in found):
                missing.append(text)
        assert missing == []


def test_every_kind_of_change_has_its_pattern_and_three_fillings() -> None:
    assert {*PATTERNS} == {*CHANGED}
    kinds = {one.kind for some in FILLINGS.values() for _, _, one in some}
    assert kinds == {*CHANGED}
