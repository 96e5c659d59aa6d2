"""Who decides for a side by office, as the words of a role suggest it."""

from __future__ import annotations

import pytest

from timeline.domain.standing import (
    STANDINGS,
    StatedStanding,
    proposed_standing,
    standing_on,
)

DECIDES = (
    "Chancellor of Germany",
    "Bundeskanzlerin",
    "deutscher Bundeskanzler",
    "Prime Minister of Poland",
    "Italian prime minister",
    "acting prime minister of Bulgaria",
    "Ministerpräsidentin von Dänemark",
    "britischer Premierminister",
    "Prime Minister and Minister of Defence of Sweden",
    "President of the United States",
    "U.S. President",
    "US-Präsident",
    "President of Russia",
    "russischer Präsident",
    "Präsident der Ukraine",
    "President of France",
    "französischer Staatspräsident",
    "President",
    "head of government",
    "Regierungschefin",
    "Supreme Leader of Iran",
)
SPEAKS = (
    "",
    "Vice-Chancellor of Germany",
    "Vizekanzler",
    "Vice-Chancellor and Minister of Finance of Germany",
    "Vice President of the United States",
    "Deputy Prime Minister of Ukraine",
    "stellvertretende Ministerpräsidentin",
    "former Chancellor of Germany",
    "Altkanzler",
    "President-elect of the United States",
    "Kanzlerkandidat",
    "Chancellor of the Exchequer",
    "Kremlin spokesman",
    "deputy spokesman for the German government",
    "Regierungssprecher",
    "spokeswoman of the Prime Minister",
    "adviser to the President and Prime Minister",
    "Berater des Präsidenten der Ukraine",
    "Head of the Office of the President of Ukraine",
    "Chef des Bundeskanzleramts",
    "Minister in the Prime Minister’s Office",
    "White House Deputy Press Secretary",
    "US Secretary of State",
    "US special envoy for Ukraine",
    "Sondergesandter des US-Präsidenten",
    "Minister of Foreign Affairs and Trade of Hungary",
    "Außenministerin",
    "Ambassador of Ukraine to Germany",
    "chief negotiator for Ukraine",
    "First Deputy Permanent Representative of Russia to the United Nations",
    "High Representative of the Union for Foreign Affairs and Security Policy",
    "NATO Secretary General",
    "President of Poland",
    "Bundespräsident",
    "Prime Minister of France",
    "President of the European Commission",
    "President of the European Council",
    "President of the US Senate",
    "Bundestagspräsidentin",
    "Präsident des Bundestages",
    "Präsident der Bundesbank",
    "chair of the party",
    "Parteivorsitzende",
    "Russian leadership",
)


@pytest.mark.parametrize("role", DECIDES)
def test_who_leads_the_government_decides_by_office(role: str) -> None:
    assert proposed_standing(role) == "decides"


@pytest.mark.parametrize("role", SPEAKS)
def test_everybody_else_is_a_voice_until_somebody_says_otherwise(role: str) -> None:
    assert proposed_standing(role) == "speaks"


def test_a_standing_is_one_of_two() -> None:
    assert STANDINGS == ("decides", "speaks")


DECIDES_LATER = StatedStanding("decides", since="2025-06-01")
ONLY_ON_RATES = StatedStanding("speaks", topic="rates")


@pytest.mark.parametrize(
    ("topic", "day", "held"),
    [
        ("peace", 1_700_000_000, "speaks"),  # before June 2025: as it was mandated
        ("peace", 1_760_000_000, "decides"),
        ("rates", 1_760_000_000, "speaks"),  # what is said of the topic counts first
        ("rates", None, "speaks"),
    ],
)
def test_the_last_word_that_covers_the_day_counts_and_that_of_the_topic_before_all(
    topic: str, day: int | None, held: str
) -> None:
    stated = (ONLY_ON_RATES, DECIDES_LATER)
    assert standing_on(topic, day, day, mandated="speaks", stated=stated) == held


def test_a_mandate_of_which_nobody_said_it_has_no_standing() -> None:
    assert standing_on("peace", None, None, mandated="", stated=()) == ""
