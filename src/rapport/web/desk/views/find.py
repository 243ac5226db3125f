"""The palette: clients by their names, pages by their words, nothing that would not open."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.core import audit, policy
from rapport.people.clients import queries as clients
from rapport.web.page import page


@page("client.list")
@require_safe
def find(request: Any) -> HttpResponse:
    """Options for the palette."""
    text = request.GET.get("q", "").strip()[:200]
    fits = [one for one in _pages(request.user) if text.casefold() in one[0].casefold()]
    found = clients.search(by=request.user, text=text, limit=8) if text else []
    audit.shown("people.client", [c.pk for c in found])
    return render(request, "desk/people/_options.html", {"found": found, "pages": fits})


def _pages(by: Any) -> list[tuple[str, str]]:
    """Words and addresses of the pages that open to somebody, as each page itself says."""
    pages = [
        (_("Today"), reverse("desk_today")),
        (_("Calendar"), reverse("desk_calendar")),
        (_("Board"), reverse("desk_board")),
        (_("Book an appointment"), reverse("desk_appointment_book")),
        (_("Times that were asked for"), reverse("desk_requests")),
        (_("How meetings went"), reverse("desk_attendance")),
        (_("What care came to"), reverse("desk_outcomes")),
        (_("My hours"), reverse("desk_diary")),
        (_("My calendars"), reverse("desk_calendars")),
        (_("Day sheet for when nothing works"), reverse("desk_day_sheet")),
        (_("Waiting list"), reverse("desk_waiting")),
        (_("Hours that fell free"), reverse("desk_free_hours")),
        (_("Clients"), reverse("desk_clients")),
        (_("Who needs attention"), reverse("desk_caseload")),
        (_("Clients who may not be on track"), reverse("desk_signals")),
        (_("Inquiries"), reverse("desk_inquiries")),
        (_("Enter an inquiry"), reverse("desk_inquiry_enter") + "#id_name"),
        (_("Referrers and colleagues"), reverse("desk_referrers")),
        (_("How people heard of us"), reverse("desk_sources")),
        (_("Numbers of inquiries"), reverse("desk_inquiries_numbers")),
        (_("Inquiries that will be removed"), reverse("desk_inquiries_leaving")),
        (_("Notes that wait"), reverse("desk_notes_unsigned")),
        (_("Admit a client"), reverse("desk_admit")),
        (_("Open in need"), reverse("desk_break_glass")),
        (_("Import clients"), reverse("desk_import_hand_in")),
        (_("Staff"), reverse("desk_staff")),
        (_("Practice"), reverse("desk_practice")),
        (_("Rooms"), reverse("desk_rooms")),
        (_("Equipment"), reverse("desk_equipment")),
        (_("What can be booked"), reverse("desk_types")),
        (_("Terms of calling off"), reverse("desk_terms")),
        (_("Booking and asking online"), reverse("desk_self_booking")),
        (_("How hours are offered"), reverse("desk_waiting_settings")),
        (_("Servers in the house"), reverse("desk_house_servers")),
        (_("Who may do what"), reverse("desk_permissions")),
        (_("Audit trail"), reverse("desk_trail")),
        (_("Work that was given up"), reverse("desk_jobs")),
        (_("Backups"), reverse("desk_backups")),
        (_("Mail"), reverse("desk_mail")),
        (_("Reminders"), reverse("desk_reminders")),
        (_("Language and colours"), reverse("desk_appearance")),
        (_("How I sign in"), reverse("mfa_index")),
    ]
    return [(words, url) for words, url in pages if policy.allows(_asked_for(url), by)]


def _asked_for(url: str) -> str:
    permission: str = resolve(url.partition("#")[0], "rapport.web.desk.urls").func.permission  # type: ignore[attr-defined]
    return permission
