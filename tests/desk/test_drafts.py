"""Drafts: kept for their author alone, one for each form, until recorded or discarded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
import pytest

from timeline.desk.desk import Desk
from timeline.desk.drafts import MOST, MOST_BYTES, Draft, Gist
from timeline.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from timeline.stores.store_url import StoreUrl

NOON = 1_765_800_000_000_000


def draft(number: int = 1, *, at: int = NOON, **fields: str) -> Draft:
    return Draft(
        id=f"00000000-0000-7000-8000-{number:012}",
        kind="statement",
        saved_at=at,
        gist=Gist(actor="Dora Example", words="Wants it."),
        fields={name: [value] for name, value in fields.items()},
    )


def test_a_draft_comes_back_as_it_was_saved(desk: Desk) -> None:
    kept = msgspec.structs.replace(
        draft(paraphrase='“Ünï” 🕊 "x"\r\n\0', actor=""), fields={"topics": ["a", "b"], "x": []}
    )
    desk.drafts.save("anna", kept)
    assert desk.drafts.find("anna", kept.id) == kept


def test_a_draft_saved_again_takes_the_place_of_what_was_kept(desk: Desk) -> None:
    desk.drafts.save("anna", draft(paraphrase="Wants"))
    later = draft(at=NOON + 1, paraphrase="Wants it now.")
    desk.drafts.save("anna", later)
    assert desk.drafts.count() == 1
    assert desk.drafts.find("anna", later.id) == later


def test_the_list_has_the_draft_saved_last_first(desk: Desk) -> None:
    for number, at in ((1, 5), (2, 9), (3, 7)):
        desk.drafts.save("anna", draft(number, at=at))
    listed = desk.drafts.of("anna")
    assert [one.saved_at for one in listed] == [9, 7, 5]
    assert listed[0].gist == Gist(actor="Dora Example", words="Wants it.")


def test_nobody_sees_opens_or_removes_the_drafts_of_another(desk: Desk) -> None:
    mine = draft(paraphrase="Mine.")
    desk.drafts.save("anna", mine)
    assert desk.drafts.of("ben") == []
    with pytest.raises(NotFound, match="not there any more"):
        desk.drafts.find("ben", mine.id)
    desk.drafts.discard("ben", [mine.id])
    desk.drafts.save("ben", draft(paraphrase="Ben's, under the same id."))
    assert desk.drafts.find("anna", mine.id) == mine


def test_a_discarded_draft_is_gone_and_may_be_discarded_again(desk: Desk) -> None:
    for number in (1, 2):
        desk.drafts.save("anna", draft(number))
    for _ in range(2):
        desk.drafts.discard("anna", [draft(1).id])
        assert [one.id for one in desk.drafts.of("anna")] == [draft(2).id]
    desk.drafts.discard("anna", [])
    assert desk.drafts.count() == 1


def test_one_draft_too_many_is_refused_with_the_way_out(desk: Desk) -> None:
    for number in range(MOST):
        desk.drafts.save("anna", draft(number))
    with pytest.raises(Refused, match=f"you have {MOST} drafts") as refused:
        desk.drafts.save("anna", draft(MOST))
    assert refused.value.fix == "record or discard one first"
    desk.drafts.save("anna", draft(0, at=NOON + 1))
    desk.drafts.save("ben", draft(MOST))
    desk.drafts.discard("anna", [draft(7).id])
    desk.drafts.save("anna", draft(MOST))
    assert len(desk.drafts.of("anna")) == MOST


def test_drafts_saved_at_once_do_not_pass_the_limit_together(desk: Desk) -> None:
    for number in range(MOST - 1):
        desk.drafts.save("anna", draft(number))

    def save(number: int) -> bool:
        try:
            desk.drafts.save("anna", draft(MOST + number))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(save, range(8)))
    assert sum(kept) == 1
    assert len(desk.drafts.of("anna")) == MOST


def test_one_draft_saved_many_times_at_once_is_one(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: desk.drafts.save("anna", draft(at=at)), range(16)))
    assert desk.drafts.count() == 1


def test_a_draft_larger_than_any_form_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match=f"{MOST_BYTES} are allowed"):
        desk.drafts.save("anna", draft(text="x" * MOST_BYTES))
    desk.drafts.save("anna", draft(text="x" * (MOST_BYTES - 100)))


def test_drafts_outlast_the_desk_that_kept_them(url: StoreUrl, desk: Desk) -> None:
    desk.drafts.save("anna", draft(paraphrase="Wants it."))
    desk.close()
    again = Desk(url)
    assert again.drafts.find("anna", draft().id).fields == {"paraphrase": ["Wants it."]}
    again.close()
