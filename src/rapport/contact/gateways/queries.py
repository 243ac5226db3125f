"""Reading how messages leave through others."""

from django.db.models import QuerySet

from rapport.core.prepared import prepared

from .models import Gateway, Outbox


def gateway() -> Gateway | None:
    """The gateway over the web, or None where none is set."""
    return next(iter(_gateway()), None)


@prepared
def _gateway() -> QuerySet[Gateway]:
    return Gateway.objects.filter(pk=1)


def outbox() -> Outbox | None:
    """The folder for others, or None where it is not used."""
    return next(iter(_outbox()), None)


@prepared
def _outbox() -> QuerySet[Outbox]:
    return Outbox.objects.filter(pk=1)
