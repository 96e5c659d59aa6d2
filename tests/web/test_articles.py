from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel

from web.i18n.translate import speaking
from web.wording.noun_articles import contracted, named


@pytest.fixture(autouse=True)
def _spoken() -> object:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("name", "kind", "nominative", "dative", "accusative"),
    [
        ("Ukraine", "state", "die Ukraine", "der Ukraine", "die Ukraine"),
        ("die Ukraine", "state", "die Ukraine", "der Ukraine", "die Ukraine"),
        ("USA", "state", "die USA", "den USA", "die USA"),
        ("Die USA", "state", "die USA", "den USA", "die USA"),
        ("Iran", "state", "der Iran", "dem Iran", "den Iran"),
        ("Türkei", "state", "die Türkei", "der Türkei", "die Türkei"),
        ("Niederlande", "state", "die Niederlande", "den Niederlanden", "die Niederlande"),
        ("Russland", "state", "Russland", "Russland", "Russland"),
        ("Brazil", "state", "Brazil", "Brazil", "Brazil"),
        ("United States", "state", "die United States", "den United States", "die United States"),
        (
            "Vereinigte Staaten",
            "state",
            "die Vereinigten Staaten",
            "den Vereinigten Staaten",
            "die Vereinigten Staaten",
        ),
        (
            "Vereinigte Arabische Emirate",
            "state",
            "die Vereinigten Arabischen Emirate",
            "den Vereinigten Arabischen Emiraten",
            "die Vereinigten Arabischen Emirate",
        ),
        (
            "Vereinigtes Königreich",
            "state",
            "das Vereinigte Königreich",
            "dem Vereinigten Königreich",
            "das Vereinigte Königreich",
        ),
        (
            "Demokratische Republik Kongo",
            "state",
            "die Demokratische Republik Kongo",
            "der Demokratischen Republik Kongo",
            "die Demokratische Republik Kongo",
        ),
        (
            "Europäische Union",
            "organisation",
            "die Europäische Union",
            "der Europäischen Union",
            "die Europäische Union",
        ),
        ("NATO", "organisation", "die NATO", "der NATO", "die NATO"),
        (
            "Auswärtiges Amt",
            "office",
            "das Auswärtige Amt",
            "dem Auswärtigen Amt",
            "das Auswärtige Amt",
        ),
        ("Weißes Haus", "office", "das Weiße Haus", "dem Weißen Haus", "das Weiße Haus"),
        (
            "Bundesregierung",
            "organisation",
            "die Bundesregierung",
            "der Bundesregierung",
            "die Bundesregierung",
        ),
        (
            "Europäischer Rat",
            "organisation",
            "der Europäische Rat",
            "dem Europäischen Rat",
            "den Europäischen Rat",
        ),
        ("Grand Sekretariat", "organisation", *["Grand Sekretariat"] * 3),
        ("Die Grünen", "organisation", "die Grünen", "den Grünen", "die Grünen"),
        ("Der Kreml", "office", "der Kreml", "dem Kreml", "den Kreml"),
        (
            "Trade Commission",
            "organisation",
            "die Trade Commission",
            "der Trade Commission",
            "die Trade Commission",
        ),
        ("Greenpeace", "organisation", "Greenpeace", "Greenpeace", "Greenpeace"),
        ("europäische Spitzenpolitiker", "collective", *["europäische Spitzenpolitiker"] * 3),
        ("Anna Republik", "person", *["Anna Republik"] * 3),
        ("die", "organisation", "die", "die", "die"),
        ("", "", "", "", ""),
    ],
)
def test_a_german_name_has_its_article_in_every_case(
    name: str, kind: str, nominative: str, dative: str, accusative: str
) -> None:
    with speaking("de"):
        assert named(name, kind) == nominative
        assert named(name, kind, "dative") == dative
        assert named(name, kind, "accusative") == accusative


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("United States", "state", "the United States"),
        ("Netherlands", "state", "the Netherlands"),
        ("Czech Republic", "state", "the Czech Republic"),
        ("Democratic Republic of the Congo", "state", "the Democratic Republic of the Congo"),
        ("US", "state", "the US"),
        ("Ukraine", "state", "Ukraine"),
        ("Russia", "state", "Russia"),
        ("European Commission", "organisation", "the European Commission"),
        ("The Hague Court", "organisation", "the Hague Court"),
        ("US government circles", "unnamed", "US government circles"),
        ("NATO", "organisation", "NATO"),
        ("Anna Council", "person", "Anna Council"),
    ],
)
def test_an_english_name_has_its_article_in_every_case(name: str, kind: str, told: str) -> None:
    with speaking("en"):
        assert {named(name, kind, case) for case in ("nominative", "dative", "accusative")} == {
            told
        }


def test_a_preposition_and_its_article_are_drawn_together() -> None:
    assert contracted("von dem Kreml") == "vom Kreml"
    assert contracted("bei dem Auswärtigen Amt") == "beim Auswärtigen Amt"
    assert contracted("von der Ukraine") == "von der Ukraine"
