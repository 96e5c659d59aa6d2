"""A key takes the place of another: both vouch for it, and trust in one leads to the other."""

from __future__ import annotations

import pytest

from timeline.domain.errors import Refused
from timeline.ledger import check
from timeline.ledger.checkpoints import Checkpoint
from timeline.ledger.notes import Signer
from timeline.ledger.rotations import Rotation, Tenure, read_rotation, rotation, tenures

FIRST, SECOND, THIRD, FORGED = (
    Signer("example.org/record", bytes([number]) * 32) for number in range(1, 5)
)


def rotated(old: Signer, new: Signer, size: int) -> Rotation:
    return read_rotation(str(rotation(old, old.verifier, new, size)))


ROTATIONS = [rotated(FIRST, SECOND, 10), rotated(SECOND, THIRD, 20)]


def offline(*rotations: Rotation) -> list[check.Tenure]:
    return check.follow(str(FIRST.verifier), "\n".join(str(one.note) for one in rotations))


@pytest.mark.parametrize("trusted", [FIRST, SECOND, THIRD])
def test_trust_in_any_key_leads_to_those_before_and_after_it(trusted: Signer) -> None:
    expected = [
        Tenure(FIRST.verifier, 10),
        Tenure(SECOND.verifier, 20),
        Tenure(THIRD.verifier),
    ]
    assert tenures(trusted.verifier, ROTATIONS) == expected


def test_a_checker_without_standline_follows_the_same_keys() -> None:
    told = [(tenure.key, tenure.until) for tenure in tenures(FIRST.verifier, ROTATIONS)]
    assert offline(*ROTATIONS) == [(str(key), until) for key, until in told]
    assert offline() == [(str(FIRST.verifier), None)]
    with pytest.raises(check.Wrong):
        check.follow(str(FIRST.verifier), "no keys\n\n\n")


def test_a_key_that_the_old_one_did_not_sign_for_is_not_followed() -> None:
    alone = read_rotation(str(rotation(None, FIRST.verifier, FORGED, 5)))
    by_another = read_rotation(str(rotation(FORGED, FIRST.verifier, FORGED, 5)))
    for one in (alone, by_another):
        assert not one.is_handed_on
        assert tenures(FIRST.verifier, [one]) == [Tenure(FIRST.verifier)]
        assert offline(one) == [(str(FIRST.verifier), None)]


def test_a_key_that_did_not_sign_for_itself_takes_over_from_nobody() -> None:
    text = ROTATIONS[0].note.text
    one = read_rotation(str(FIRST.sign(text)))
    assert one.old.signed(one.note)
    assert not one.is_handed_on
    assert tenures(FIRST.verifier, [one]) == [Tenure(FIRST.verifier)]
    assert offline(one) == [(str(FIRST.verifier), None)]


def test_a_note_whose_lines_were_changed_leads_nowhere() -> None:
    note = str(ROTATIONS[0].note)
    for changed in (
        note.replace("\n10\n", "\n11\n"),
        note.replace(str(SECOND.verifier), str(FORGED.verifier)),
    ):
        assert changed != note
        assert tenures(FIRST.verifier, [read_rotation(changed)]) == [Tenure(FIRST.verifier)]
        assert check.follow(str(FIRST.verifier), changed) == [(str(FIRST.verifier), None)]


@pytest.mark.parametrize(("size", "signer", "holds"), [
    (10, FIRST, True),
    (11, FIRST, False),
    (5, SECOND, True),
    (20, SECOND, True),
    (21, SECOND, False),
    (10_000, THIRD, True),
    (10, FORGED, False),
])  # fmt: skip
def test_a_key_signs_no_checkpoint_of_more_events_than_it_was_there_for(
    size: int, signer: Signer, *, holds: bool
) -> None:
    note = Checkpoint("example.org/record", size, bytes(32)).signed(signer)
    known = tenures(FIRST.verifier, ROTATIONS)
    assert any(tenure.signed(note, size) for tenure in known) is holds
    kept = check.Checkpoint(str(note))
    if holds:
        kept.check(offline(*ROTATIONS))
    else:
        with pytest.raises(check.Wrong, match=r"^the checkpoint is not signed by example.org"):
            kept.check(offline(*ROTATIONS))


@pytest.mark.parametrize(("part", "changed"), [
    ("standline-key/v1", "standline-key/v2"),
    ("standline-key/v1", "standline-key/v1\nmore"),
    ("standline-key/v1", "standline-key/v1 "),
    ("\n10\n", "\n10\nmore\n"),
    ("\n10\n", "\n-10\n"),
    ("\n10\n", "\n１０\n"),
    ("\n10\n", f"\n{10**18}\n"),
])  # fmt: skip
def test_what_is_no_such_note_is_refused(part: str, changed: str) -> None:
    note = str(ROTATIONS[0].note)
    assert part in note
    with pytest.raises(Refused, match="does not say which key took the place of which"):
        read_rotation(note.replace(part, changed, 1))
