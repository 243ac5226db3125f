"""The desk's pages where others are asked by itself and by mail: setting it, what waits, and what
Today says of it."""

import html
import re
from datetime import time as wall
from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.contact.models import MailServer, Notice, QuestionsTold, Reminding
from rapport.core import jobs, time
from rapport.core.policy import System
from rapport.people.consents import actions as consents
from rapport.progress.informants import actions as informants
from rapport.progress.measures import asking, calendar
from rapport.progress.models import Ask, Asked
from tests.factories import (
    NOW,
    AConsent,
    AnInformant,
    APractice,
    ARelatedPerson,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
BY = System("test")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana():
    return Colleague(display_name="Ana Ortiz")


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana])


@pytest.fixture
def agreed(mara):
    return AConsent(client=mara, kind="OTHERS")


@pytest.fixture
def mother(mara, agreed):
    return ARelatedPerson(
        client=mara, relation="PARENT", name="Edda Lindgren", mail="edda@home.example",
        safe_to_write=True, may_know="CARE",
    )  # fmt: skip


@pytest.fixture
def mails():
    return MailServer.objects.create(host="localhost", security="NONE", changed_at=NOW,
                                     from_address="post@practice.example")  # fmt: skip


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def at(mara, path=""):
    return f"/desk/clients/{mara.pk}/measures/{path}"


def words(answer):
    return html.unescape(answer.content.decode())


def ask(desk, mara, who, **given):
    said = {"instruments": ["phq-9"], "when": "NOW", "way": "LINK", "who": who} | given
    return desk.post(at(mara, "ask/"), said)


def stand(mara, person):
    """Asked every month, the first time now."""
    informants.stand(by=BY, client=mara, forms=["phq-9"], occasion="MONTH", person=person, now=NOW)
    calendar.ask_due(by=BY, client_id=mara.pk, now=NOW)
    jobs.run_due(now=NOW)
    return Asked.objects.get()


# Setting it -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "occasion", "said"),
    [
        ({"when": "EACH", "hours_before": "48"}, "SESSION", "48 hours before each session"),
        ({"when": "DAYS", "every_days": "14"}, "DAYS", "every 14 days"),
        ({"when": "MONTH"}, "MONTH", "every month"),
        ({"when": "REVIEW", "sessions": "10"}, "REVIEW", "every 10 sessions"),
        ({"when": "INTAKE"}, "INTAKE", "once the beginning of care is known"),
        ({"when": "DISCHARGE"}, "DISCHARGE", "when care ends"),
        ({"when": "FOLLOW_UP", "weeks": ["13"]}, "FOLLOW_UP", "3 months after care has ended"),
    ],
)  # fmt: skip
def test_what_asks_others_stands_beside_the_client_s_own_with_who_is_asked(
    desk, mara, mother, given, occasion, said
):
    answer = ask(desk, mara, str(mother.pk), calls="Jo", **given)
    assert answer.status_code == 302
    rule = Ask.objects.get()
    assert (rule.occasion, rule.informant.person, rule.calls) == (occasion, mother, "Jo")
    page = words(desk.get(at(mara)))
    assert said in page and "asked of <bdi>Edda Lindgren (parent)</bdi>" in page
    assert "the link waits here to be handed on" in page


def test_it_is_ended_and_taken_up_on_the_page(desk, mara, mother):
    ask(desk, mara, str(mother.pk), when="MONTH")
    rule = Ask.objects.get()
    desk.post(at(mara, f"rules/{rule.pk}/end/"))
    rule.refresh_from_db()
    assert rule.ended_at is not None
    assert "Undo" in words(desk.get(at(mara)))
    desk.post(at(mara, f"rules/{rule.pk}/end/"), {"ended": "off"})
    rule.refresh_from_db()
    assert rule.ended_at is None


