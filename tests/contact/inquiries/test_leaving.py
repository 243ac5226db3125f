"""Forgetting who never became a client, and never anybody else."""

from datetime import timedelta

import pytest

from rapport.contact.inquiries import actions, jobs, leaving
from rapport.contact.inquiries.actions import Reach
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.models import Inquiry, PastInquiry
from rapport.core import time as clock
from rapport.core import vault
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied
from rapport.core.vault.checks import data_keys, every_sealed_field, rows_the_trail_names
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.models import Appointment, Hold
from rapport.people.consents import actions as consents
from rapport.people.models import Client, Contact, Imported
from tests.factories import (
    NOW,
    AConsent,
    AnAppointment,
    AnEpisode,
    AnInquiry,
    ANote,
    ASheet,
    ASource,
    ClientOf,
)

pytestmark = pytest.mark.django_db

DUE = NOW.replace(month=7)  # six months after it came
DAY_BEFORE = DUE - timedelta(days=1)


@pytest.fixture
def inquiry(house):
    asker = ClientOf(status="INQUIRY", place=house.here, care_team=[house.ana])
    return AnInquiry(client=asker)


def test_who_never_became_a_client_is_gone_when_the_day_has_come(inquiry):
    jobs.purge(now=DAY_BEFORE)
    assert Inquiry.objects.exists()

    jobs.purge(now=DUE)
    assert not Inquiry.objects.exists()
    assert not Client.objects.exists()


def test_everything_about_them_goes_and_the_trail_and_the_keys_say_so(house):
    by = house.fay.account
    inquiry = actions.take(
        by=by, name="Nadia Ferrand", place=house.here, now=NOW, clinician=house.ana,
        seeks="Sleeps badly.", reaches=[Reach("PHONE", "030 901820")], source=ASource(),
    )  # fmt: skip
    client, key = inquiry.client, inquiry.client.data_key
    actions.log(by=by, inquiry=inquiry, what="SPOKE", words="Nice.", now=NOW)
    actions.add_task(by=by, inquiry=inquiry, words="Call", due_on=NOW.date(), whose=None, now=NOW)
    hour = NOW + timedelta(days=3)
    meeting = appointments.book(
        by=by, client=client, clinician=house.ana, slot=Slot(hour, hour + timedelta(minutes=50)),
        now=NOW, asked_for=True,
    )  # fmt: skip
    consents.note(by=by, client=client, kind="PRIVACY", version="1", given_on=NOW.date(),
                  how="SCREEN", now=NOW)  # fmt: skip

    jobs.purge(now=NOW.replace(month=7, day=10))

    assert not Client.objects.exists()
    assert not Contact.objects.exists()
    assert not Appointment.objects.filter(pk=meeting.pk).exists()
    key.refresh_from_db()
    assert key.destroyed_at is not None
    with pytest.raises(vault.Destroyed):
        key.secret()
    entry = AuditEntry.objects.get(verb="inquiry.purge")
    assert ["contact.inquiry", str(inquiry.pk)] in entry.subject
    assert [*rows_the_trail_names(), *data_keys(), *every_sealed_field()] == []
    past = PastInquiry.objects.get()
    assert (past.month, past.minutes, past.source) == (NOW.date().replace(day=1), 0, inquiry.source)


def note(client, house):
    ANote(client=client, author=house.ana)


def kept_hour(client, house):
    AnAppointment(client=client, clinician=house.ana, status="KEPT")


def hour_nobody_settled(client, house):
    AnAppointment(client=client, clinician=house.ana)


def hour_ahead(client, house):
    AnAppointment(client=client, clinician=house.ana, status="REQUESTED",
                  starts_at=DUE + timedelta(days=7))  # fmt: skip


def signed_paper(client, house):
    AConsent(client=client)


def signed_privacy(client, house):
    AConsent(client=client, kind="PRIVACY", how="PAPER")


def answers(client, house):
    ASheet(client=client)


def episode(client, house):
    AnEpisode(client=client, responsible=house.ana)


def another_call(client, house):
    actions.log(by=house.ana.account, inquiry=client.inquiry, what="HEARD", words="",
                now=NOW + timedelta(days=40))  # fmt: skip


def legal_hold(client, house):
    leaving.hold(by=house.olga.account, inquiry=client.inquiry, why="A claim.", now=NOW)


def client_since(client, house):
    Client.objects.filter(pk=client.pk).update(status="WAITING")


KEEPERS = [note, kept_hour, hour_nobody_settled, hour_ahead, signed_paper, signed_privacy,
           answers, episode, another_call, legal_hold, client_since]  # fmt: skip


