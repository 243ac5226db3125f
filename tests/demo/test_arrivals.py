"""The front desk of the demo greets whom it may know of, and nobody of another house."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from rapport.demo import arrivals
from rapport.meeting.models import Appointment
from tests.demo.test_weeks import NOON
from tests.factories import AnAppointment, APlace, APractice, ClientOf, Colleague

pytestmark = pytest.mark.django_db(transaction=True)


def test_whoever_comes_from_another_house_is_not_greeted():
    APractice()
    river, hill = APlace(name="River"), APlace(name="Hill")
    fay = Colleague(roles=["FRONT_DESK"], at=[river])
    ana = Colleague(at=[river, hill])
    rows = []
    for n, home in enumerate((hill, river, hill, river)):
        client = ClientOf(care_team=[ana], place=home)
        rows.append(
            AnAppointment(
                client=client,
                clinician=ana,
                place=river,
                starts_at=NOON + timedelta(minutes=5 + 15 * n),
                ends_at=NOON + timedelta(minutes=20 + 15 * n),
            )
        )
    house = SimpleNamespace(account=lambda _name: fay.account, places={"river": river})
    arrivals._expected(house, NOON)
    here = Appointment.objects.get(arrived_at__isnull=False)
    later = Appointment.objects.get(expected_at__isnull=False)
    assert (here.pk, later.pk) == (rows[1].pk, rows[3].pk)