def test_when_the_consent_is_withdrawn_the_page_says_why_nobody_is_asked(
    desk, mara, agreed, mother
):
    ask(desk, mara, str(mother.pk), when="MONTH")
    consents.withdraw(by=BY, client=mara, consent=agreed, on=NOW.date())
    jobs.run_due(now=NOW)
    page = words(desk.get(at(mara)))
    assert "no consent to asking other people was on file" in page and "Ask after all" in page
    rule = Ask.objects.get()
    shown = desk.post(at(mara, f"rules/{rule.pk}/end/"), {"ended": "off"}, follow=True)
    assert "consent to asking other people was withdrawn" in words(shown)


def test_the_page_says_beforehand_who_gets_a_mail(desk, mara, mother, mails):
    ARelatedPerson(client=mara, name="Olu Lindgren")
    page = words(desk.get(at(mara, "ask/")))
    assert 'A discreet mail reaches: <bdi class="name">Edda Lindgren</bdi>.' in page
    mails.delete()
    assert "Links for others around the client wait" in words(desk.get(at(mara, "ask/")))


# Sending ----------------------------------------------------------------------------------


def test_asked_now_it_is_mailed_where_that_is_safe_and_else_the_link_is_shown(
    desk, mara, mother, mails
):
    told = ask(desk, mara, str(mother.pk))
    assert told.status_code == 302
    shown = ask(desk, mara, str(mother.pk), instruments=["gad-7"], hand_over="on")
    role = ask(desk, mara, "TEACHER")
    assert "/m/" in words(shown) and "/m/" in words(role)
    jobs.run_due(now=NOW)
    (notice,) = Notice.objects.all()
    assert notice.person_id == mother.pk
    assert QuestionsTold.objects.get().informant.person == mother


def test_where_nothing_can_be_mailed_the_link_waits_on_the_page(desk, ana, mara, agreed):
    person = ARelatedPerson(client=mara, name="Olu Lindgren")
    asked = stand(mara, person)
    page = words(desk.get(at(mara)))
    assert "the link is handed on by you" in page and "Mail again" not in page
    with time.at(NOW + 20 * DAY):
        assert "Ask again" in words(inside(ana.account).get(at(mara)))
    shown = words(desk.post(at(mara, f"asked/{asked.pk}/link/")))
    path = shown.split("/m/")[1].split("/")[0]
    assert Browser().get(f"/m/{path}/").status_code == 200


# What waits -------------------------------------------------------------------------------


def test_in_quiet_hours_the_page_says_that_the_mail_waits(desk, ana, mara, mother, mails):
    Reminding.objects.create(changed_at=NOW, quiet_from=wall(8), quiet_until=wall(11))
    stand(mara, mother)
    assert "once the quiet hours are over" in words(desk.get(at(mara)))
    with time.at(NOW + timedelta(hours=2)):
        jobs.run_due(now=time.now())
        page = words(inside(ana.account).get(at(mara)))
    assert "quiet hours" not in page and "mailed on" in page


def test_the_page_says_who_asked_whom_when_and_until_when(desk, ana, mara, mother):
    informants.ask(by=ana.account, client=mara, forms=["phq-9"], person=mother, now=NOW)
    page = words(desk.get(at(mara)))
    assert "asked of <bdi>Edda Lindgren (parent)</bdi>" in page
    assert "open until" in page and "by <bdi>Ana Ortiz</bdi>" in page


def test_what_one_link_opens_stands_together_in_its_order(desk, ana, mara, agreed):
    forms = ["phq-9", "gad-7", "phq-15"]
    for name in ("Edda", "Olu", "Per"):
        person = ARelatedPerson(client=mara, name=name)
        informants.ask(by=ana.account, client=mara, forms=forms, person=person, now=NOW)

    page = words(desk.get(at(mara)))

    said = re.findall(r"<strong>([^<]+)</strong> by link · asked of <bdi>(\w+)", page)
    assert [form for form, _who in said] == ["PHQ-9", "GAD-7", "PHQ-15"] * 3
    assert len({who for _form, who in said[:3]}) == len({who for _form, who in said[3:6]}) == 1


