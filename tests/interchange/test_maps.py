from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, table
from timeline.domain.errors import Refused
from timeline.interchange.maps.map_file import checked_map, read_map

if TYPE_CHECKING:
    from pathlib import Path

    from timeline.interchange import Summary

VOTES: dict[str, Any] = {
    "namespace": "votes",
    "columns": {"actor": "who", "stance": "how", "said_at": "when"},
    "constants": {"actor_kind": "state"},
    "templates": {"key": "{roll}/{who}"},
    "values": {
        "stance": {"yes": "for", "no": "against", "absent": "no_position/unstated"},
    },
    "topics": {"column": "what", "scale": "vote"},
}
VOTE = {"who": "Brazil", "how": "yes", "when": "2019-11-07", "what": "Embargo", "roll": "9"}


def votes(desk: Desk, *rows: dict[str, str], **changes: object) -> Summary:
    """Import rows of votes by the map, with changes to it."""
    mapping = {name: value for name, value in (VOTES | changes).items() if value is not None}
    return desk.take(desk.file(table(*[VOTE | each for each in rows])), mapping=mapping)


def test_columns_constants_templates_and_words_make_a_native_row(desk: Desk) -> None:
    votes(desk, {})
    said, actor = desk.event("statement.recorded"), desk.event("actor.introduced")
    assert (said.stance, said.said_at, said.key) == (2, "2019-11-07", "votes:9/Brazil")
    assert (actor.slug, actor.kind, actor.content.name) == ("brazil", "state", "Brazil")
    topic = desk.event("topic.opened")
    assert (topic.slug, topic.scale, topic.content.name) == ("embargo", "vote", "Embargo")


def test_no_position_comes_with_its_reason(desk: Desk) -> None:
    votes(desk, {"how": "absent"})
    said = desk.event("statement.recorded")
    assert (said.stance, said.no_position_reason) == (None, "unstated")


def test_foreign_words_count_without_regard_to_case(desk: Desk) -> None:
    assert votes(desk, {"how": " YES "}).recorded == 1


def test_a_word_that_the_map_does_not_know_is_refused_under_its_own_header(desk: Desk) -> None:
    (rejection,) = votes(desk, {"how": "perhaps"}).rejections
    assert str(rejection) == (
        "rows.csv, line 2, column how: the map has no word for 'perhaps'; "
        "add it under [values.stance] as a word of the scale (against, abstained, for) or,"
        " where it takes no side, as"
        " no_position/unstated"
    )


def test_a_rule_that_refuses_names_the_foreign_header(desk: Desk) -> None:
    (rejection,) = votes(desk, {"when": "2045-01-01"}).rejections
    assert rejection.column == "when"


def test_a_name_that_a_vocabulary_does_not_list_is_kept(desk: Desk) -> None:
    values = VOTES["values"] | {"actor": {"Russian Federation": "russia"}}
    votes(desk, {"who": "Russian Federation"}, {"who": "Brazil"}, values=values)
    introduced = [(each.slug, each.content.name) for each in desk.events("actor.introduced")]
    assert introduced == [("russia", "Russian Federation"), ("brazil", "Brazil")]


def test_a_constant_fills_blank_cells_only(desk: Desk) -> None:
    votes(
        desk,
        {"kind": "office", "who": "a"},
        {"kind": "", "who": "b"},
        columns=VOTES["columns"] | {"actor_kind": "kind"},
    )
    assert [event.kind for event in desk.events("actor.introduced")] == ["office", "state"]


def test_a_template_whose_cells_are_blank_makes_nothing(desk: Desk) -> None:
    templates = {"paraphrase": "On: {text}"}
    votes(desk, {"text": ""}, {"text": "x", "who": "b"}, templates=templates, ignore=["roll"])
    words = [event.content.paraphrase for event in desk.events("statement.recorded")]
    assert words == ["", "On: x"]


def test_soft_hyphens_and_stray_controls_are_removed(desk: Desk) -> None:
    votes(desk, {"what": "Bundes\u00adwehr\u0008einsatz"})
    assert desk.event("topic.opened").slug == "bundeswehreinsatz"


def test_a_nul_is_no_stray(desk: Desk) -> None:
    assert votes(desk, {"what": "a\x00b"}).rejected == 1


