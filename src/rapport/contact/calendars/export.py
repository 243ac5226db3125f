"""What of calendars elsewhere goes into a client's exported record: nothing."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts

parts.leave_out(
    "contact.Pushed", _("times of the appointments again, as a clinician's own calendar has them")
)
