"""ClaimReview (schema.org) as JSON-LD: who claimed what, and which fact-checker disputes it."""

from __future__ import annotations

import hashlib
import json
import re
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.scales import NO_POSITION
from timeline.interchange.foreign.plain_text import one_line
from timeline.interchange.formats.json_text import elements_of, values
from timeline.interchange.formats.jsonl_rows import element_row, flatten
from timeline.interchange.formats.source_row import RowStream, SourceRow, native_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.json_text import Element
    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Layout, Rows

    Row = dict[str, Any]

NOT_A_CLAIMREVIEW = Message(
    "not_a_claimreview",
    "there is no ClaimReview in this file",
    fix="give its JSON-LD, one object, a list or a feed of them",
)
REVIEW_INCOMPLETE = Message(
    "review_incomplete",
    "the review has no %(name)s",
    fix="give claimReviewed, author and url",
)

NAMESPACE = "claimreview"
NO_CLAIMANT = "claim of nobody who is named"
NO_REVIEW = "something else than a ClaimReview"
_LISTS = (("@graph",), ("dataFeedElement",), ("itemListElement",))
_ALONE = re.compile(r"\ufeff?\s*\{")


class ClaimReviewFormat:
    """A claim, its review, and the link `disputes` between them if the rating says so."""

    name = "claimreview"
    about = "a file of ClaimReviews"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file begins with a ClaimReview or a list of them."""
        return file.head.lstrip("\ufeff \t\r\n")[:1] in "{[" and '"ClaimReview"' in file.head

    def rows(self, file: SourceFile, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return claims, reviews and links; raises `Refused` if there are none."""
        if not self.recognises(file):
            raise Refused(NOT_A_CLAIMREVIEW, field=file.name)
        return RowStream(partial(_every_row, file))


def _every_row(file: SourceFile) -> Iterator[SourceRow]:
    """Yield the rows of every review; a broken text gives one error."""
    is_read = not _ALONE.match(file.head)
    for _, element in elements_of(file.text, [()] if is_read else _LISTS):
        is_read = True
        yield from _rows(element)
        if element.error is not None:
            return
    # Further values are on lines of their own, as in a rejects file.
    file.text.seek(0)
    for value in values(file.text, skip=int(is_read)):
        yield from _rows(value)


def _rows(element: Element) -> Iterator[SourceRow]:
    row = element_row(element)
    if row.error is not None:
        yield row
        return
    for review in _reviews(json.loads(element.raw)):
        try:
            made = list(_native(review))
        except Refused as error:
            yield SourceRow(row.line, {}, json.dumps(review), error)
        else:
            yield from (native_row(row.line, *fields) for fields in made)


def _reviews(value: Any) -> Iterator[Row]:  # noqa: ANN401 - JSON holds any value
    """Yield the reviews in an element: a feed wraps them in its own items."""
    if isinstance(value, list):
        for item in value:
            yield from _reviews(item)
    elif isinstance(value, dict):
        parts = (value.get(name) for (name,) in (*_LISTS, ("item",)))
        wrapped = [part for part in parts if isinstance(part, dict | list)]
        if wrapped and "ClaimReview" not in _types(value):
            yield from _reviews(wrapped)
        else:
            yield value
    else:
        yield {}


def _types(value: Row) -> list[Any]:
    kind = value.get("@type") or value.get("type")
    return kind if isinstance(kind, list) else [kind]


