"""Notices: discreet mail to people with an account, or the link handed over on the page.

``send`` belongs into the transaction of the change it tells about; a job sends it.
"""

from .actions import CannotSet, Line, forget_server, set_server, test
from .models import MailServer, Notice
from .qr import qr_data, qr_svg
from .queries import latest, server
from .sending import can_send, send

__all__ = [
    "CannotSet",
    "Line",
    "MailServer",
    "Notice",
    "can_send",
    "forget_server",
    "latest",
    "qr_data",
    "qr_svg",
    "send",
    "server",
    "set_server",
    "test",
]
