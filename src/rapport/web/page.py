"""The only way to publish a page: load it scoped, ask the policy, record the look."""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse

from rapport.core import audit, policy

PUBLIC = "public"

View = Callable[..., HttpResponse]


def actor(request: HttpRequest) -> Any:
    """Who asks: the signed-in account, or nobody."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else policy.Nobody()


def page(
    permission: str, *, step_up: bool = False, look: bool = True,
    sent_before: Callable[[HttpRequest], HttpResponse | None] | None = None,
    **load: Callable[..., Any],
) -> Callable[[View], View]:  # fmt: skip
    """Open a page on the objects named in its address.

    ``@page("client.open", client=clients.get)`` takes ``client_id`` from the address,
    loads it with ``clients.get(by=..., client_id=...)``, asks the policy, records the
    look, and hands ``client`` to the view. Refused and missing are the same 404, so an
    address never reveals that somebody is a client here.

    Args:
        permission: a permission that has a line in a policy, or PUBLIC.
        step_up: ask for the second factor again unless that was minutes ago
            (the sign-in middleware reads this mark).
        look: record the look. False only where the page shows nothing but its own
            furniture (the living page of the kit, the help).
        sent_before: where a form replaces what its page stands on: the answer that the form
            had when it was sent first, None when it was not.
        load: for each ``<name>_id`` in the address, the query that loads it.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def run(request: HttpRequest, **address: Any) -> HttpResponse:
            audit.origin.set(str(request.META.get("REMOTE_ADDR", ""))[:64])
            if permission == PUBLIC:
                return view(request, **address)
            by = actor(request)
            asked = dict(address)
            try:
                subject = {
                    name: find(by=by, **{f"{name}_id": address.pop(f"{name}_id")})
                    for name, find in load.items()
                }
                if not policy.allows(permission, by, **subject):
                    raise policy.Denied(permission)
            except (policy.Denied, ObjectDoesNotExist, ValidationError) as refusal:
                if sent_before is not None and (before := sent_before(request)) is not None:
                    return before
                audit.record(verb=permission, by=by, subject=asked, allowed=False)
                raise Http404 from refusal
            if not look:
                return _opened(view, request, subject, address)
            with audit.looking(verb=permission, by=by, subject=subject):
                return _opened(view, request, subject, address)

        run.permission = permission  # type: ignore[attr-defined]
        run.step_up = step_up  # type: ignore[attr-defined]
        run.loads = tuple(load)  # type: ignore[attr-defined]
        return run

    return wrap


def _opened(
    view: View, request: HttpRequest, subject: dict[str, Any], address: dict[str, Any]
) -> HttpResponse:
    try:
        return view(request, **subject, **address)
    except policy.Denied as refusal:  # an action refused and recorded it
        raise Http404 from refusal
