"""Slugs and ids: the same thing gets the same one, today and in twenty years."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.domain.naming import (
    document_id,
    hashed_id,
    is_slug,
    keyed_id,
    new_id,
    slugify,
    stable_id,
)

days = st.integers(-(2**31), 2**31 - 1)
instants = st.integers(0, 2**48 * 1000 - 1)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Cuba embargo", "cuba-embargo"),
        ("Dmitry Peskov", "dmitry-peskov"),
        ("Wladimir Müller-Groß", "wladimir-mueller-gross"),
        ("MU\u0308LLER", "mueller"),
        ("Éducation & Santé", "education-sante"),
        ("Песков", "peskov"),
        ("O’Brien", "obrien"),
        ("  --EU (2025)--  ", "eu-2025"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_slug_is_lower_case_ascii_with_hyphens(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_a_name_without_letters_and_a_long_one_get_part_of_their_hash() -> None:
    assert slugify("🙂") == "name-d06f1525"
    assert slugify("🙂") != slugify("🙃")
    long, longer = slugify("a" * 90), slugify("a" * 91)
    assert len(long) == len(longer) == 80
    assert long != longer


@given(st.text(st.characters(codec=None)))
def test_every_name_that_is_not_blank_has_a_slug(name: str) -> None:
    slug = slugify(name)
    assert is_slug(slug) == bool(name.strip())
    assert slugify(slug) == slug


@pytest.mark.parametrize(
    "text",
    ["", "-", "a-", "-a", "a--b", "A", "ä", "a b", "a_b", "a\n", "٣", "a/b", "a.b", "a" * 81],
)
def test_anything_else_is_no_slug(text: str) -> None:
    assert not is_slug(text)


def test_ids_never_change() -> None:
    assert stable_id("topic", "eu-accession") == "6ede04fb-30a3-5dbe-8bab-cf0719010f6d"
    assert keyed_id("un-votes", "42") == "8bcecb81-264e-5460-8b4d-4a080aaf0298"
    assert (
        document_id("https://example.org/a", "", "", "") == "145b0d04-29d7-5b83-9ece-859adc4e742d"
    )
    assert (
        document_id("", "Reuters", "Talks", "2025-12-15") == "1c199676-76af-8d34-93a9-7efa0475316e"
    )
    assert hashed_id(20_437, b"row") == "80004fd5-6347-88da-a147-4506e4bf7d34"
    assert new_id(1_765_800_000_123_456, b"8 bytes.") == "019b21e1-ba7b-774b-b820-62797465732e"


def test_kind_and_slug_make_an_id_of_their_own() -> None:
    ids = {
        stable_id("topic", "russia"),
        stable_id("actor", "russia"),
        stable_id("act", "orrussia"),
        keyed_id("topic", "russia"),
    }
    assert len(ids) == 4


def test_a_document_is_known_by_its_address_whatever_its_title() -> None:
    first = document_id("https://example.org/a", "Reuters", "Talks", "2025-12-15")
    assert document_id("HTTPS://Example.org:443/a", "", "Talks go on", "") == first
    assert document_id("https://example.org/b", "Reuters", "Talks", "2025-12-15") != first


def test_a_document_without_address_is_known_by_outlet_title_and_date() -> None:
    imprint = ("Reuters", "Talks", "2025-12-15")
    others = [("Reuters", "Talks", "2025-12-16"), ("ReutersTalks", "", "2025-12-15")]
    assert document_id("", *imprint) == document_id("", *imprint)
    assert document_id("", *imprint) not in {document_id("", *other) for other in others}


@given(days, days, st.binary(), st.binary())
def test_ids_of_rows_sort_by_their_earliest_day(one: int, other: int, a: bytes, b: bytes) -> None:
    if one < other:
        assert hashed_id(one, a) < hashed_id(other, b)


def test_days_beyond_32_bits_are_clamped() -> None:
    assert hashed_id(-(10**13), b"row") == hashed_id(-(2**31), b"row")
    assert hashed_id(10**13, b"row") == hashed_id(2**31 - 1, b"row")


@given(instants, instants, st.binary(min_size=8, max_size=8))
def test_new_ids_sort_by_their_instant(one: int, other: int, random: bytes) -> None:
    if one < other:
        assert new_id(one, random) < new_id(other, random)


@given(days, st.binary(), instants, st.binary(min_size=8, max_size=16), st.text(), st.text())
def test_every_id_is_a_uuid_of_its_version(
    day: int, row: bytes, instant: int, random: bytes, one: str, other: str
) -> None:
    ids = {
        5: (stable_id(one, other), keyed_id(one, other), document_id(one or "x", other, "", "")),
        7: (new_id(instant, random),),
        8: (hashed_id(day, row), document_id("", one, other, "")),
    }
    for version, texts in ids.items():
        for text in texts:
            read = uuid.UUID(text)
            assert (read.version, read.variant, str(read)) == (version, uuid.RFC_4122, text)
