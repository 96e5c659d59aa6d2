from __future__ import annotations

import json
from typing import Any

import pytest

from tests.interchange.desk import Desk, jsonl
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


def test_a_claim_of_no_day_was_made_by_the_end_of_an_interval(desk: Desk) -> None:
    item = {"@type": "Claim", "author": {"@type": "Person", "name": "Ann Example"}}
    days = "2025-02-01/2025-02-03"
    summary = desk.take(
        desk.file(json.dumps(review(itemReviewed=item, datePublished=days)), "review.json")
    )
    assert summary.clean, summary.rejections
    assert exported(desk)["statement"][0]["said_at"] == "../2025-02-03"


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


def another(number: int, **changes: object) -> dict[str, Any]:
    return review(url=f"https://checkers.example.org/{number}", **changes)


@pytest.mark.parametrize("name", ["@graph", "dataFeedElement", "itemListElement"])
def test_a_list_that_was_cut_short_is_told_once_with_what_stood_before(
    desk: Desk, name: str
) -> None:
    whole = json.dumps({"@type": "DataFeed", name: [another(1), another(2)]})
    summary = desk.take(desk.file(whole[:-300], "reviews.json"))
    (rejection,) = summary.rejections
    assert "the JSON text ends in the middle" in str(rejection)
    assert (len(desk.events("statement.recorded")), summary.links) == (2, 1)


def test_every_line_of_json_lines_is_read(desk: Desk) -> None:
    summary = desk.take(desk.file(jsonl([another(1), another(2)]) + " \n", "reviews.jsonl"))
    assert summary.clean, summary.rejections
    assert (len(desk.events("statement.recorded")), summary.links) == (4, 2)


def test_so_is_every_graph_of_several_lines(desk: Desk) -> None:
    graphs = [{"@graph": [another(1)]}, {"@graph": [another(2), another(3)]}]
    summary = desk.take(desk.file(jsonl(graphs), "reviews.jsonl"))
    assert summary.clean, summary.rejections
    assert (len(desk.events("statement.recorded")), summary.links) == (6, 3)


def test_a_line_that_was_cut_short_is_told(desk: Desk) -> None:
    summary = desk.take(desk.file(jsonl([another(1), another(2)])[:-300], "reviews.jsonl"))
    (rejection,) = summary.rejections
    assert "the JSON text ends in the middle" in str(rejection)
    assert len(desk.events("statement.recorded")) == 2


def test_refused_reviews_and_rows_made_of_others_come_back_mended(desk: Desk) -> None:
    rejects = desk.folder / "rejects.jsonl"
    reviews = [another(1, author=None), another(2, datePublished="soon")]
    summary = desk.take(desk.file(json.dumps(reviews), "reviews.json"), rejects=rejects)
    lines = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [line.get("kind") for line in lines] == [None, "statement", "link"]
    assert summary.recorded == 1
    lines[0]["author"] = {"@type": "Organization", "name": "The Checkers"}
    lines[1]["source.published_at"] = "2025-02-03"
    again = desk.take(desk.file(jsonl(lines), "mended.jsonl"))
    assert (again.recorded, again.links, again.clean) == (5, 2, True), again.rejections
    assert len(desk.events("statement.recorded")) == 4


def test_a_number_beyond_all_bounds_is_no_rating(desk: Desk) -> None:
    beyond = rated(1, 10**400, 5)
    summary = desk.take(desk.file(json.dumps(review(reviewRating=beyond)), "review.json"))
    assert summary.clean, summary.rejections
    assert exported(desk)["statement"][1]["stance"] == "no_position"


def test_json_is_what_the_user_says_it_is(desk: Desk) -> None:
    mapping = {
        "ignore": "*",
        "columns": {"actor": "who", "stance": "what", "said_at": "day"},
        "constants": {"topic": "harbour", "topic_question": "Built?", "source.outlet": "News"},
    }
    said = {"who": "Ann", "what": "supports", "day": "2025-01-03"}
    for inside in ({"events": [{"x": 1}]}, {"about": {"@type": "ClaimReview"}}):
        file = desk.file(jsonl([said | inside]), "rows.jsonl")
        summary = desk.take(file, mapping=mapping, format="jsonl")
        assert (summary.clean, summary.left_out) == (True, {}), summary.rejections
    assert len(desk.events("statement.recorded")) == 1