def _native(review: Row) -> Iterator[tuple[Row, str]]:
    """Yield claim, review and link as native rows, each with the reason if it is left out."""
    if "reject" in review and "kind" in review:
        yield flatten(review), ""  # it was made of a review before
        return
    if "ClaimReview" not in _types(review):
        yield {}, NO_REVIEW
        return
    claim, url = one_line(review.get("claimReviewed")), _address(review.get("url"))
    checker = _name(review.get("author"))
    for name, value in (("claimReviewed", claim), ("author", checker), ("url", url)):
        if not value:
            raise Refused(REVIEW_INCOMPLETE, field=name, name=name)
    digest = hashlib.sha256(f"{url}\0{claim}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    key = f"{NAMESPACE}:{digest}"
    about = {"kind": "statement", "topic": claim, "scale": "claim"}
    published = review.get("datePublished")
    source = {
        "source.outlet": checker,
        "source.url": url,
        "source.title": one_line(review.get("name") or review.get("headline")),
        "source.published_at": published,
        "source.lang": review.get("inLanguage"),
    }
    claimed = _claim(review.get("itemReviewed"), checker, source, published)
    if claimed:
        yield about | claimed | {"key": f"{key}/claim"}, ""
    else:
        yield {}, NO_CLAIMANT
    stance, rated = _stance(review.get("reviewRating"))
    silent = {"no_position_reason": "unstated"} if stance == NO_POSITION else {}
    said = {"actor": checker, "actor_kind": "organisation", "stance": stance, "paraphrase": rated}
    yield about | said | silent | source | {"key": f"{key}/review"}, ""
    if claimed and stance in ("denies", "questions"):
        link = {"kind": "link", "relation": "disputes", "note": rated}
        yield link | {"key": f"{key}/review", "target": f"{key}/claim"}, ""


def _claim(item: Any, checker: str, review: Row, reviewed: Any) -> Row:  # noqa: ANN401 - JSON
    """Return the claim as a row without a topic; empty if nobody is named.

    Without another source the review is the source; without a day the claim was said by the day
    of the review.
    """
    claim = item if isinstance(item, dict) else {}
    author = claim.get("author")
    name = _name(author)
    if not name:
        return {}
    said = claim.get("datePublished")
    when = {"said_at": said or (f"../{str(reviewed).rpartition('/')[2]}" if reviewed else None)}
    kinds = _types(author) if isinstance(author, dict) else []
    kind = next((ours for theirs, ours in _KINDS.items() if theirs in kinds), None)
    made = {"actor": name, "actor_kind": kind, "stance": "asserts"} | when
    appearance = next(filter(None, map(_address, _appearances(claim))), "")
    if appearance:
        return made | {"source.url": appearance, "attribution": "reported"}
    return made | review | {"attribution": "second_hand", "reported_via": checker}


_KINDS = {
    "Person": "person",
    "Organization": "organisation",
    "NewsMediaOrganization": "organisation",
}


def _appearances(claim: Row) -> Iterator[Any]:
    for name in ("firstAppearance", "appearance", "url"):
        value = claim.get(name)
        for item in value if isinstance(value, list) else [value]:
            yield item.get("url") if isinstance(item, dict) else item


def _stance(rating: Any) -> tuple[str, str]:  # noqa: ANN401 - JSON holds any value
    """Return the stance of a rating on the claim, and its words.

    The worst rating denies, the best asserts, the middle leaves open. Without a number and the
    bounds of its scale the checker takes no side.
    """
    if not isinstance(rating, dict):
        return NO_POSITION, ""
    words = one_line(rating.get("alternateName") or rating.get("name"))
    numbers = [_number(rating.get(name)) for name in ("worstRating", "ratingValue", "bestRating")]
    if None in numbers:
        return NO_POSITION, words
    worst, value, best = (number for number in numbers if number is not None)
    if worst == best or not min(worst, best) <= value <= max(worst, best):
        return NO_POSITION, words
    share = (value - worst) / (best - worst)
    if share in (0, 1):
        return ("asserts" if share else "denies"), words
    middle = 0.5
    return ("leaves open" if share == middle else "suggests" if share > middle else "questions"), (
        words
    )


def _number(value: Any) -> float | None:  # noqa: ANN401 - JSON holds any value
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _name(author: Any) -> str:  # noqa: ANN401 - JSON holds any value
    if isinstance(author, list):
        return _name(author[0]) if len(author) == 1 else ""
    return one_line(author.get("name") if isinstance(author, dict) else author)


def _address(value: Any) -> str:  # noqa: ANN401 - JSON holds any value
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else ""
