"""The session store: one row per browser and door, found by the hash of its cookie.

Django's session interface on our own table. Loading a session brings its account and the
staff member or client behind it in the same statement; what is over is deleted instead of
loaded; the data is sealed, because half-finished set-ups keep secrets in it.
"""

import json
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import transaction
from django.db.models import QuerySet

from rapport.core import practice
from rapport.core import time as clock
from rapport.core.prepared import prepared

from . import rules
from .models import Account, Realm, Session

PURPOSE = "session"
BEHIND = {Realm.DESK: "account___staff", Realm.PORTAL: "account___client"}


class SessionStore(SessionBase):
    """A visit at one door.

    Args:
        session_key: the cookie's value, or None for a new visit.
        realm: the door. A key that belongs to another door finds nothing.
        agent: two words about the browser, kept with the row.
        now: the instant of the request; what is over at ``now`` is not loaded.
    """

    def __init__(
        self,
        session_key: str | None = None,
        *,
        realm: str = "",
        agent: str = "",
        now: datetime | None = None,
    ) -> None:
        super().__init__(session_key)
        self.realm = realm
        self.agent = agent
        self.now = now or clock.now()
        self._row: Session | None = None

    @property
    def row(self) -> Session | None:
        """The stored row, or None for a visit that nothing was stored for."""
        self._session  # type: ignore[attr-defined]  # noqa: B018  loading fills the row
        return self._row

    @property
    def account(self) -> Account | None:
        """The account the row was opened with, loaded together with the row."""
        return self.row.account if self.row else None

    def load(self) -> dict[str, Any]:
        """What is stored under this key, after looking at the clock."""
        self._row = self._found()
        if self._row is None or not self._still_stands(self._row):
            self._row = None
            self._session_key = None
            return {}
        return _opened(self._row)

    def _found(self) -> Session | None:
        behind = BEHIND.get(self.realm)  # type: ignore[call-overload]
        if behind is None or self.session_key is None:
            return None
        found = _stored(behind, key_hash=rules.hashed(self.session_key), realm=self.realm)
        return found[0] if found else None

    def _still_stands(self, row: Session) -> bool:
        standing = rules.standing(
            realm=row.realm,
            signed_in=row.account is not None,
            began=row.created_at,
            seen=row.last_seen_at,
            locked=row.locked_at is not None,
            now=self.now,
        )
        disabled = row.account is not None and not row.account.is_active
        if standing == "over" or disabled:
            row.delete()
            return False
        if standing == "locked" and row.locked_at is None:
            self._write(row, locked_at=self.now)
        return True

    def exists(self, session_key: str) -> bool:
        """Whether a row carries this key."""
        return Session.objects.filter(key_hash=rules.hashed(session_key)).exists()

    def create(self) -> None:
        """Give this visit a new key and a row of its own."""
        self._session_key = secrets.token_urlsafe(32)
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Store the data.

        Raises:
            UpdateError: the row was ended meanwhile; it is not brought back.
        """
        if self.session_key is None:
            self.create()
            return
        if must_create and not hasattr(self, "_session_cache"):
            self._session_cache: dict[str, Any] = {}
        data = self._session  # type: ignore[attr-defined]
        if must_create:
            self._insert(data)
        else:
            self._update(data)

    def _insert(self, data: dict[str, Any]) -> None:
        account_id = _account_id(data)
        before = self._row
        same = before is not None and account_id is not None and before.account_id == account_id
        row = Session(
            key_hash=rules.hashed(self.session_key or ""),
            realm=self.realm,
            account_id=account_id,
            agent=self.agent,
            created_at=before.created_at if same and before else self.now,
            last_seen_at=self.now,
            stepped_up_at=(before.stepped_up_at if same and before else None),
            handed_at=(before.handed_at if same and before else None),
        )
        if self.realm not in Realm.values:
            raise CreateError("a session belongs to the desk or to the portal")
        row.data, row.data_version = _sealed(row.key_hash, data)
        row.save(force_insert=True)
        if same and before:
            row.account = before.account
        self._row = row

    def _update(self, data: dict[str, Any]) -> None:
        key_hash = rules.hashed(self.session_key or "")
        account_id = _account_id(data)
        sealed, version = _sealed(key_hash, data)
        changed: dict[str, Any] = {"data": sealed, "data_version": version}
        if self._row is None or self._row.account_id != account_id:
            changed |= {"account_id": account_id, "locked_at": None, "handed_at": None}
            if account_id:
                changed |= dict.fromkeys(("created_at", "last_seen_at", "stepped_up_at"), self.now)
        with transaction.atomic():
            if not Session.objects.filter(key_hash=key_hash).update(**changed):
                raise UpdateError
        if self._row is not None:
            for name, value in changed.items():
                setattr(self._row, name, value)

    def delete(self, session_key: str | None = None) -> None:
        """End the visit under ``session_key``, or this one."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_hash=rules.hashed(key)).delete()

    def flush(self) -> None:
        """End this visit and forget everything about it."""
        super().flush()
        self._row = None

    @property
    def is_locked(self) -> bool:
        """Whether the person has to show themself before the desk goes on."""
        return self.row is not None and self.row.locked_at is not None

    @property
    def is_fresh(self) -> bool:
        """Whether identity was proved within the last minutes."""
        return self.row is not None and rules.is_fresh(self.row.stepped_up_at, now=self.now)

    def touch(self) -> None:
        """Note a sign of life, at most once a minute."""
        row = self.row
        if row is not None and self.now - row.last_seen_at >= rules.WRITE_SEEN_EVERY:
            self._write(row, last_seen_at=self.now)

    def lock(self) -> None:
        """Close the desk until its person shows themself."""
        if self.row is not None and self.row.locked_at is None:
            self._write(self.row, locked_at=self.now)

    def unlock(self) -> None:
        """Open the desk again. The twelve hours go on counting."""
        if self.row is not None:
            self._write(self.row, locked_at=None, last_seen_at=self.now)

    @property
    def is_handed(self) -> bool:
        """Whether this browser is in a client's hands."""
        return self.row is not None and self.row.handed_at is not None

    def hand_over(self) -> None:
        """Close the desk but for a client's questions, under a new key."""
        self.cycle_key()
        if self.row is not None:
            self._write(self.row, handed_at=self.now, last_seen_at=self.now)

    def take_back(self) -> None:
        """Open the desk again, unless it is locked besides."""
        if self.row is not None:
            self._write(self.row, handed_at=None)

    def step_up(self) -> None:
        """Note that identity was proved now, under a new key."""
        self.cycle_key()
        if self.row is not None:
            self._write(self.row, stepped_up_at=self.now)

    def _write(self, row: Session, **changed: Any) -> None:
        Session.objects.filter(pk=row.pk).update(**changed)
        for name, value in changed.items():
            setattr(row, name, value)

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what is over for everybody: nobody's visits and old sign-ins."""
        now = clock.now()
        Session.objects.filter(account=None, last_seen_at__lt=now - rules.NOBODY_LASTS).delete()
        Session.objects.filter(created_at__lt=now - rules.ABSOLUTE).delete()


@prepared
def _stored(behind: str, *, key_hash: Any, realm: Any) -> QuerySet[Session]:
    rows = Session.objects.select_related("account", behind)
    return rows.filter(key_hash=key_hash, realm=realm)


def _account_id(data: dict[str, Any]) -> uuid.UUID | None:
    given = data.get(SESSION_KEY)
    return uuid.UUID(given) if given else None


def _sealed(key_hash: str, data: dict[str, Any]) -> tuple[bytes, int]:
    text = json.dumps(data, separators=(",", ":")).encode()
    wrapped = practice.current().keyring.wrap(text, purpose=PURPOSE, aad=key_hash.encode())
    return wrapped.blob, wrapped.version


def _opened(row: Session) -> dict[str, Any]:
    text = practice.current().keyring.unwrap(
        bytes(row.data), purpose=PURPOSE, aad=row.key_hash.encode(), version=row.data_version
    )
    found: dict[str, Any] = json.loads(text)
    return found
