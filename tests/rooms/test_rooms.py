"""Each room is taken out of a copy of Standline, and the rest goes on without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.rooms.taken_out import IMPORT_ALL, WithoutRoom, read
from tests.support.store_copies import copied

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(1_200)]

ROOMS = {
    "analysis": (
        "timeline/analysis",
        "timeline/cli/analysing.py",
        "timeline/cli/archiving.py",
        "timeline/cli/archive_options.py",
        "web/analyse",
        "web/templates/analyse",
        "web/styles/analyse",
        "tests/analysis",
    ),
    "capture": (
        "timeline/capture",
        "timeline/cli/suggesting.py",
        "web/record/workbench",
        "web/templates/record/bench.html",
        "web/templates/record/bench_development.html",
        "web/templates/record/bench_passage.html",
        "web/templates/record/bench_statement.html",
        "web/templates/record/open_text.html",
        "web/templates/record/text_nav.html",
        "web/templates/record/text_of_source.html",
        "web/templates/record/together.html",
        "web/templates/record/workbench.html",
        "web/scripts/record/bench.js",
        "web/scripts/record/bookmarklet.js",
        "tests/capture",
    ),
    "codebook": (
        "web/codebook",
        "web/record/nouns/codebook.py",
        "timeline/cli/codebooks.py",
        "web/templates/codebook/page.html",
        "web/templates/codebook/topic_action.html",
        "web/templates/record/codebook.html",
        "web/templates/record/codebook_form.html",
        "web/templates/record/codebook_of_topic.html",
    ),
    "coverage": (
        "web/coverage",
        "web/record/nouns/coverage.py",
        "timeline/cli/coverages.py",
        "web/templates/coverage",
        "web/styles/coverage",
        "web/templates/record/coverage.html",
        "web/templates/record/coverage_form.html",
        "web/templates/record/coverage_of_topic.html",
    ),
    "embargo": (
        "web/record/embargo.py",
        "timeline/cli/embargoes.py",
        "web/templates/record/embargo.html",
        "web/templates/record/embargo_field.html",
        "web/templates/record/embargo_nav.html",
    ),
    "inbox": (
        "web/record/inbox",
        "timeline/watching",
        "timeline/cli/watching.py",
        "web/templates/record/inbox.html",
        "web/templates/record/inbox_item.html",
        "web/templates/record/inbox_keys.html",
        "web/templates/record/inbox_moves.html",
        "web/templates/record/inbox_nav.html",
        "web/templates/record/inbox_reasons.html",
        "web/scripts/record/inbox.js",
        "tests/watching",
    ),
    "live news": (
        "timeline/live",
        "web/live",
        "web/templates/live",
        "web/scripts/live.js",
        "web/styles/shell/live.css",
        "tests/live",
    ),
    "replies": (
        "web/record/replies.py",
        "web/record/corrections/reply.py",
        "web/templates/record/reply.html",
        "web/templates/record/reply_action.html",
        "web/templates/record/reply_forms.html",
        "web/templates/record/reply_taken_back.html",
        "web/templates/record/replies.html",
        "web/templates/record/replies_nav.html",
        "web/templates/record/replies_of_draft.html",
    ),
    "review": (
        "web/record/reviewing",
        "timeline/agreeing.py",
        "timeline/cli/four_eyes.py",
        "web/templates/record/review.html",
        "web/templates/record/review_change.html",
        "web/templates/record/review_nav.html",
        "web/templates/record/review_queue.html",
        "web/templates/record/sent_back.html",
    ),
    "second coding": (
        "web/record/second_coding",
        "timeline/second_coding",
        "timeline/cli/second_coding.py",
        "web/templates/record/agreement.html",
        "web/templates/record/agreement_topic.html",
        "web/templates/record/decide.html",
        "web/templates/record/pair.html",
        "web/templates/record/second_coding.html",
        "web/templates/record/second_coding_done.html",
        "web/templates/record/second_coding_form.html",
        "web/templates/record/second_coding_nav.html",
        "tests/second_coding",
    ),
    "interface": ("web/api", "web/templates/api", "web/styles/api"),
    "benchmark": (
        "timeline/benchmark",
        "timeline/cli/benching.py",
        "tests/benchmark",
        "tests/cli/test_bench.py",
    ),
    "pictures": (
        "web/picture",
        "timeline/cli/charting.py",
        "web/templates/picture",
        "web/styles/picture",
        "tests/web/picture",
    ),
    "witnesses": (
        "timeline/cli/proving.py",
        "timeline/witnessing.py",
        "timeline/rotating.py",
        "timeline/stores/tile_files.py",
        "tests/cli/test_proving.py",
        "tests/cli/test_witnessing.py",
        "tests/stores/test_tree.py",
    ),
    "embed": ("web/embed", "web/templates/embed", "web/styles/embed", "tests/web/test_embed.py"),
}
"""Each room with all that is its own; its entry points are those that name a module in there.

Tests of it that are not named here lie in files that the rest is not tested with.
"""

NEEDS = {"benchmark": {"analysis", "capture", "live news"}, "inbox": {"capture"}}
"""The rooms that a room stands on: where they are out, it is out, too."""

FORM = "test_a_form_that_is_filled_in_leads_to_the_chart_with_its_proof_open"
REST = (
    "tests/domain/test_statement.py",
    "tests/web/test_statement.py",
    f"tests/web/record/test_statement.py::{FORM}",
    "tests/cli/test_log.py",
)
"""A quick part of the rest's tests: a rule, a page, a form, a command."""

TOPIC, ACTOR = re.compile(r'href="(/t/[\w-]+)"'), re.compile(r'href="(/a/[\w-]+)"')


@pytest.mark.parametrize("room", ROOMS)
def test_the_rest_goes_on_without_a_room(room: str, demo_original: str, tmp_path: Path) -> None:
    out = {room} | {other for other, needs in NEEDS.items() if room in needs}
    copy = WithoutRoom(tmp_path / "copy", [path for each in out for path in ROOMS[each]])
    copy.run("-c", IMPORT_ALL)
    copy.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-x", *REST)
    with copied(demo_original, tmp_path / "store") as store, copy.served(store) as address:
        front = read(f"{address}/")
        topic = TOPIC.search(front)
        assert topic
        actor = ACTOR.search(read(address + topic[1]))
        assert actor
        assert "Standline" in read(address + actor[1])


def test_a_room_that_others_import_cannot_be_taken_out(tmp_path: Path) -> None:
    copy = WithoutRoom(tmp_path, ("web/lanes",))
    with pytest.raises(AssertionError, match=r"No module named 'web\.lanes"):
        copy.run("-c", IMPORT_ALL)