@pytest.mark.parametrize("keeper", KEEPERS)
def test_what_keeps_somebody(house, inquiry, keeper):
    keeper(inquiry.client, house)

    jobs.purge(now=DUE)

    assert Inquiry.objects.filter(pk=inquiry.pk).exists()
    assert Client.objects.filter(pk=inquiry.client_id).exists()


def missed(client, house):
    AnAppointment(client=client, clinician=house.ana, status="MISSED")


def cancelled_far_ahead(client, house):
    AnAppointment(client=client, clinician=house.ana, status="CANCELLED", cancelled_by="CLIENT",
                  starts_at=DUE + timedelta(days=7))  # fmt: skip


def tick_on_the_form(client, house):
    AConsent(client=client, kind="PRIVACY", how="SCREEN")


def half_booked(client, house):
    Hold.objects.create(client=client, clinician=house.ana, way="HERE", starts_at=NOW,
                        ends_at=NOW + timedelta(hours=1), made_at=NOW, expires_at=NOW)  # fmt: skip


@pytest.mark.parametrize("none", [missed, cancelled_far_ahead, tick_on_the_form, half_booked])
def test_what_keeps_nobody(house, inquiry, none):
    none(inquiry.client, house)

    jobs.purge(now=DUE)

    assert not Client.objects.filter(pk=inquiry.client_id).exists()


def test_somebody_who_is_kept_keeps_nobody_else(house, inquiry):
    kept = AnInquiry()
    note(kept.client, house)

    jobs.purge(now=DUE)

    assert [one.pk for one in Inquiry.objects.all()] == [kept.pk]


def test_somebody_entered_as_an_inquiry_long_ago_gets_a_row_and_goes(house):
    asker = ClientOf(status="INQUIRY", created_at=NOW)

    jobs.purge(now=DAY_BEFORE)
    assert Inquiry.objects.get().received_at == NOW
    jobs.purge(now=DUE)
    assert not Client.objects.filter(pk=asker.pk).exists()


def test_who_leaves_is_listed_in_advance_as_far_as_one_may_see_them(house, inquiry):
    kept = AnInquiry(client__place=house.here)
    note(kept.client, house)

    rows = leaving.listed(by=house.fay.account)

    assert [(row.inquiry, row.on) for row in rows] == [(inquiry, DUE.date())]
    assert leaving.listed(by=house.flo.account) == []
    assert leaving.leaves_on(inquiry) == DUE.date()
    assert leaving.leaves_on(kept) is None


def test_a_shorter_limit_comes_sooner(house, inquiry):
    leaving.set_limit(by=house.olga.account, months=1)

    assert leaving.leaves_on(inquiry) == NOW.date().replace(month=2)
    for months in (0, 121, -1):
        with pytest.raises(CannotTake):
            leaving.set_limit(by=house.olga.account, months=months)
    with pytest.raises(Denied):
        leaving.set_limit(by=house.fay.account, months=12)


def test_a_hold_needs_a_reason_and_can_be_lifted(house, inquiry):
    by = house.ana.account
    with pytest.raises(CannotTake):
        leaving.hold(by=by, inquiry=inquiry, why=" ", now=NOW)
    leaving.hold(by=by, inquiry=inquiry, why="A claim.", now=NOW)
    assert leaving.leaves_on(inquiry) is None

    leaving.let_go(by=by, inquiry=inquiry)
    assert leaving.leaves_on(inquiry) == DUE.date()


def test_nobody_forgets_by_hand(house, inquiry):
    with pytest.raises(Denied):
        leaving.forget(by=house.olga.account, inquiry=inquiry, now=DUE)
    assert Inquiry.objects.exists()


def test_whoever_became_a_client_a_moment_ago_is_not_forgotten(house, inquiry):
    Client.objects.filter(pk=inquiry.client_id).update(status="ACTIVE")

    assert leaving.forget(by=jobs.BY, inquiry=inquiry, now=DUE) is False
    assert Client.objects.exists()


def test_the_imported_go_too_and_the_table_stays(house, inquiry):
    key = vault.new_key("IMPORT", now=NOW)
    table = Imported._meta.get_field("source").related_model.objects.create(
        account=house.fay.account, data_key=key, table="name\nOle", columns=["legal_name"],
        state="DONE", good=1, created_at=clock.now(),
    )  # fmt: skip
    Imported.objects.create(client=inquiry.client, source=table, line=2)

    jobs.purge(now=DUE)

    assert not Imported.objects.exists()