TOPICS = [
    {
        "slug": "cuba-embargo",
        "question": "Should the embargo end?",
        "name": "Cuba embargo",
        "story": "UN votes",
        "pattern": "(?i)necessity of ending .* embargo",
    },
    {"slug": "cuba-embargo", "values": ["To keep the embargo"], "flip": True},
    {"slug": "mercenaries", "values": ["Mercenaries"]},
]


def test_a_topic_of_the_map_takes_the_titles_that_it_matches(desk: Desk) -> None:
    titles = ("Necessity of ending the embargo", "Mercenaries")
    votes(desk, *[{"what": title, "roll": title} for title in titles], topic=TOPICS)
    opened = desk.events("topic.opened")
    assert [event.slug for event in opened] == ["cuba-embargo", "mercenaries"]
    assert opened[0].content.question == "Should the embargo end?"
    assert desk.event("story.opened").content.title == "UN votes"


def test_a_motion_that_asks_the_opposite_is_turned_round(desk: Desk) -> None:
    rows = [{"how": how, "who": how} for how in ("yes", "no", "absent")]
    votes(desk, *[each | {"what": "To keep the embargo"} for each in rows], topic=TOPICS)
    assert [event.stance for event in desk.events("statement.recorded")] == [-2, 2, None]


def test_single_rows_can_be_turned_round(desk: Desk) -> None:
    flip = {"column": "motion", "values": ["reject"]}
    votes(desk, {"motion": "reject"}, {"motion": "adopt", "who": "b"}, flip=flip)
    assert [event.stance for event in desk.events("statement.recorded")] == [-2, 2]


def test_turned_round_twice_is_as_it_was(desk: Desk) -> None:
    flip = {"column": "motion", "values": ["reject"]}
    given = {"what": "To keep the embargo", "motion": "reject"}
    votes(desk, given, flip=flip, topic=TOPICS)
    assert desk.event("statement.recorded").stance == 2


def test_titles_that_no_topic_matches_are_refused(desk: Desk) -> None:
    (rejection,) = votes(desk, {"what": "Fisheries"}, topic=TOPICS).rejections
    assert str(rejection).startswith(
        "rows.csv, line 2, column what: no topic of the map is about 'Fisheries'; "
    )


@pytest.mark.parametrize(("unmatched", "recorded"), [("skip", 0), ("keep", 1)])
def test_titles_that_no_topic_matches_can_be_skipped_or_kept(
    desk: Desk, unmatched: str, recorded: int
) -> None:
    topics = VOTES["topics"] | {"unmatched": unmatched}
    summary = votes(desk, {"what": "Fisheries"}, topics=topics, topic=TOPICS)
    assert (summary.recorded, summary.skipped) == (recorded, 1 - recorded)


def test_a_title_that_two_topics_match_is_refused(desk: Desk) -> None:
    topic = [*TOPICS, {"slug": "other", "pattern": "embargo"}]
    (rejection,) = votes(desk, {"what": "Necessity of ending the embargo"}, topic=topic).rejections
    assert "is matched by cuba-embargo and other" in str(rejection)


def test_rows_can_be_skipped(desk: Desk) -> None:
    summary = votes(desk, {"how": "absent"}, {}, skip={"column": "how", "values": ["absent"]})
    assert (summary.recorded, summary.skipped) == (1, 1)


def test_a_column_that_the_map_says_nothing_of_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as info:
        votes(desk, {"party": "x"})
    assert str(info.value) == (
        "rows.csv, line 1: the map says nothing of the column 'party'; "
        "map it, or list it under ignore"
    )


@pytest.mark.parametrize("ignore", [["party"], "*"])
def test_a_column_can_be_left_out(desk: Desk, ignore: object) -> None:
    assert votes(desk, {"party": "x"}, ignore=ignore).recorded == 1


def test_a_column_that_the_file_lacks_is_refused_with_the_nearest(desk: Desk) -> None:
    with pytest.raises(Refused, match="the file has no column 'whoo'; did the map mean 'who'"):
        votes(desk, {}, columns=VOTES["columns"] | {"actor": "whoo"}, ignore="*")


