"""A client's own pages: language and colours, who looked, a way out, help at hand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import audit
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.meeting.models import Diary
from rapport.people.models import Account, GroupMember
from rapport.people.practice import queries as practice
from tests.factories import (
    AnAccount,
    AnAppointment,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    APractice()
    ana = Colleague(display_name="Ana Ferreira")
    account = AnAccount(realm=Account.Realm.PORTAL)
    mara = ClientOf(care_team=[ana], account=account)
    account = Account.objects.get(pk=account.pk)
    return {"ana": ana, "mara": mara, "account": account, "browser": inside(account, "portal")}


def seen(world, verb="client.open", by=None, **given):
    audit.record(
        verb=verb, by=by or world["ana"].account, subject={"client": world["mara"]}, **given
    )


def test_a_client_chooses_a_language_and_the_portal_speaks_it(world):
    answer = world["browser"].post("/portal/me/", {"language": "ar", "theme": "dark"}, follow=True)

    page = answer.content.decode()
    assert 'lang="ar" dir="rtl" data-theme="dark"' in page
    world["account"].refresh_from_db()
    assert (world["account"].language, world["account"].theme) == ("ar", "dark")


def test_a_language_we_do_not_have_is_said_beside_the_field(world):
    answer = world["browser"].post("/portal/me/", {"language": "xx", "theme": "dark"})

    assert answer.status_code == 422
    assert "field__errors" in answer.content.decode()


@pytest.mark.parametrize("path", ["/portal/", "/portal/looks/", "/portal/me/",
                                  "/portal/signin/mine/"])  # fmt: skip
def test_every_page_has_a_way_out_and_help(world, path):
    page = world["browser"].get(path).content.decode()

    assert 'href="/elsewhere/" data-quick-exit' in page
    assert 'href="/help-now/?in=en"' in page


def test_with_nothing_to_do_the_first_page_says_so(world):
    assert "nothing you have to do" in world["browser"].get("/portal/").content.decode()


def test_the_first_page_says_when_one_meets_next_and_leads_there(world):
    mara, ana = world["mara"], world["ana"]
    ahead = clock.now() + timedelta(days=1)
    Diary.objects.create(staff=ana, video_url="https://video.example/ana")
    first = AnAppointment(client=mara, clinician=ana, starts_at=ahead, way="VIDEO")
    couple = ClientOf(kind="COUPLE", care_team=[ana])
    GroupMember.objects.create(client=couple, member=mara)
    AnAppointment(client=couple, clinician=ana, starts_at=ahead + timedelta(days=2))
    stranger = AnAppointment(client=ClientOf(care_team=[ana]), clinician=ana,
                             starts_at=ahead + timedelta(days=3), way="VIDEO")  # fmt: skip

    page = world["browser"].get("/portal/").content.decode()
    assert page.count("Ana Ferreira") == 2
    join = f"/portal/meetings/{first.pk}/join/"
    assert join in page
    assert world["browser"].get(join).headers["Location"] == "https://video.example/ana"
    theirs = world["browser"].get(f"/portal/meetings/{stranger.pk}/join/")
    assert theirs.status_code == 404


def test_all_sessions_to_come_are_listed_and_each_can_be_opened(world):
    mara, ana = world["mara"], world["ana"]
    soon = [clock.now() + timedelta(weeks=n) for n in range(1, 34)]
    weeks = [AnAppointment(client=mara, clinician=ana, starts_at=start) for start in soon]
    AnAppointment(client=ClientOf(care_team=[ana]), clinician=ana,
                  starts_at=clock.now() + timedelta(weeks=40))  # fmt: skip
    AnAppointment(client=mara, clinician=ana, status="CANCELLED", cancelled_by="PRACTICE",
                  starts_at=clock.now() + timedelta(weeks=41))  # fmt: skip

    first = world["browser"].get("/portal/").content.decode()
    assert first.count('/calendar/" download') == 3 and 'href="/portal/meetings/"' in first
    assert "Times in the time zone" in first
    listed = [world["browser"].get(f"/portal/meetings/?page={n}").content.decode()
              for n in (1, 2, 3)]  # fmt: skip
    assert [page.count('/calendar/" download') for page in listed] == [12, 12, 9]
    assert f"/portal/meetings/{weeks[-1].pk}/" in listed[2]
    assert world["browser"].get(f"/portal/meetings/{weeks[-1].pk}/").status_code == 200


def test_with_three_sessions_the_first_page_has_them_all(world):
    for n in range(1, 4):
        AnAppointment(client=world["mara"], clinician=world["ana"],
                      starts_at=clock.now() + timedelta(weeks=n))  # fmt: skip
    assert 'href="/portal/meetings/"' not in world["browser"].get("/portal/").content.decode()


def test_the_first_page_leads_to_ones_own_course(world):
    AScore(sheet=ASheet(client=world["mara"]))
    page = world["browser"].get("/portal/").content.decode()
    assert "/portal/course/phq-9/" in page
    assert "Depression (PHQ-9)" in page


def test_who_looked_is_told_in_words(world):
    seen(world)
    seen(world, "client.break_glass")
    seen(world, "client.edit", allowed=False)
    seen(world, "client.restrict", by=System("test"))
    seen(world, "some.thing", by=world["account"])

    page = world["browser"].get("/portal/looks/").content.decode()

    assert "<bdi>Ana Ferreira</bdi> opened it" in page
    assert "<strong>opened it in need</strong>" in page
    assert "was refused" in page
    assert "<bdi>Rapport itself</bdi> changed who may see it" in page
    assert "<bdi>you</bdi> used it" in page


def test_who_looked_is_told_by_the_practices_own_clock(world):
    practice.remember_zone("Europe/Berlin")
    with clock.at(datetime(2030, 1, 6, 23, 30, tzinfo=UTC)):
        seen(world)

    page = world["browser"].get("/portal/looks/").content.decode()
    practice.remember_zone("UTC")

    assert "<h2>7 Jan 2030</h2>" in page
    assert 'datetime="2030-01-07T00:30:00+01:00">12:30 a.m.</time>' in page


def test_nobody_looked_yet(world):
    assert "Nobody has opened" in world["browser"].get("/portal/looks/").content.decode()


def test_a_long_list_is_turned_in_pages_with_as_many_statements(world):
    seen(world)
    world["browser"].get("/portal/looks/")  # the practice's zone is read once per process
    with CaptureQueriesContext(connection) as few:
        world["browser"].get("/portal/looks/")
    for _ in range(40):
        seen(world, by=Colleague().account)
    with CaptureQueriesContext(connection) as many:
        page = world["browser"].get("/portal/looks/").content.decode()

    assert "Page 1 of 2" in page and page.count("<time") == 30
    assert len(many) == len(few)
    assert world["browser"].get("/portal/looks/?page=2").content.decode().count("<time") == 11
