"""Reading how messages leave through others."""

from typing import Any

from django.db.models import QuerySet

from rapport.core.prepared import prepared

from .models import BY_WEB, Gateway, Outbox, Reaches


def way(name: str) -> Reaches:
    """What a gateway over the web does, by its name in an address.

    Raises:
        Gateway.DoesNotExist: no gateway does that.
    """
    for reaches in BY_WEB:
        if name == reaches.lower():
            return reaches
    raise Gateway.DoesNotExist


def gateway(reaches: str) -> Gateway | None:
    """The gateway over the web for texts or for calls, or None where none is set."""
    return next(iter(_gateway(reaches=str(reaches))), None)


@prepared
def _gateway(*, reaches: Any) -> QuerySet[Gateway]:
    return Gateway.objects.filter(reaches=reaches)


def outbox() -> Outbox | None:
    """The folder for others, or None where it is not used."""
    return next(iter(_outbox()), None)


@prepared
def _outbox() -> QuerySet[Outbox]:
    return Outbox.objects.filter(pk=1)
