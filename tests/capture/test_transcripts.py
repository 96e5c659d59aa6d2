"""Transcripts: read with their speakers, who are then known for every word."""

from __future__ import annotations

import pytest

from timeline.capture.files.readers import read_article
from timeline.capture.reading.agenda import items, voices, words_of
from timeline.domain.errors import Refused
from timeline.domain.turns import speaker_at, turns

PROTOCOL = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE dbtplenarprotokoll SYSTEM "dbtplenarprotokoll.dtd">
<dbtplenarprotokoll wahlperiode="99" sitzung-nr="7" sitzung-datum="16.12.2025">
<vorspann><kopfdaten><plenarprotokoll-nummer>99/7</plenarprotokoll-nummer></kopfdaten></vorspann>
<sitzungsverlauf><tagesordnungspunkt top-id="Tagesordnungspunkt 5">
<p klasse="J">Ich rufe auf den Punkt 5.<sup>1</sup>
<fussnote>Anlage 2 </fussnote></p>
<rede id="ID1"><p klasse="redner"><redner id="1"><name><titel>Dr.</titel><vorname>Ada</vorname>
<nachname>Muster</nachname><fraktion>ABC</fraktion></name></redner>Dr. Ada von Muster (ABC):</p>
<p klasse="J_1">Wir sind für die Brücke. Drei Gründe:</p>
<kommentar>(Beifall bei der ABC)</kommentar>
<p klasse="J">Erstens: Sie fehlt.</p>
<name>Präsidentin Jo Vorn:</name>
<p klasse="J_1">Danke. – Das Wort hat der Minister.</p></rede>
<rede id="ID2"><p klasse="redner"><redner id="2"><name><vorname>Max</vorname>
<nachname>Amt</nachname><rolle><rolle_lang>Bundesminister</rolle_lang></rolle></name></redner></p>
<p klasse="J_1">Ich bin dagegen.</p></rede>
</tagesordnungspunkt></sitzungsverlauf>
<rednerliste><redner id="1"><name><vorname>Ada</vorname></name></redner></rednerliste>
</dbtplenarprotokoll>"""
TEXT = """Tagesordnungspunkt 5

Ich rufe auf den Punkt 5.

Dr. Ada von Muster (ABC):

Wir sind für die Brücke. Drei Gründe:

(Beifall bei der ABC)

Erstens: Sie fehlt.

Präsidentin Jo Vorn:

Danke. – Das Wort hat der Minister.

Max Amt, Bundesminister:

Ich bin dagegen."""

CAPTIONS = """WEBVTT

NOTE made up

1
00:00:01.000 --> 00:00:03.000
<v Dora Example>We want the bridge

00:00:03.000 --> 00:00:05.000
<v Dora Example>as soon as it can be built.

00:00:05.000 --> 00:00:06.000
<v Host>And you?

00:00:06.000 --> 00:00:08.000
<v Pjotr Petrow>We do <b>not</b> want it.

00:00:08.000 --> 00:00:08.100
<v Pjotr Petrow>We do <b>not</b> want it.
"""

INTERVIEW = """Two questions on the bridge.

Post: Do you want it?

Example: Yes. One thing: it has to be cheap.

Post: And when?

Example: Soon."""


def test_a_plenary_protocol_is_read_with_its_speakers_and_day() -> None:
    file = read_article(PROTOCOL.encode(), "99007.xml")
    assert file.text == TEXT
    assert (file.title, file.outlet) == ("Plenarprotokoll 99/7", "Deutscher Bundestag")
    assert (file.published_at, file.lang) == ("2025-12-16", "de")


def test_every_word_of_a_protocol_has_its_speaker() -> None:
    said = {"Ich rufe": "", "Wir sind": "Ada von Muster", "Erstens": "Ada von Muster"}
    said |= {"Danke": "Jo Vorn", "Ich bin": "Max Amt"}
    assert {words: speaker_at(TEXT, TEXT.index(words)) for words in said} == said


def test_captions_are_read_by_turns_and_what_rolls_up_once() -> None:
    text = read_article(CAPTIONS.encode(), "talk.vtt").text
    assert text == (
        "Dora Example:\n\nWe want the bridge as soon as it can be built.\n\nHost:\n\nAnd you?\n\n"
        "Pjotr Petrow:\n\nWe do not want it."
    )


def test_captions_without_voices_are_plain_text() -> None:
    plain = "WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\n00:02.000 --> 00:03.000\nTwo.\n"
    text = read_article(plain.encode(), "talk.vtt").text
    assert text == "One. Two."
    assert turns(text) == ()


def test_an_interview_is_divided_by_the_names_that_come_again() -> None:
    assert [turn.speaker for turn in turns(INTERVIEW)] == ["Post", "Example", "Post", "Example"]
    assert speaker_at(INTERVIEW, INTERVIEW.index("cheap")) == "Example"
    assert speaker_at(INTERVIEW, 0) == ""


def test_in_a_short_transcript_everybody_may_speak_once() -> None:
    clip = "Ida Frager:\n\nWill it be built?\n\nOtto van Muster:\n\nYes. I am for it."
    assert [turn.speaker for turn in turns(clip)] == ["Ida Frager", "Otto van Muster"]
    assert speaker_at(clip, clip.index("I am for it")) == "Otto van Muster"


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Ida Frager: Wird gebaut?\n\nOtto Muster: «Ja.»", ["Ida Frager", "Otto Muster"]),
        (
            "MS. FRAGER:  Good day.\n\nQ    And when?\n\nMS. FRAGER:  Soon.\n\nQ    How?",
            ["FRAGER", "", "FRAGER", ""],
        ),
        (
            "THE PRESIDENT: It is built.\nQ: By whom?\nTHE PRESIDENT: By us.\nQ: Thanks.",
            ["THE PRESIDENT", "", "THE PRESIDENT", ""],
        ),
    ],
)
def test_what_stands_behind_a_name_and_a_colon_is_what_they_say(
    text: str, speakers: list[str]
) -> None:
    assert [turn.speaker for turn in turns(text)] == speakers


@pytest.mark.parametrize(
    "text",
    [
        "Ida Frager: Wird gebaut?\n\nOtto Muster: Ja.\n\nDas sagten sie am Montag.",
        "Neue Brücke: 3 Millionen\nAlte Brücke: 2 Millionen",
        "Q: And when?\n\nQ: How?",
        "A Talk\n\nIda Frager:\n\nWill it be built?\n\nOtto Muster:\n\nYes.",
        "Ida Frager:\n\nWill it be built?\n\nMore on the bridge.\n\nOtto Muster:\n\nYes.",
        "Ida Frager:\n\nWill it be built? That is what she asked.",
        "The talks went on.\n\nBackground: they began in May.\n\nSource: our own.",
        "Weitere Informationen:\n\nEins.\n\nQuellen:\n\nZwei.",
        "12:30: The doors open.\n\n12:45: They close.\n\n12:30: Again.",
    ],
)
def test_headings_of_an_article_are_no_speakers(text: str) -> None:
    assert turns(text) == ()


@pytest.mark.parametrize(
    "data", [b"<dbtplenarprotokoll><p>", b"<dbtplenarprotokoll/>", b"WEBVTT broken\nx --> y"]
)
def test_a_broken_transcript_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read_article(data, "x")


def test_no_entity_of_a_protocol_is_resolved() -> None:
    hidden = '<!DOCTYPE dbtplenarprotokoll [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    inside = PROTOCOL.replace("Ich bin dagegen.", "Ich &e; dagegen.")
    begin, _, rest = inside.partition("\n")
    data = f"{begin}\n{hidden}\n{rest.partition(chr(10))[2]}"
    assert "Ich dagegen." in read_article(data.encode(), "x").text


SITTING = """Präsidentin Jo Vorn:

