from __future__ import annotations

import msgspec
import pytest

from tests.application.newsdesk import ARTICLE, Newsdesk
from timeline.application.commands import Source
from timeline.domain.document import Document
from timeline.domain.errors import Conflict, NotFound, Refused


def load(desk: Newsdesk, stream: str) -> Document:
    document = desk.log.load(Document, stream)
    assert document is not None
    return document


def test_a_document_is_filed_once_and_stands_as_filed(desk: Newsdesk) -> None:
    documents = desk.newsroom.documents
    once = documents.file(desk.anna(), ARTICLE)
    twice = documents.file(desk.anna(), msgspec.structs.replace(ARTICLE, title="Another"))
    assert (once.fresh, twice.fresh) == (True, False)
    assert (twice.id, twice.position) == (once.id, once.position)
    assert load(desk, once.id).fields["title"] == "Gespräche in Berlin"


def test_a_document_is_corrected_and_its_text_kept(desk: Newsdesk) -> None:
    documents = desk.newsroom.documents
    filed = documents.file(desk.anna(), ARTICLE)
    documents.correct(desk.anna(), filed.id, "published_at", "2025-12-16", "read again")
    documents.correct(desk.anna(), filed.id, "url", "https://example.org/2", "moved")
    documents.take_snapshot(desk.anna(), filed.id, "Der Text.\nZwei Zeilen.")
    document = load(desk, filed.id)
    assert document.fields["published_at"] == "2025-12-16"
    assert document.fields["url"] == "https://example.org/2"
    assert len(document.snapshots) == 1


def test_a_corrected_day_binds_what_is_recorded_later(desk: Newsdesk) -> None:
    documents = desk.newsroom.documents
    filed = documents.file(desk.anna(), ARTICLE)
    documents.correct(desk.anna(), filed.id, "published_at", "2025-12-12", "read again")
    with pytest.raises(Refused, match="the source is of 2025-12-12"):
        desk.say()


@pytest.mark.parametrize(
    ("field", "new", "because"),
    [
        ("url", "http://169.254.169.254/latest", "source.url"),
        ("title", "turned \u202e round", "U\\+202E"),
        ("published_at", "soon", "published_at"),
        ("colour", "red", "no field 'colour'"),
    ],
)
def test_a_correction_of_a_document_obeys_the_rules(
    desk: Newsdesk, field: str, new: str, because: str
) -> None:
    filed = desk.newsroom.documents.file(desk.anna(), ARTICLE)
    with pytest.raises(Refused, match=because):
        desk.newsroom.documents.correct(desk.anna(), filed.id, field, new, "read again")


def test_what_is_no_document_is_not_found(desk: Newsdesk) -> None:
    with pytest.raises(NotFound, match="there is no document"):
        desk.newsroom.documents.take_snapshot(desk.anna(), desk.say().id, "Der Text.")


def test_a_document_changed_meanwhile_is_a_conflict(desk: Newsdesk) -> None:
    documents = desk.newsroom.documents
    filed = documents.file(desk.anna(), ARTICLE)
    documents.correct(desk.anna(seen=1), filed.id, "title", "Berlin", "typo")
    with pytest.raises(Conflict, match=r"meanwhile: document\.corrected by anna"):
        documents.correct(desk.anna(seen=1), filed.id, "title", "Bonn", "typo")


def test_imprint_and_text_of_a_document_can_be_erased(desk: Newsdesk) -> None:
    documents = desk.newsroom.documents
    filed = documents.file(desk.anna(), Source(outlet="X", title="Y", published_at="2025"))
    documents.take_snapshot(desk.anna(), filed.id, "secret")
    documents.redact(desk.anna(), filed.id, "court order")
    assert load(desk, filed.id).fields["outlet"] == ""
    assert desk.log.with_content(filed.id) == []
