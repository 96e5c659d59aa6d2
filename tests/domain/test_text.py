"""Text at the edge: composed, visible, and addresses that readers can open."""

from __future__ import annotations

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.domain.entry import check_attribution
from timeline.domain.errors import Refused
from timeline.domain.text import canonical_url, clean, clean_url, repair_mojibake

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CHARACTERS = st.characters(codec=None)
COMPOSED = st.text("aeou\u0301\u0308\u0327 \n\u1100\u1161\u200b\ufeff\u2060\u200d", max_size=12)
SIGNS = "htps:/.@?#[]%abcxyz0123456789-_ '\"ü\\\u3002\uff11"
HOSTS = ("example.org", "Example.ORG.", "bücher.example", "93.184.215.14", "[2606::1]")
addresses = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(HOSTS),
    st.sampled_from(["", ":80", ":443", ":8443"]),
    st.sampled_from(["", "?a=b"]) | st.text("ab/.?#=1é-_", max_size=12).map("/".__add__),
)


def test_text_is_composed_and_keeps_its_line_breaks() -> None:
    assert clean("Se\u0301bastien:\r\n\t„Ja“\n", "quote.text") == "Sébastien:\r\n\t„Ja“\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a\0b", "a control character, U+0000, in place 2; remove it"),
        ("\x1b[31m", "a control character, U+001B, in place 1; remove it"),
        (
            "ab\ud83d",
            (
                "half of a character (a lone surrogate), U+D83D, in place 3; "
                "save the text as UTF-8 once more"
            ),
        ),
        ("\uffff", "a code that is no character, U+FFFF, in place 1; remove it"),
        *(
            (
                control,
                (
                    "an invisible character that turns the direction of writing, "
                    f"U+{ord(control):04X}, in place 1; remove it"
                ),
            )
            for control in BIDI_CONTROLS
        ),
    ],
)
def test_what_cannot_be_stored_or_seen_is_refused_by_name(text: str, what: str) -> None:
    with pytest.raises(Refused) as refusal:
        clean(text, "paraphrase")
    assert str(refusal.value) == f"paraphrase: the text contains {what}"


def test_signs_without_width_are_left_out_and_joiners_stay() -> None:
    assert clean("\ufeffdas\u200b Mini\u2060sterium", "paraphrase") == "das Ministerium"
    assert clean("می\u200cخواهم 👩\u200d🚀", "paraphrase") == "می\u200cخواهم 👩\u200d🚀"


def test_a_limit_counts_characters_as_stored() -> None:
    assert clean("e\u0301" * 4, "title", 4) == "é" * 4
    with pytest.raises(Refused) as refusal:
        clean("🙂" * 5, "title", 4)
    assert str(refusal.value) == "title: the text has 5 characters, 4 are allowed; shorten it"


@given(COMPOSED | st.text(CHARACTERS))
def test_clean_text_is_encodable_and_clean_again(text: str) -> None:
    with contextlib.suppress(Refused):
        cleaned = clean(text, "quote.text")
        assert cleaned.encode().decode() == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        assert clean(cleaned, "quote.text") == cleaned


@pytest.mark.parametrize(
    "url",
    [
        "https://www.spiegel.de/politik/artikel-a-1.html?ref=rss&x=%C3%BC#absatz-2",
        "http://example.org",
        "HTTPS://Example.org:8443/",
        "https://de.wikipedia.org/wiki/Präsident_der_Ukraine",
        "https://bücher.example/",
        "http://93.184.215.14/",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    ],
)
def test_an_address_comes_back_as_given(url: str) -> None:
    assert clean_url(f" {url}\n") == url


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("", "the address begins with neither https:// nor http://"),
        ("www.spiegel.de/politik", "the address begins with neither https:// nor http://"),
        ("ftp://example.org/", "the address begins with neither https:// nor http://"),
        ("javascript:alert(1)", "the address begins with neither https:// nor http://"),
        ("//example.org/", "the address begins with neither https:// nor http://"),
        ("https:///path", "the address names no host"),
        ("https:example.org", "the address names no host"),
        ("https://user:secret@example.org/", "the address contains a user name or password"),
        ("https://example.org@169.254.169.254/", "the address contains a user name or password"),
        ("https://example.org:99999/", "the address has a host or port that nobody can read"),
        ("https://[::1/", "the address has a host or port that nobody can read"),
        ("https://ex_%61mple.org/", "'ex_%61mple.org' is not the name of a host"),
        ("https://example..org/", "'example..org' is not the name of a host"),
        ("https://169。254。169。254/", "'169。254。169。254' is not the name of a host"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str, error: str) -> None:
    with pytest.raises(Refused) as refusal:
        clean_url(url)
    assert str(refusal.value).startswith(f"source.url: {error}; ")


