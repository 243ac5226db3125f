"""Who may do what to accounts, visits and links. ``people.policy`` imports this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.core.policy import permit, standing

from .models import Account, Invitation, Realm, Session


@standing("own_account", _("the person whose account it is"))
def is_own_account(by: Any, *, account: Account | None = None, **_subject: Any) -> bool:
    return account is not None and by.is_authenticated and str(by.pk) == str(account.pk)


@standing("own_session", _("the person who is signed in there"))
def is_own_session(by: Any, *, session: Session | None = None, **_subject: Any) -> bool:
    return session is not None and by.is_authenticated and by.pk == session.account_id


@standing("holds_link", _("whoever holds the link"))
def holds_link(by: Any, *, invitation: Invitation | None = None, **_subject: Any) -> bool:
    return invitation is not None and by.pk == invitation.account_id


@standing("keeps_accounts", _("an owner for staff, whoever may see the client for a client"))
def keeps_accounts(
    by: Any,
    *,
    account: Account | None = None,
    realm: str = "",
    purpose: str = "",
    **_subject: Any,
) -> bool:
    if purpose in {Invitation.Purpose.RESET, Invitation.Purpose.RECOVER}:
        return False  # only the mail address itself and the console renew somebody's way in
    staff = by.staff
    if staff is None or not staff.works_on(clock.today()):
        return False
    wanted = account.realm if account is not None else realm
    if wanted == Realm.DESK:
        return bool(staff.has("OWNER"))
    if account is None:
        return wanted == Realm.PORTAL  # which client it will be, the client's own action asks
    client = account.client
    return client is not None and type(client).objects.visible_to(by).filter(pk=client.pk).exists()


permit("account.open", _("open an account"), to=("system", "keeps_accounts"))
permit("account.invite", _("send somebody a link to sign in"), to=("system", "keeps_accounts"))
permit("account.disable", _("close an account"), to=("system", "keeps_accounts"))
permit("account.enable", _("open a closed account again"), to=("system", "keeps_accounts"))
permit(
    "account.end_sessions",
    _("sign somebody out everywhere"),
    to=("system", "own_account", "keeps_accounts"),
)
permit("account.recover", _("let somebody in who is locked out"), to=("system",))
permit("invitation.open", _("begin with a link"), to=("anyone",))
permit("invitation.use", _("use a link"), to=("holds_link",))
permit("session.end", _("end one of one's own visits"), to=("own_session",))
permit("me.sessions", _("see where one is signed in"), to=("signed_in",))
permit("me.factors", _("see and change how one signs in"), to=("signed_in",))
permit("me.password", _("change one's own password"), to=("own_account",))
permit("me.pin", _("set the digits that take a tablet back from a client"), to=("own_account",))
permit("me.appearance", _("choose language and colours"), to=("own_account",))
permit("me.devices", _("have a browser remembered"), to=("own_account",))
permit("me.signin", _("sign in, out, lock and unlock"), to=("signed_in",))