Die Sitzung ist eröffnet.

Tagesordnungspunkt 1

Beratung des Antrags der ABC

Eine Brücke für Aland

Drucksache 99/1

Dr. Ada von Muster (ABC):

Wir sind für die Brücke. Liebe Kolleginnen und Kollegen:

Sie fehlt. Meine Damen und Herren, ich sage Ihnen:

Sie fehlt sehr.

Präsidentin Jo Vorn:

Das Wort hat der Staatssekretär.

Zusatzpunkt 2a

Aktuelle Stunde

Max Amt, Parl. Staatssekretär beim Bundesminister für Brücken, Straßen und allerlei Wege zu Wasser:

Ich bin dagegen.

Dr. Ada von Muster (ABC):

Schade."""


def test_a_sitting_has_the_items_of_its_agenda_with_who_speaks_on_each() -> None:
    found = items(SITTING)
    assert [(item.heading, item.about, item.speakers) for item in found] == [
        ("", "", ("Jo Vorn",)),
        (
            "Tagesordnungspunkt 1",
            "Beratung des Antrags der ABC – Eine Brücke für Aland",
            ("Ada von Muster", "Jo Vorn"),
        ),
        ("Zusatzpunkt 2a", "Aktuelle Stunde", ("Max Amt", "Ada von Muster")),
    ]
    assert "".join(SITTING[item.start : item.end] for item in found) == SITTING
    assert items("Tagesordnungspunkt 1\n\nAlone.") == ()


def test_all_that_one_person_says_is_put_together_without_the_headings_in_between() -> None:
    assert [(voice.name, voice.turns) for voice in voices(SITTING)] == [
        ("Ada von Muster", 2),
        ("Jo Vorn", 2),
        ("Max Amt", 1),
    ]
    said = words_of(SITTING, "Jo Vorn")
    assert said == (
        "Präsidentin Jo Vorn:\n\nDie Sitzung ist eröffnet.\n\n"
        "Präsidentin Jo Vorn:\n\nDas Wort hat der Staatssekretär."
    )
    assert words_of(SITTING, "Nobody") == ""


def test_a_long_office_is_no_reason_to_miss_who_speaks_and_an_address_is_no_name() -> None:
    assert speaker_at(SITTING, SITTING.index("Ich bin dagegen")) == "Max Amt"
    for words in ("Sie fehlt.", "Sie fehlt sehr"):
        assert speaker_at(SITTING, SITTING.index(words)) == "Ada von Muster"


def test_a_host_without_a_party_speaks_beside_guests_who_have_one() -> None:
    talk = "Dora Example (ABC):\n\nYes.\n\nJo Host:\n\nWhy?\n\nMax Amt (DEF):\n\nNo."
    assert speaker_at(talk, talk.index("Why")) == "Jo Host"


def test_a_line_that_addresses_the_house_is_nobody_s_name_where_all_others_have_a_party() -> None:
    turn = "Dora Example (ABC):\n\nYes.\n\nMax Amt (DEF):\n\nNo.\n\n"
    sitting = f"{turn * 6}Dora Example (ABC):\n\nSo.\n\nLiebe Kolleginnen und Kollegen:\n\nEnde."
    assert speaker_at(sitting, sitting.index("Ende")) == "Dora Example"