@pytest.mark.parametrize(
    ("url", "encoded"),
    [
        ("https://example.org/a b", "%20"),
        ("https://example.org/'", "%27"),
        ('https://example.org/"onload=', "%22"),
        ("https://example.org/<b>", "%3C"),
        ("https://example.org/\\..", "%5C"),
        ("https://example.org/\u200b", "%E2%80%8B"),
    ],
)
def test_quotes_and_spaces_are_to_be_encoded(url: str, encoded: str) -> None:
    with pytest.raises(Refused) as refusal:
        clean_url(url)
    assert refusal.value.fix == f"write {encoded} in its place"


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8000",
        "intranet",
        "files.localhost",
        "metadata.google.internal",
        "printer.local",
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - to be refused
        "10.0.0.5",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "169.254.169.254.",
        "\uff11\uff16\uff19.254.169.254",
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::]",
        "192.0.0.192",
        "[::169.254.169.254]",
        "[64:ff9b:1::a9fe:a9fe]",
        "[fec0::1]",
    ],
)
def test_a_host_inside_some_network_is_refused(host: str) -> None:
    with pytest.raises(Refused, match="is not on the public internet"):
        clean_url(f"http://{host}/latest/meta-data/")


@pytest.mark.parametrize(
    "host", ["2852039166", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "169.254.43518", "0251.0376.1.1"]
)
def test_a_host_that_hides_its_number_is_refused(host: str) -> None:
    with pytest.raises(Refused, match="is a number"):
        clean_url(f"http://{host}/latest/meta-data/")


@given(addresses | st.text(SIGNS, max_size=40).map("http://".__add__) | st.text())
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        url = clean_url(text)
        assert clean_url(url) == url
    assert canonical_url(canonical_url(text)) == canonical_url(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTPS://Example.org:443/a", "https://example.org/a"),
        ("http://example.org", "http://example.org:80/"),
        ("https://example.org?x=1", "https://example.org/?x=1"),
    ],
)
def test_addresses_that_lead_to_the_same_place_are_equal(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "http://example.org/a"),
        ("https://example.org/a", "https://example.org:8443/a"),
        ("https://example.org/a", "https://example.org/a?page=2"),
    ],
)
def test_addresses_that_may_lead_elsewhere_stay_apart(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "meant",
    [
        "Für Grüße über Österreich",
        "“Nous ne nous opposons pas”, a déclaré l’élu – à l’époque…",
        "Киев и Москва",
        "«Já não», São Tomé",
    ],
)
@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
def test_words_read_in_the_wrong_encoding_are_recognised(meant: str, codec: str) -> None:
    garbled = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in meant.encode())
    assert garbled != meant
    assert repair_mojibake(garbled) == meant


@pytest.mark.parametrize(
    "text",
    [
        "„FPÖ“ und „KPÖ“, sagt „Ä“",
        "« CAFÉ», dit-il à Nîmes – déjà…",
        "Ångström, “SÅ”, ÅÄÖ",
        "SÃO PAULO, NÃO, IRMÃ",
        "Киев и Москва",
        "plain",
        "",
    ],
)
def test_words_that_only_look_foreign_are_left_alone(text: str) -> None:
    assert repair_mojibake(text) == text


def test_of_words_put_together_only_the_garbled_ones_are_mended() -> None:
    assert repair_mojibake("GrÃ¼ne und Größe: â€œja“") == "Grüne und Größe: “ja“"


@pytest.mark.parametrize("agreed", ["off_the_record", "Off the record", "off-the-record"])
def test_what_was_said_off_the_record_is_refused_with_the_reason(agreed: str) -> None:
    with pytest.raises(Refused, match="nobody could check it; what was agreed as background is"):
        check_attribution(agreed, "")


@pytest.mark.parametrize("agreed", ["background", "On background", "unter zwei"])
def test_background_is_shown_the_way_to_its_agreed_label(agreed: str) -> None:
    with pytest.raises(Refused, match="keeps its agreed label; use second_hand"):
        check_attribution(agreed, "")
    check_attribution("second_hand", "a person familiar with the talks")


def test_what_is_no_attribution_at_all_is_told_those_that_are() -> None:
    with pytest.raises(Refused, match="there is no attribution 'hearsay'"):
        check_attribution("hearsay", "")
