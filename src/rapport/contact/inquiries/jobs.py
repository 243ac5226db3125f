"""What becomes of inquiries by itself: a row beside everybody who asked, and being forgotten."""

from datetime import datetime

from rapport.core import jobs
from rapport.core.policy import System
from rapport.people.clients.models import Client

from . import actions, leaving
from .models import Inquiry

BY = System("inquiries")


@jobs.cron("inquiry.purge", "03:40")
def purge(*, now: datetime) -> None:
    """Every night: forget whoever never became a client and whose day has come.

    Each in a commit of their own, so that one who cannot be removed keeps nobody else here.
    """
    without = Client.objects.filter(status=Client.Status.INQUIRY, inquiry=None)
    for client in without.order_by("pk"):
        actions.beside(by=BY, client=client, received_at=client.created_at, now=now)
    for pk in leaving.overdue(now=now):
        near = Inquiry.objects.select_related("client__data_key", "source", "referrer")
        inquiry = near.filter(pk=pk).first()
        if inquiry is not None:
            leaving.forget(by=BY, inquiry=inquiry, now=now)
