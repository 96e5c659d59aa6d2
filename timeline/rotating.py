"""Rotate the signing key: the log records the old and the new key, signed by both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.ledger.rotations import Rotation, read_rotation, rotation
from timeline.stores.signing_key import prepare_key, signing_key, take_over

if TYPE_CHECKING:
    from timeline.bootstrap import Services
    from timeline.domain.event import Byline
    from timeline.ledger.notes import Verifier

KEY_NOT_LOST = Message(
    "key_not_lost",
    "that key is the one that signs now",
    fix="replace it with standline key --rotate",
)


def rotate_key(services: Services, byline: Byline) -> Rotation:
    """Replace the signing key by a new one, which the old one signs before it is removed.

    An interrupted rotation is finished when the key is next needed. Raises what recording raises,
    and `StandlineError` if the file of the key cannot be written.
    """
    url, log = services.url, services.log
    old = signing_key(url, log)
    new = prepare_key(url, old.name)
    while (now := signing_key(url, log)).verifier != old.verifier:
        # Another process was faster: go on with the next step.
        old, new = now, prepare_key(url, now.name)
    note = str(rotation(old, old.verifier, new, log.tree().size))
    services.newsroom.rotate_key(byline, note)
    take_over(url, new)
    return read_rotation(note)


def replace_lost_key(services: Services, byline: Byline, lost: Verifier) -> Rotation:
    """Record that a key is lost and which key signs now; only the log attests it.

    Raises `Refused` if the lost key is the current one, and what recording raises.
    """
    new = signing_key(services.url, services.log, lost.name)
    if new.verifier == lost:
        raise Refused(KEY_NOT_LOST, field="--lost")
    note = str(rotation(None, lost, new, services.log.tree().size))
    services.newsroom.rotate_key(byline, note)
    return read_rotation(note)