def test_a_map_reads_foreign_json_lines_too(desk: Desk) -> None:
    content = '{"who": {"name": "Brazil"}, "how": true, "when": 1573084800, "roll": 9}\n'
    mapping = {
        "columns": {"actor": "who.name", "stance": "how", "said_at": "when"},
        "constants": {"topic": "embargo", "scale": "vote"},
        "values": {"stance": {"true": "for"}},
        "dates": {"said_at": "epoch_s", "times": "drop"},
        "ignore": ["roll"],
    }
    desk.take(desk.file(content, "rows.jsonl"), mapping=mapping)
    said = desk.event("statement.recorded")
    assert (said.stance, said.said_at) == (2, "2019-11-07")


def test_dates_are_read_in_the_order_of_the_map(desk: Desk) -> None:
    votes(desk, {"when": "07.11.2019"}, dates={"said_at": ["ymd", "dmy"]})
    assert desk.event("statement.recorded").said_at == "2019-11-07"


def test_a_date_in_another_order_is_refused_under_its_own_header(desk: Desk) -> None:
    (rejection,) = votes(desk, {"when": "11/31/2019"}, dates={"said_at": "dmy"}).rejections
    assert str(rejection).startswith(
        "rows.csv, line 2, column when: '11/31/2019' is not a date in "
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"colums": {}},
            "colums: there is no key 'colums' here in a map; did you mean columns at the top?",
        ),
        (
            {"columns": {"actr": "x"}},
            "[columns] actr: there is no field 'actr'; did you mean actor",
        ),
        ({"columns": {"actor": 1}}, "columns: 'actor' holds 1, which is not text; "),
        ({"columns": {"key": "roll"}}, "[columns]: 'key' is given twice; "),
        ({"columns": {"topic": "what"}}, "[columns]: 'topic' is given twice; "),
        ({"templates": {"key": "{roll"}}, "[templates] key: the template '{roll' is broken ("),
        ({"values": {"stance": "for"}}, "[values]: 'stance' is not a table; "),
        ({"values": {"stanc": {}}}, "[values] stanc: there is no field 'stanc'; did you mean"),
        ({"dates": {"when": "dmy"}}, "[dates] when: 'when' is not a date; use said_at, "),
        ({"dates": {"said_at": "dym"}}, "[dates] said_at: there is no order of dates 'dym'; "),
        ({"dates": {"zone": "Berlin"}}, "[dates] zone: there is no time zone 'Berlin'; "),
        ({"dates": {"times": "cut"}}, "[dates] times: times cannot be 'cut'; use keep or drop"),
        ({"ignore": "party"}, "ignore: ignore is neither a list of columns nor "),
        ({"topics": {}}, "topics.column: Missing data for required field; "),
        ({"topics": {"column": "a", "unmatched": "x"}}, "topics.unmatched: Must be one of: "),
        ({"topics": {"column": "a", "scale": "x"}}, "topics.scale: Must be one of: position"),
        ({"topic": [{"slug": "A b"}]}, "topic.0.slug: 'A b' is not a slug; "),
        ({"topic": [{"slug": "a"}]}, "[topic a]: neither values nor a pattern say which "),
        ({"topic": [{"slug": "a", "pattern": "("}]}, "[topic a]: the pattern '(' is broken ("),
        ({"topics": None, "topic": TOPICS}, "[topics]: there are topics, but no column that "),
        ({"flip": {"column": "x"}}, "[flip]: neither values nor a pattern say which cells "),
        ({"file": {"delimiter": ";;"}}, "file.delimiter: Length must be 1; "),
        ({"namespace": "a:b"}, "namespace: 'a:b' is not a slug; use lower-case letters, "),
    ],
)
def test_a_map_that_makes_no_sense_is_refused_in_one_line(
    changes: dict[str, Any], line: str
) -> None:
    mapping = {name: value for name, value in (VOTES | changes).items() if value is not None}
    with pytest.raises(Refused) as info:
        checked_map(mapping)
    assert str(info.value).startswith(line), str(info.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"[columns", "votes.toml: the map is not TOML: "),
        (b"namespace = '\xfc'", "votes.toml: the map is not UTF-8; save it as UTF-8"),
        (b"colums = 1", "votes.toml, colums: there is no key 'colums' here in a map; did you mean"),
    ],
)
def test_a_broken_map_file_is_named(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "votes.toml"
    path.write_bytes(content)
    with pytest.raises(Refused) as info:
        read_map(path)
    assert str(info.value).startswith(line)


def test_a_map_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="the map cannot be read"):
        read_map(tmp_path / "nowhere.toml")
