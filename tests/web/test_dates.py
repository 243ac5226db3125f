"""A day is written in one form on a page, alone and with its time, in every language."""

import re
from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.formats import date_format

from rapport.core import time
from tests.factories import (
    NOW,
    AnAlert,
    AnAppointment,
    AnAsk,
    AnAsked,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)

from .stepping import inside

pytestmark = pytest.mark.django_db
EVERY = ("en", "de", "ar")
BY_NUMBERS = re.compile(r"\d{1,2}\u200f?[./]\d{1,2}\u200f?[./]\d{2,4}")


@pytest.mark.parametrize("language", EVERY)
@pytest.mark.parametrize("kind", ["DATE_FORMAT", "SHORT_DATE_FORMAT"])
def test_a_day_with_its_time_begins_as_the_day_alone(language, kind):
    with translation.override(language):
        with_time = date_format(NOW, kind.replace("DATE_", "DATETIME_"))
        assert with_time.startswith(date_format(NOW, kind)), with_time


@pytest.mark.parametrize("language", EVERY)
def test_the_pages_of_a_client_write_every_day_out(language):
    APractice(time_zone="UTC")
    ana = Colleague()
    ana.account.language = language
    ana.account.save()
    mara = ClientOf(care_team=[ana])
    with time.at(NOW):
        AnAlert(sheet=AScore(sheet=ASheet(client=mara)).sheet, owner=ana)
        later = NOW + timedelta(days=2)
        soon = AnAppointment(client=mara, clinician=ana, starts_at=later,
                             ends_at=later + timedelta(hours=1))  # fmt: skip
        held = NOW - timedelta(days=2)
        AnAppointment(client=mara, clinician=ana, starts_at=held, status="KEPT",
                      ends_at=held + timedelta(hours=1))  # fmt: skip
        AnAsked(client=mara, asked_at=NOW, expires_at=later, appointment=soon)
        AnAsk(client=mara, occasion="MONTH", next_at=later)
        for path in ("", "measures/"):
            page = inside(ana.account).get(f"/desk/clients/{mara.pk}/{path}").content.decode()
            shown = re.sub(r"<[^>]*>", " ", page)
            assert not BY_NUMBERS.search(shown), BY_NUMBERS.search(shown)
            with translation.override(language):
                assert date_format(later, "DATETIME_FORMAT") in shown
                assert path or date_format(held, "DATETIME_FORMAT") in shown