def test_asked_again_by_mail_and_withdrawn_on_the_page(desk, ana, mara, mother, mails):
    asked = stand(mara, mother)
    assert "mailed on" in words(desk.get(at(mara)))
    with time.at(NOW + 20 * DAY):
        desk = inside(ana.account)
        page = words(desk.get(at(mara)))
        assert "too late" in page and "Mail again" in page and "New link" in page
        shown = desk.post(at(mara, f"asked/{asked.pk}/again/"), follow=True)
        assert "A discreet mail is on its way" in words(shown)
        twice = desk.post(at(mara, f"asked/{asked.pk}/again/"), follow=True)
        assert "a few minutes ago" in words(twice)
        assert Notice.objects.count() == 2
        desk.post(at(mara, f"asked/{asked.pk}/withdraw/"))
    asked.refresh_from_db()
    assert asked.state == "WITHDRAWN"


def test_a_mail_that_came_to_nothing_and_a_withdrawn_consent_are_said(
    desk, mara, agreed, mother, mails
):
    stand(mara, mother)
    Notice.objects.update(state="FAILED", enclosed=None)
    assert "The last mail did not go out" in words(desk.get(at(mara)))
    consents.withdraw(by=BY, client=mara, consent=agreed, on=NOW.date())
    page = words(desk.get(at(mara)))
    assert "its link does not work" in page and "Mail again" not in page and "New link" not in page


def test_today_shows_what_others_have_not_answered_with_who(desk, mara, agreed, mother):
    stand(mara, mother)
    asking.ask(by=BY, client=mara, instruments=["phq-9"], way="LINK", now=NOW)
    page = words(desk.get("/desk/"))
    assert "2 questionnaires not answered" in page
    assert page.count("asked of <bdi>Edda Lindgren (parent)</bdi>") == 1
    consents.withdraw(by=BY, client=mara, consent=agreed, on=NOW.date())
    page = words(desk.get("/desk/"))
    assert "1 questionnaire not answered" in page and "Edda" not in page


def test_today_of_somebody_who_does_not_treat_the_client_says_nothing_of_it(mara, mother):
    stand(mara, mother)
    assert "Edda" not in words(inside(Colleague().account).get("/desk/"))


def test_somebody_forgotten_since_leaves_what_waits_with_the_relation(desk, mara, agreed):
    who = AnInformant(client=mara, kind="TEACHER", by_role=False)
    Asked.objects.create(client=mara, informant=who, instrument="phq-9", version=1, language="en",
                         way="LINK", asked_at=NOW, expires_at=NOW + DAY)  # fmt: skip
    assert "asked of <bdi>a teacher</bdi>" in words(desk.get("/desk/"))
    assert "asked of <bdi>a teacher</bdi>" in words(desk.get(at(mara)))


# An address of theirs ---------------------------------------------------------------------


def test_an_address_is_kept_with_whether_it_is_safe_and_comes_back_with_the_undo(desk, mara):
    around = f"/desk/clients/{mara.pk}/"
    given = {"relation": "TEACHER", "name": "Tom Wu", "may_know": "ATTENDANCE",
             "mail": "Tom@School.example ", "safe_to_write": "on"}  # fmt: skip
    desk.post(f"{around}related/", given)
    person = mara.related_people.get()
    assert (person.mail, person.may_be_written_to) == ("tom@school.example", True)
    page = words(desk.get(f"/desk/clients/{mara.pk}/"))
    assert "tom@school.example" in page and "safe to write to" in page
    for wrong, says in (("not an address", "not a mail address"), ("", "Write the address")):
        refused = desk.post(f"{around}related/", given | {"mail": wrong})
        assert refused.status_code == 422 and says in words(refused)
        assert 'value="Tom Wu"' in words(refused)
    assert mara.related_people.count() == 1
