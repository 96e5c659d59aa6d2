from __future__ import annotations

import hashlib

import msgspec
import pytest

from tests.domain.past import ANNA, decided, past, told
from timeline.domain.document import (
    FIELDS,
    Document,
    DocumentCorrected,
    DocumentFiled,
    DocumentRedacted,
    DocumentSnapshotTaken,
    FieldCorrection,
    Imprint,
    SnapshotText,
)
from timeline.domain.errors import Refused
from timeline.domain.naming import document_id

IMPRINT = Imprint(outlet="Der Standard", title="Gespräche", url="https://example.org/1")
FILED = told(DocumentFiled, published_at="2025-12-15", lang="de", content=IMPRINT)


def test_a_document_is_filed_under_the_id_of_its_address() -> None:
    document = Document.file(ANNA, IMPRINT, "2025-12-15", "de")
    assert document.id == document_id("https://example.org/1", "", "", "")
    assert decided(document) == [FILED]


def test_a_document_without_an_address_is_known_by_outlet_title_and_day() -> None:
    imprint = Imprint(outlet="UN", title="A/RES/1")
    ids = {Document.file(ANNA, imprint, day, "").id for day in ("1946", "1947", "1946")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    "imprint", [Imprint(outlet="UN"), Imprint(title="A"), Imprint(url="https://example.org")]
)
def test_one_of_outlet_title_and_address_is_enough(imprint: Imprint) -> None:
    assert Document.file(ANNA, imprint, None, "").version == 1


def test_a_source_that_names_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="no outlet, title or address"):
        Document.file(ANNA, Imprint(author="A. Writer"), "2025", "")


def test_a_publication_date_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match=r"source\.published_at: "):
        Document.file(ANNA, IMPRINT, "yesterday", "de")


def test_a_document_is_not_published_on_a_day_to_come() -> None:
    with pytest.raises(Refused, match=r"source\.published_at: 2052-12-15 is still to come"):
        Document.file(ANNA, IMPRINT, "2052-12-15", "de")
    with pytest.raises(Refused, match=r"source\.published_at: 2052-12-15 is still to come"):
        past(Document, FILED).correct(ANNA, "published_at", "2052-12-15", "read again")


def test_a_snapshot_of_the_same_text_is_stored_once() -> None:
    document = past(Document, FILED)
    document.take_snapshot(ANNA, "Echte Fortschritte")
    document.take_snapshot(ANNA, "Echte Fortschritte")
    digest = hashlib.sha256(b"Echte Fortschritte").hexdigest()
    content = SnapshotText(text="Echte Fortschritte")
    assert decided(document) == [told(DocumentSnapshotTaken, sha256=digest, content=content)]


def test_an_empty_snapshot_is_refused() -> None:
    with pytest.raises(Refused, match="the text is empty"):
        past(Document, FILED).take_snapshot(ANNA, " \n")


def test_a_corrected_title_stands_in_the_content_that_can_be_erased() -> None:
    document = past(Document, FILED)
    document.correct(ANNA, "title", "Talks", "typing error", material=False)
    content = FieldCorrection(reason="typing error", old="Gespräche", new="Talks")
    assert decided(document) == [
        told(DocumentCorrected, field="title", material=False, content=content)
    ]
    assert document.fields["title"] == "Talks"


def test_a_corrected_day_stands_in_the_committed_part() -> None:
    document = past(Document, FILED)
    document.correct(ANNA, "published_at", "2025-12-16", "read again")
    assert decided(document) == [
        told(
            DocumentCorrected,
            field="published_at",
            old="2025-12-15",
            new="2025-12-16",
            content=FieldCorrection(reason="read again"),
        )
    ]
    assert document.fields["published_at"] == "2025-12-16"


def test_a_corrected_day_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="published_at: "):
        past(Document, FILED).correct(ANNA, "published_at", "soon", "read again")


@pytest.mark.parametrize("field", FIELDS)
def test_the_same_value_again_records_nothing(field: str) -> None:
    document = past(Document, FILED)
    document.correct(ANNA, field, document.fields[field], "read again")
    assert decided(document) == []


def test_a_field_may_be_emptied_while_something_names_the_document() -> None:
    document = past(Document, FILED)
    document.correct(ANNA, "url", "", "dead link")
    document.correct(ANNA, "title", "", "not the title")
    assert (document.fields["url"], document.fields["title"]) == ("", "")
    with pytest.raises(Refused, match="no outlet, title or address"):
        document.correct(ANNA, "outlet", "", "not the outlet")


def test_a_field_that_a_document_lacks_is_refused() -> None:
    with pytest.raises(Refused, match="has no field 'colour'"):
        past(Document, FILED).correct(ANNA, "colour", "red", "read again")


def test_a_correction_without_a_reason_is_refused() -> None:
    with pytest.raises(Refused, match="a reason is missing"):
        past(Document, FILED).correct(ANNA, "title", "Talks", "")


def test_a_redaction_of_a_document_names_what_is_erased() -> None:
    document = past(Document, FILED)
    document.redact(ANNA, (3, 4), "court order")
    assert decided(document) == [told(DocumentRedacted, positions=(3, 4), basis="court order")]


def test_a_redaction_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="nothing is left"):
        past(Document, FILED).redact(ANNA, (), "court order")


def test_a_document_whose_imprint_was_erased_keeps_its_day() -> None:
    document = past(Document, msgspec.structs.replace(FILED, content=None))
    assert document.fields["published_at"] == "2025-12-15"
    assert document.fields["title"] == ""


def test_only_date_and_language_of_an_erased_imprint_can_be_corrected() -> None:
    redacted = told(DocumentRedacted, positions=(1,), basis="court order")
    document = past(Document, msgspec.structs.replace(FILED, content=None), redacted)
    document.correct(ANNA, "published_at", "2025-12-16", "read again")
    with pytest.raises(Refused, match="were erased"):
        document.correct(ANNA, "title", "Talks", "read again")


def test_what_kind_of_outlet_it_is_is_said_and_corrected() -> None:
    imprint = Imprint(outlet="Invented Wire")
    filed = Document.file(ANNA, imprint, None, "en", "agency")
    assert filed.fields["outlet_kind"] == "agency"
    filed.correct(ANNA, "outlet_kind", "mirror", "It shows what others published.")
    assert filed.fields["outlet_kind"] == "mirror"
    with pytest.raises(Refused, match="there is no kind of outlet 'blog'"):
        filed.correct(ANNA, "outlet_kind", "blog", "It is one.")
    with pytest.raises(Refused, match="there is no kind of outlet 'blog'"):
        Document.file(ANNA, imprint, None, "en", "blog")
