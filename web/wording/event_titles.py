"""What each type of event says happened, in the reader's language."""

from __future__ import annotations

from web.i18n.translate import gettext, lazy_gettext

_TITLES = (
    lazy_gettext("story opened"),
    lazy_gettext("story sides arranged"),
    lazy_gettext("story translated"),
    lazy_gettext("topic opened"),
    lazy_gettext("topic reworded"),
    lazy_gettext("topic translated"),
    lazy_gettext("topic filed under"),
    lazy_gettext("topic closed"),
    lazy_gettext("topic reopened"),
    lazy_gettext("topic redacted"),
    lazy_gettext("actor introduced"),
    lazy_gettext("actor renamed"),
    lazy_gettext("actor translated"),
    lazy_gettext("actor redacted"),
    lazy_gettext("actor alias added"),
    lazy_gettext("actor mandated"),
    lazy_gettext("actor mandate ended"),
    lazy_gettext("actor merged"),
    lazy_gettext("actor merge undone"),
    lazy_gettext("document filed"),
    lazy_gettext("document snapshot taken"),
    lazy_gettext("document corrected"),
    lazy_gettext("document redacted"),
    lazy_gettext("statement recorded"),
    lazy_gettext("statement corrected"),
    lazy_gettext("statement translated"),
    lazy_gettext("statement retracted"),
    lazy_gettext("statement reinstated"),
    lazy_gettext("statement seconded"),
    lazy_gettext("statement linked"),
    lazy_gettext("statement unlinked"),
    lazy_gettext("statement coded"),
    lazy_gettext("statement reply requested"),
    lazy_gettext("statement reply received"),
    lazy_gettext("statement redacted"),
    lazy_gettext("development recorded"),
    lazy_gettext("development corrected"),
    lazy_gettext("development translated"),
    lazy_gettext("development retracted"),
    lazy_gettext("development reinstated"),
    lazy_gettext("development seconded"),
    lazy_gettext("development linked"),
    lazy_gettext("development unlinked"),
    lazy_gettext("development redacted"),
    lazy_gettext("ledger key rotated"),
)
"""The titles of all types, here so that the catalogues hold them."""


def title_of(type_: str) -> str:
    """Return an event type in words: `statement.reply_received` is "statement reply received"."""
    return gettext(type_.replace(".", " ").replace("_", " "))


def event_title(type_: str) -> str:
    """Return what an event did to an entry, in words."""
    words = {
        "recorded": gettext("Recorded"),
        "corrected": gettext("Corrected"),
        "retracted": gettext("Retracted"),
        "reinstated": gettext("Reinstated"),
        "seconded": gettext("Second source added"),
        "linked": gettext("Linked"),
        "unlinked": gettext("Link removed"),
        "translated": gettext("Translated"),
        "coded": gettext("Coded by a second reader"),
        "reply_requested": gettext("Reply requested"),
        "reply_received": gettext("Reply received"),
        "redacted": gettext("Words erased by law"),
    }
    return words.get(type_.partition(".")[2], type_)
