"""Accepting a pack's conditions for the practice, and withdrawing that."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.core.library import NotInLibrary

from .library import PACKS
from .models import Acceptance


class CannotAccept(Exception):
    """It cannot be accepted so. ``field`` names what to change; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("pack.accept")
def accept(
    *, by: Any, pack: str, version: int, use: str, permitted_by: str = "", now: datetime
) -> Acceptance:
    """Accept the conditions of ``pack``: from now on its questionnaires can be asked.

    Args:
        version: of the conditions that were read; not today's is refused.
        use: what the practice is. permitted_by: who permitted a use the conditions leave out.

    Raises:
        CannotAccept: no such pack or use, another version by now, accepted already, or a paid
            use of what is not for such without anybody's permission.
    """
    try:
        content = PACKS.get(pack).content
    except NotInLibrary:
        raise CannotAccept("", _("There is no such pack.")) from None
    if version != content.version:
        raise CannotAccept("", _("The conditions have changed since. Read them and accept anew."))
    if use not in Acceptance.Use.values:
        raise CannotAccept("use", _("Choose one from the list."))
    said = " ".join(permitted_by.split())
    if use == Acceptance.Use.PAID and not content.commercial and not said:
        raise CannotAccept(
            "permission",
            _("These words are free for use without commerce. Ask the rights holder whether your "
              "practice may use them, and write here who permitted it and when."),
        )  # fmt: skip
    rows = Acceptance.objects.select_for_update().filter(pack=pack, ended_at=None)
    before = rows.first()
    if before is not None and before.version == version:
        raise CannotAccept("", _("These conditions were accepted already."))
    rows.update(ended_at=now, ended_by=by)
    try:
        with transaction.atomic():
            return Acceptance.objects.create(
                pack=pack, version=version, use=use, permission=said[:300], accepted_by=by,
                accepted_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise CannotAccept("", _("These conditions were accepted already.")) from None


@action("pack.accept")
def withdraw(*, by: Any, pack: str, now: datetime) -> Acceptance:
    """Use a pack no longer: nothing of it is asked anew, and sheets stay readable.

    What was asked before can still be answered.

    Raises:
        CannotAccept: it was not accepted, or withdrawn meanwhile.
    """
    row = Acceptance.objects.select_for_update().filter(pack=pack, ended_at=None).first()
    if row is None:
        raise CannotAccept("", _("This pack is off already."))
    row.ended_at, row.ended_by = now, by
    row.save(update_fields=["ended_at", "ended_by"])
    return row
