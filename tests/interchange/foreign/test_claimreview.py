from __future__ import annotations

import json
from typing import Any

import pytest

from tests.interchange.desk import Desk
from timeline.domain.errors import Refused


def review(**changes: object) -> dict[str, Any]:
    """Return a ClaimReview as fact-checkers publish it, with these changes."""
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://checkers.example.org/harbour",
        "claimReviewed": "The harbour costs nothing.",
        "author": {"@type": "Organization", "name": "The Checkers"},
        "datePublished": "2025-02-03",
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "Ann Example"},
            "datePublished": "2025-02-01",
            "appearance": {"@type": "CreativeWork", "url": "https://example.org/speech"},
        },
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": "1",
            "bestRating": "5",
            "worstRating": "1",
            "alternateName": "False",
        },
    }
    return {name: value for name, value in (made | changes).items() if value is not None}


def exported(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in desk.export().splitlines():
        row = json.loads(line)
        found.setdefault(row["kind"], []).append(row)
    return found


def test_a_review_becomes_claim_review_and_a_dispute(desk: Desk) -> None:
    summary = desk.take(desk.file(json.dumps(review()), "review.json"))
    assert summary.clean, summary.rejections
    claim, said = exported(desk)["statement"]
    (link,) = exported(desk)["link"]
    assert (claim["actor_name"], claim["actor_kind"]) == ("Ann Example", "person")
    assert (claim["stance"], claim["said_at"]) == ("asserts", "2025-02-01")
    assert claim["source"] == {"url": "https://example.org/speech"}
    assert claim["topic_question"] == "The harbour costs nothing."
    assert (said["actor_name"], said["stance"], said["paraphrase"]) == (
        *("The Checkers", "denies", "False"),
    )
    assert said["source"]["url"] == "https://checkers.example.org/harbour"
    assert (link["relation"], link["key"], link["target"]) == (
        *("disputes", said["key"], claim["key"]),
    )


def test_a_claim_that_stands_nowhere_else_is_passed_on_by_the_review(desk: Desk) -> None:
    item = {"@type": "Claim", "author": {"@type": "Person", "name": "Ann Example"}}
    desk.take(desk.file(json.dumps(review(itemReviewed=item)), "review.json"))
    claim, _ = exported(desk)["statement"]
    assert (claim["attribution"], claim["reported_via"]) == ("second_hand", "The Checkers")
    assert claim["said_at"] == "../2025-02-03"


def rated(*values: object) -> dict[str, object]:
    return dict(zip(("worstRating", "ratingValue", "bestRating"), values, strict=True))


@pytest.mark.parametrize(
    ("rating", "stance", "disputes"),
    [
        (rated(1, 1, 5), "denies", True),
        (rated(1, 2, 5), "questions", True),
        (rated("1", "3", "5"), "leaves open", False),
        (rated(1, 4, 5), "suggests", False),
        (rated(1, 5, 5), "asserts", False),
        (rated(5, 5, 1), "denies", True),
        (rated(0, 7, 5), "no_position", False),
        (rated(1, "nan", 5), "no_position", False),
        ({"ratingValue": 1}, "no_position", False),
        ({"alternateName": "Missing context"}, "no_position", False),
    ],
)
def test_a_rating_is_read_on_its_own_scale_or_not_at_all(
    desk: Desk, rating: dict[str, object], stance: str, *, disputes: bool
) -> None:
    summary = desk.take(desk.file(json.dumps(review(reviewRating=rating)), "review.json"))
    assert summary.clean, summary.rejections
    _, said = exported(desk)["statement"]
    assert said["stance"] == stance
    assert bool(exported(desk).get("link")) == disputes


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: [one],
        lambda one: {"@context": "https://schema.org", "@graph": [one]},
        lambda one: {"@type": "DataFeed", "dataFeedElement": [{"item": [one]}]},
    ],
)
def test_reviews_come_alone_in_lists_and_in_feeds(desk: Desk, wrap: Any) -> None:  # noqa: ANN401 - any of the three
    summary = desk.take(desk.file(json.dumps(wrap(review())), "reviews.json"))
    assert (len(desk.events("statement.recorded")), summary.links) == (2, 1)


def test_the_same_review_again_changes_nothing(desk: Desk) -> None:
    for _ in range(2):
        summary = desk.take(desk.file(json.dumps([review()]), "reviews.json"))
    assert (summary.recorded, summary.clean) == (0, True)


def test_what_is_no_claim_of_somebody_is_left_out_and_counted(desk: Desk) -> None:
    other = {"@type": "Article", "name": "x"}
    nobody = review(itemReviewed={"@type": "Claim"})
    summary = desk.take(desk.file(json.dumps([other, nobody]), "reviews.json"))
    assert summary.left_out == {
        "something else than a ClaimReview": 1,
        "claim of nobody who is named": 1,
    }
    assert len(desk.events("statement.recorded")) == 1


@pytest.mark.parametrize("name", ["claimReviewed", "author", "url"])
def test_a_review_without_what_it_is_about_is_refused(desk: Desk, name: str) -> None:
    summary = desk.take(desk.file(json.dumps([review(**{name: None})]), "reviews.json"))
    assert f"the review has no {name}; give claimReviewed" in str(summary.rejections[0])


def test_a_file_without_reviews_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="there is no ClaimReview in this file"):
        desk.take(desk.file("{}", "x.json"), format="claimreview")
