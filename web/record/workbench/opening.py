"""Open a text: pasted, from a file or a page, from the desk, or from the record."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Blueprint

from timeline.capture.files.article_file import MOST_BYTES, ArticleFile, is_web_page
from timeline.capture.files.reading import read_file
from timeline.capture.files.web_pages import article_at
from timeline.desk.texts import DeskText
from timeline.domain.dates import check_come, parse_date
from timeline.domain.errors import NotFound, Refused
from timeline.domain.fields import DOCUMENT
from timeline.domain.messages import Message
from timeline.domain.naming import document_id
from timeline.domain.text import repair_mojibake, without_unfit
from timeline.projections.queries.documents import documents_with_text
from web.i18n import dates
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.initial_values import source_fields, source_on_file
from web.record.fields.inputs import SourceTextInput
from web.record.fields.languages import TIDY, warn_of_encoding
from web.record.fields.schemas import SourceSchema
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.form_state import FormState, Offer, Problem, sheet_of
from web.record.forms.signing import own_handle
from web.record.handing import waiting_from
from web.record.source_text.article import SourceText, find_source_text, source_text_of_page
from web.record.statement.routes import TEXTS
from web.record.workbench.filling import (
    bookmark,
    fill_in_sample,
    parts_of,
    sheet_from_page,
    take_part,
    where_selected,
)
from web.shell.parts import add_part, prepare
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any
    from uuid import UUID

    from werkzeug.datastructures import FileStorage
    from werkzeug.wrappers import Response

    from timeline.desk.inbox import Item
    from timeline.desk.texts import TextHeader
    from timeline.projections.queries.documents import Document

TEXT_WAITED_FOR = Message(
    "text_waited_for",
    "entries from this text wait for a second person or for their moment",
    fix="let them be recorded, send them back or take them back first",
)

blueprint = Blueprint(TEXTS, __name__, url_prefix="/text")
add_part(blueprint, "record.first", "record/text_nav.html")
add_part(blueprint, "record.source", "record/text_of_source.html")

TEMPLATE = "record/open_text.html"
MOST_SENT = MOST_BYTES + 1_000_000
"""The most bytes of a form with its file."""

VERSION_OF = "version_of"
"""The field with the id of a source whose text gets a new version."""

PUBLISHED = "source.published_at"

SHOWN = 12
"""How many texts on record are offered; others are found by their address."""


class OpenTextSchema(SourceSchema):
    """A text and its source."""

    text = SourceTextInput(lazy_gettext("Paste the text of the source."))


class TextRow(msgspec.Struct, frozen=True):
    """A text as the list shows it; ``note`` says from whom it came and when."""

    document: str
    name: str
    outlet: str
    note: str


@blueprint.get("")
def ask() -> Response:
    """Show the form that opens a text.

    In the address, ``u`` is the address or the id of a known source, ``inbox`` the id of an item
    there; raises `NotFound` for an unknown one. A bookmark sends the fields of a source, and as
    ``words`` the selection on its page: a kept text opens there.
    """
    query = this_request().query
    if address := where_selected(query):
        return go_on(address)
    if item := query.get("inbox"):
        sheet = sheet_from_inbox(services().desk.inbox.find(item))
        sheet.quiet = True
        return _show(sheet, None, without_words=not sheet.value("text").strip())
    source = query.get("u", "")
    return _another_version(source) if source else _form(sheet_from_page(query))


@blueprint.post("")
def take() -> Response:
    """Lay a text on the desk and open it, or say what is wrong.

    An address alone opens its kept text, unless the form gives a new version; else the page is
    fetched, if the operator allows that. What a file or a page says of its source may be wrong, so
    the form shows it to be checked.
    """
    sent = this_request().sent
    sent.max_content_length = sent.max_form_memory_size = MOST_SENT
    sheet = sheet_of(this_request().form)
    if filled := _filled_in(sheet):
        return _form(filled)
    if sheet.focus == "tidy":
        sheet.put("text", repair_mojibake(without_unfit(sheet.value("text"))))
    warn_of_encoding(sheet)
    if not sheet.value("text").strip():
        url = _kept_address(sheet.value("source.url").strip())
        if url and not sheet.value(VERSION_OF):
            return go_on(url)
        if this_request().reads_from and sheet.value("source.url"):
            return _form(_read_page(sheet))
    if source_text := lay_on_desk(sheet):
        return go_on(source_text.address)
    if problem := sheet.problems.get("text"):
        _offer_to_tidy(sheet, problem)
    return _form(sheet)


def _filled_in(sheet: FormState) -> FormState | None:
    """Return the form with a text that is not typed: from a file, a part of one, or made up."""
    if file := this_request().sent.files.get("file"):
        return _read_upload(sheet, file)
    if sheet.value("part"):
        return _take_part(sheet)
    if is_web_page(sheet.value("text")):
        page = sheet.value("text").encode("utf-8", "replace")
        return _filled_in_from(sheet, "text", lambda: read_file(page, "pasted.html"))
    return fill_in_sample(sheet) if sheet.value("made_up") else None


def lay_on_desk(sheet: FormState) -> SourceText | None:
    """Lay the text of a sheet on the desk; return nothing if the sheet has errors."""
    source = source_on_file(read_connection(), sheet.value("source.url"))
    data = OpenTextSchema().read(sheet)
    return attempt(sheet, lambda: _lay(data, source))


def sheet_from_inbox(item: Item) -> FormState:
    """Return the form with the text and the source of an item of the inbox."""
    sheet = FormState({name: [value] for name, value in item.imprint.items()})
    sheet.put("text", services().desk.inbox.text_of(item.id))
    return sheet


@blueprint.post("/<uuid:document>/discard")
def discard(document: UUID) -> Response:
    """Remove a text from the desk; what is recorded of it stays.

    Raises `Refused` while entries that are coded from it wait.
    """
    if waiting_from(str(document)):
        raise Refused(TEXT_WAITED_FOR, field="text")
    services().desk.texts.discard(str(document))
    return go_on("/record/text")


def _kept_address(source: str) -> str:
    """Return the address of the kept text of a source, by its address or id; empty if none."""
    filed = source_on_file(read_connection(), source)
    if filed and filed.sha256:
        return f"/record/text/{filed.id}"
    source_text = source_text_of_page(read_connection(), source)
    return source_text.address if source_text else ""


def _read_upload(sheet: FormState, file: FileStorage) -> FormState:
    """Fill in the text and the source from a file."""
    with closing(file):
        data = file.stream.read(MOST_BYTES + 1)
    return _filled_in_from(sheet, "file", lambda: read_file(data, file.filename or ""))


def _take_part(sheet: FormState) -> FormState:
    """Keep only a part of a long text, or say that there is no such part."""
    try:
        take_part(sheet)
    except Refused as error:
        sheet.refuse(error)
    return sheet


def _read_page(sheet: FormState) -> FormState:
    """Fill in the text and the source from the page at the address."""
    address, hosts = sheet.value("source.url"), this_request().reads_from
    return _filled_in_from(sheet, "source.url", lambda: article_at(address, hosts))


def _filled_in_from(sheet: FormState, noted_at: str, read: Callable[[], ArticleFile]) -> FormState:
    """Fill in the text and the source from an article, without changing what somebody typed."""
    try:
        file = read()
    except Refused as error:
        sheet.refuse(error)
        return sheet
    sheet.put("text", without_unfit(file.text))
    for field in DOCUMENT:
        value = getattr(file, field.on_record, "")
        sheet.put(field.name, sheet.value(field.name) or value)
    sheet.notes[noted_at] = gettext("Read. Look at what it says of its source, and open the text.")
    sheet.quiet = True
    return sheet


def _offer_to_tidy(sheet: FormState, problem: Problem) -> None:
    """Offer to remove invisible characters, if the text is refused because of them."""
    text = sheet.value("text")
    if without_unfit(text) != text:
        tidy = Offer(gettext("Remove such characters"), TIDY)
        sheet.problems["text"] = Problem("text", problem.text, (tidy,))


def _another_version(source: str) -> Response:
    """Show the form with a source that is on file or on the desk.

    If its text is kept, the form takes a new version of it.
    """
    sheet = FormState({"source.url": [source]})
    if on_file := source_on_file(read_connection(), source):
        sheet.values |= {name: [value or ""] for name, value in source_fields(on_file).items()}
    if source_text := _kept_under(on_file.id if on_file else source):
        sheet.values |= {name: [value] for name, value in source_text.imprint.items()}
        sheet.put(VERSION_OF, source_text.document)
    sheet.quiet = True
    return _show(sheet, source_text)


def _kept_under(document: str) -> SourceText | None:
    """Return the kept text of a source, if there is one."""
    try:
        source_text = find_source_text(read_connection(), document)
    except NotFound:
        return None
    return source_text if source_text.text.strip() else None


def _lay(data: dict[str, Any], source: Document | None) -> SourceText:
    """Lay a text on the desk under the id of its source.

    Raises `Refused` if its date of publication is in the future.
    """
    imprint = {field.name: str(data.get(field.attribute) or "") for field in DOCUMENT}
    if published := imprint[PUBLISHED]:
        check_come(parse_date(published, PUBLISHED), this_request().instant, PUBLISHED)
    identifying = ("source.url", "source.outlet", "source.title", PUBLISHED)
    document = source.id if source else document_id(*(imprint[name] for name in identifying))
    text = DeskText(
        document=document,
        added_by=own_handle(),
        added_at=this_request().instant,
        imprint=imprint,
        text=data["text"],
    )
    services().desk.texts.keep(text)
    return find_source_text(read_connection(), document)


def _form(sheet: FormState) -> Response:
    return _show(sheet, _kept_under(sheet.value(VERSION_OF)))


def _show(sheet: FormState, older: SourceText | None, *, without_words: bool = False) -> Response:
    """Show the form; ``older`` is the text that gets a new version.

    ``without_words`` says that the item of the inbox came without its text.
    """
    conn = read_connection()
    waiting = services().desk.texts.waiting()
    on_desk = {text.document for text in waiting}
    filed = [
        document for document in documents_with_text(conn, SHOWN) if document.id not in on_desk
    ]
    with_name = [
        document for document in filed if document.title or document.outlet or document.url
    ]
    return show(
        TEMPLATE,
        sheet,
        waiting=[_waiting_row(text) for text in waiting],
        kept=[_kept_row(document) for document in with_name],
        bookmark=bookmark(),
        reads=bool(this_request().reads_from),
        older=older,
        without_words=without_words,
        parts=parts_of(sheet.value("text").replace("\r\n", "\n")),
    )


def _waiting_row(text: TextHeader) -> TextRow:
    source = SourceText(text.document, text.imprint, "")
    when = dates.moment_us(text.added_at)
    outlet = text.imprint.get("source.outlet", "")
    return TextRow(text.document, source.name, outlet, f"{text.added_by}, {when}")


def _kept_row(document: Document) -> TextRow:
    name = document.title or document.outlet or document.url
    published = dates.said(document.published_at) if document.published_at else ""
    return TextRow(document.id, name, document.outlet, published)


def in_its_text(query: Mapping[str, str]) -> str:
    """Return the address on the workbench of a source, if its text is kept."""
    source = source_on_file(read_connection(), query.get("u", ""))
    if source is None or not source.sha256:
        return ""
    passage = {"at": f"{query['from']}-{query['to']}"} if "from" in query and "to" in query else {}
    return f"/record/text/{source.id}?{urlencode(passage)}".rstrip("?")


prepare(blueprint, lambda _, kept_by_site: kept_by_site.update({TEXTS: in_its_text}))
