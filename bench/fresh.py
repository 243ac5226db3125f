"""Work that nobody has done yet, for pages that write: each piece can be done once.

A piece says where its form stands (``form``), where it is sent (``path``), and with what.
"""

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from bench import bulk

AT_ONCE = 4  # browsers that write at the same time, each in a note of its own
DESK, PORTAL = "rapport.web.desk.urls", "rapport.web.portal.urls"


def drafts(author: Any) -> list[dict[str, Any]]:
    """Notes of ``author`` that are being written, one for each browser."""
    from django.urls import reverse

    from rapport.record.models import Note

    found = Note.objects.filter(author=author, state="DRAFT").order_by("-happened_on", "pk")
    return [
        {
            "form": reverse("desk_note", DESK, [one.pk]),
            "path": reverse("desk_note_save", DESK, [one.pk]),
            "window": str(uuid.uuid4()),
            "revision": one.revision,
        }
        for one in found[:AT_ONCE]
    ]


def bookings(clients: Any, number: int) -> list[dict[str, Any]]:
    """Times at which neither clinician nor client meets anybody: after everything there is.

    Args:
        clients: a query set of those whom the one who books may book for.
    """
    from django.db.models import Max
    from django.urls import reverse

    from rapport.core import time as clock
    from rapport.meeting.availability.queries import holidays
    from rapport.meeting.models import Appointment
    from rapport.people.models import CareTeamMember, Place

    last = Appointment.objects.aggregate(last=Max("starts_at"))["last"]
    after = max(clock.local(last).date(), clock.today()) + timedelta(days=1)
    if after.weekday() > 4:  # nobody works on it, and that would be asked about
        after += timedelta(days=7 - after.weekday())
    whom: dict[Any, list[Any]] = {}  # by who cares for them, so that nothing is asked first
    team = CareTeamMember.objects.filter(client__in=clients, until_on=None)
    for staff, client in team.order_by("pk").values_list("staff", "client"):
        whom.setdefault(staff, []).append(client)
    staff = sorted(whom)
    needed = -(-number // (bulk.A_DAY * len(staff)))
    off = holidays(Place.objects.first(), after, after + timedelta(days=3 * needed + 30))
    days = [day for day in bulk.working_days(after, 0, 2 * needed + 10) if day not in off]
    book, pieces = reverse("desk_appointment_book", DESK), []
    for n in range(number):
        turn, who = divmod(n, len(staff))
        at = datetime.combine(days[turn // bulk.A_DAY], time(bulk.BEGINS + turn % bulk.A_DAY))
        theirs = whom[staff[who]]
        path = f"{book}?client={theirs[turn % len(theirs)]}"
        fields = {
            "kind": "SESSION", "on": f"{at:%Y-%m-%d}", "at": f"{at:%H:%M}", "minutes": "50",
            "way": "HERE", "clinician": str(staff[who]), "where": "", "video_url": "",
            "once": str(uuid.uuid4()),
        }  # fmt: skip
        pieces.append({"form": path, "path": path, "fields": fields})
    return pieces


def questionnaires(clients: list[Any], number: int) -> list[dict[str, Any]]:
    """PHQ-9 by link with every question answered: what is left is to hand it in."""
    from django.urls import reverse

    from rapport.core import time as clock
    from rapport.core import tokens
    from rapport.progress.measures import instruments
    from rapport.progress.models import Asked

    form, now = instruments.get("phq-9").content, clock.now()
    answers = {item.key: 0 if item.key == "9" else 1 for item in form.items}
    rows, pieces = [], []
    for n in range(number):
        token, digest = tokens.made()
        rows.append(
            Asked(
                client=clients[n % len(clients)], instrument="phq-9", version=form.version,
                language="en", way="LINK", token=digest, draft={"answers": answers, "facts": {}},
                asked_at=now, opened_at=now, expires_at=now + timedelta(days=7),
            )
        )  # fmt: skip
        check = reverse("measure_check", "rapport.web.public.urls", [token, 1])
        pieces.append({"form": check, "path": check, "fields": {"version": form.version}})
    bulk.pour(rows)
    return pieces
