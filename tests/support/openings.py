"""What processes do that open a store at the same moment."""

from __future__ import annotations

from timeline.desk.desk import Desk
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl


def head_of(address: str) -> int:
    """Open a log, which makes it if it is new, and return its last position."""
    log = EventLog.open(StoreUrl.parse(address))
    head = log.head()
    log.close()
    return head


def drafts_of(address: str) -> int:
    """Open a desk, which makes it if it is new, and count its drafts."""
    desk = Desk(StoreUrl.parse(address))
    drafts = desk.drafts.count()
    desk.close()
    return drafts
