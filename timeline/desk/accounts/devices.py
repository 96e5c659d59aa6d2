"""Devices: browsers in which a handle signed in before; only fingerprints of cookies are kept.

A device does not let anybody in. It only has its own tries, which strangers cannot use up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, select, update

from timeline.desk.accounts.secrets import fingerprint, new_secret
from timeline.desk.part import DeskPart
from timeline.desk.tables import devices
from timeline.domain.instants import MICROSECONDS

if TYPE_CHECKING:
    from sqlalchemy import Connection

KNOWN_FOR = 180 * 24 * 3600 * MICROSECONDS
"""A device is forgotten if nobody signs in on it for this long."""

MOST_DEVICES = 20
"""The most devices of one handle; the one used longest ago is forgotten first."""


class Devices(DeskPart):
    """Remembers devices."""

    def remember(self, handle: str, now: int, device: str = "") -> str:
        """Return the secret of a device on which a handle has just signed in.

        The secret ``device`` stays if the handle used it before; another's never becomes theirs,
        because somebody else may know it.
        """
        with self._writing() as conn:
            conn.execute(delete(devices).where(devices.c.last_used <= now - KNOWN_FOR))
            if known := known_device(conn, handle, device, now):
                conn.execute(update(devices).where(devices.c.id == known).values(last_used=now))
                return device
            _forget_oldest(conn, handle)
            secret = new_secret()
            row = {"id": fingerprint(secret), "handle": handle, "last_used": now}
            conn.execute(insert(devices).values(row))
        return secret


def known_device(conn: Connection, handle: str, device: str, now: int) -> str:
    """Return the fingerprint of a device's secret, empty if the handle never used it."""
    condition = and_(
        devices.c.id == fingerprint(device),
        devices.c.handle == handle,
        devices.c.last_used > now - KNOWN_FOR,
    )
    return conn.execute(select(devices.c.id).where(condition)).scalar() or ""


def forget_devices(conn: Connection, handle: str) -> None:
    """Forget every device of a handle."""
    conn.execute(delete(devices).where(devices.c.handle == handle))


def _forget_oldest(conn: Connection, handle: str) -> None:
    own = select(devices.c.id).where(devices.c.handle == handle)
    newest = own.order_by(devices.c.last_used.desc()).limit(MOST_DEVICES - 1)
    condition = and_(devices.c.handle == handle, devices.c.id.not_in(newest.scalar_subquery()))
    conn.execute(delete(devices).where(condition))
