from __future__ import annotations

import pytest

from timeline.projections.tables.stems import stems, stems_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Länder", "Laender"),
        ("Länder", "Lander"),
        ("Länder", "Land"),
        ("Straße", "STRASSE"),
        ("Verhandlung", "Verhandlungen"),
        ("Garantie", "Garantien"),
        ("guarantee", "guarantees"),
        ("value", "valued"),
        ("goes", "going"),
        ("Зеленський", "зеленський"),
        ("café", "cafe"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert set(stems_of(one)) & set(stems_of(other))


def test_different_words_share_none() -> None:
    assert not set(stems_of("beitritt")) & set(stems_of("angriff"))


def test_words_that_tell_nothing_are_left_out() -> None:
    assert stems("die länder und the lands of sich") == ["land", "lander", "lands"]


def test_a_stem_is_plain_ascii_whatever_the_script() -> None:
    found = stems("Зеленський 北京 Größe naïve Ελλάδα ‘quoted’ 2025-12 G7 💥 _x_")
    assert all(one.isascii() and one.isalnum() for one in found)
    assert {"2025", "12", "g7"} <= set(found)


def test_nobody_can_type_the_words_that_stand_for_actors_and_topics() -> None:
    assert stems("q0topic Q0a1b2c3") == []


def test_a_word_is_cut_at_the_same_length_everywhere() -> None:
    assert set(stems_of("x" * 5_000)) & set(stems_of("x" * 41))


def test_a_capital_letter_may_begin_a_name_and_is_found_by_its_sound() -> None:
    assert set(stems("Selenskyj")) & set(stems("Zelensky")) == {"q0nselenski"}
    assert not set(stems("selenskyj")) & set(stems("zelensky"))
