"""Practices that had one gateway keep it, and every choice of it, under the way it goes."""

from importlib import import_module

import pytest
from django.apps import apps

from rapport.contact.models import Delivery, Preference, Reminding
from tests.contact.channels.conftest import set_gateway

from .conftest import DAY, NOW

pytestmark = pytest.mark.django_db

rename = import_module("rapport.contact.migrations.0015_a_gateway_each_and_answers_in_time").rename


@pytest.mark.parametrize("reaches, way", [("TEXT", "text"), ("CALL", "call"), (None, "text")])
def test_what_went_by_the_one_gateway_goes_by_its_way(house, reaches, way):
    if reaches:
        set_gateway("https://a.example/", reaches=reaches)
    house.reminds(order=["mail"])
    Reminding.objects.update(channels=["mail", "web", "folder"])
    Preference.objects.create(client=house.mara, channels=["web"], changed_at=NOW)
    meeting = house.books(NOW + 4 * DAY)
    for offset, channel in enumerate(("web", "mail")):
        Delivery.objects.create(
            client=house.mara, appointment=meeting, kind="REMINDER", starts_at=meeting.starts_at,
            offset=offset, channel=channel, state="SENT", planned_at=NOW,
        )  # fmt: skip
    rename(apps, None)

    assert Reminding.objects.get().channels == ["mail", way, "folder"]
    assert Preference.objects.get().channels == [way]
    assert sorted(Delivery.objects.values_list("channel", flat=True)) == sorted(["mail", way])
