"""The desk's pages about inquiries, as those who answer the phone use them."""

import logging
import re
from datetime import timedelta

import pytest

from rapport.contact.inquiries import actions
from rapport.contact.models import (
    ConflictCheck,
    ConflictLook,
    Inquiry,
    InquiryTask,
    Keeping,
    Referral,
    Referrer,
    Source,
)
from rapport.core import time
from rapport.people.circle import actions as circle
from rapport.people.models import Client
from tests.factories import (
    AContact,
    AnAppointment,
    AnInquiry,
    AnInquiryTask,
    APlace,
    APractice,
    AReferral,
    AReferrer,
    ASource,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    APractice(country="DE")
    return APlace(name="River house")


@pytest.fixture
def ana(here):
    return Colleague(at=[here], display_name="Ana")


@pytest.fixture
def fay(here):
    return Colleague(roles=["FRONT_DESK"], at=[here], display_name="Fay")


@pytest.fixture
def desk(fay):
    return inside(fay.account)


@pytest.fixture
def inquiry(here, ana):
    asker = ClientOf(
        legal_name="Nadia Ferrand", status="INQUIRY", place=here, care_team=[ana], remark="Stairs."
    )
    return AnInquiry(client=asker, seeks="Sleeps badly.", received_at=time.now())


def url(inquiry, rest=""):
    return f"/desk/inquiries/{inquiry.pk}/{rest}"


def text(answer):
    return answer.content.decode()


ENTERED = {
    "name": "Teodor Blank", "came_by": "PHONE", "phone": "030 901820", "safe_to_message": "on",
    "mail": "teo@example.org", "seeks": "Panic on the train.", "call_on": "2030-01-08",
    "once": "0f5cbb2a-2f4e-4f5c-9d9e-1d1f0b6f0001",
}  # fmt: skip


def test_somebody_on_the_phone_is_entered_in_one_form(desk, here, ana, fay):
    source = ASource(name="Web")
    page = text(desk.get("/desk/inquiries/enter/"))
    assert "/desk/inquiries/enter/#id_name" in text(desk.get("/desk/inquiries/"))
    assert f'value="{here.pk}" selected' in page

    given = ENTERED | {"place": here.pk, "source": source.pk, "clinician": ana.pk,
                       "responsible": fay.pk}  # fmt: skip
    answer = desk.post("/desk/inquiries/enter/", given, follow=True)
    desk.post("/desk/inquiries/enter/", given | {"anyway": "on"})

    inquiry = Inquiry.objects.get()
    assert answer.redirect_chain == [(url(inquiry), 302)]
    assert (inquiry.client.legal_name, inquiry.source, inquiry.responsible) == (
        "Teodor Blank", source, fay,
    )  # fmt: skip
    assert InquiryTask.objects.get().whose == fay
    page = text(answer)
    for words in ("Panic on the train.", "030 901820", "safe to leave a message", "do not text",
                  "do not write", "Will be removed on"):  # fmt: skip
        assert words in page, words


def test_nothing_typed_is_lost_when_the_number_is_none(desk, here):
    answer = desk.post("/desk/inquiries/enter/", ENTERED | {"place": here.pk, "phone": "none"})

    page = text(answer)
    assert answer.status_code == 422
    assert not Client.objects.exists()
    for words in ("Teodor Blank", "teo@example.org", "Panic on the train.", "2030-01-08",
                  "not a whole phone number", ENTERED["once"]):  # fmt: skip
        assert words in page, words
    assert re.search(r'name="safe_to_message"[^>]* checked', page)


def test_who_may_be_the_same_is_asked_about_as_far_as_one_sees_them(desk, here, ana):
    known = ClientOf(legal_name="Teodor Blank", place=here)
    circle.add_contact(by=ana.account, client=ClientOf(legal_name="Theo B.", care_team=[ana]),
                       kind="PHONE", value="030 901820")  # fmt: skip
    given = ENTERED | {"place": here.pk}

    answer = desk.post("/desk/inquiries/enter/", given)

    page = text(answer)
    assert answer.status_code == 422
    assert str(known.pk) in page
    assert "Theo B." not in page
    assert desk.post("/desk/inquiries/enter/", given | {"anyway": "on"}).status_code == 302


def test_a_clinician_who_answers_the_phone_sees_whom_they_entered(ana, here):
    browser = inside(ana.account)
    given = ENTERED | {"place": here.pk, "responsible": ana.pk}

    answer = browser.post("/desk/inquiries/enter/", given, follow=True)

    assert answer.status_code == 200
    assert "Panic on the train." in text(answer)
    assert not Client.objects.get().care_team.exists()


def test_a_step_from_the_list_leads_back_to_it_and_can_be_undone(desk, inquiry):
    AnInquiry(client__place=inquiry.client.place, stage="FIT")
    page = text(desk.get("/desk/inquiries/?stage=NEW"))
    assert "Nadia Ferrand" in page and "came today" in page and "nobody answers yet" in page

    sent = {"stage": "CALLED", "revision": "1", "list": "1", "back": "stage=NEW&next=//x&page=1"}
    answer = desk.post(url(inquiry, "move/"), sent)

    assert answer.headers["Location"] == "/desk/inquiries/?stage=NEW&page=1"
    page = text(desk.get(answer.headers["Location"]))
    assert "Nadia Ferrand: called back" in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    desk.post(url(inquiry, "undo/"), {"revision": "2", "list": "1", "back": fields["back"]})
    inquiry.refresh_from_db()
    assert (inquiry.stage, inquiry.answered_at) == ("NEW", None)
    assert "Nadia Ferrand: called back" not in text(desk.get("/desk/inquiries/"))


def test_closing_asks_why(desk, inquiry):
    answer = desk.post(url(inquiry, "move/"), {"stage": "CLOSED", "revision": "1"})
    assert (answer.status_code, "Choose why it is closed." in text(answer)) == (422, True)

    desk.post(url(inquiry, "move/"), {"stage": "CLOSED", "why": "FULL", "revision": "1"})
    assert "no place here" in text(desk.get(url(inquiry)))


def test_two_who_move_it_at_once_do_not_pass_each_other_by(desk, inquiry):
    desk.post(url(inquiry, "move/"), {"stage": "CALLED", "revision": "1"})
    answer = desk.post(url(inquiry, "move/"), {"stage": "OFFERED", "revision": "1"}, follow=True)

    assert "Somebody changed this inquiry meanwhile" in text(answer)
    inquiry.refresh_from_db()
    assert inquiry.stage == "CALLED"


def test_calls_and_tasks_are_written_on_the_page(desk, inquiry, fay):
    desk.post(url(inquiry, "log/"), {"log-what": "SPOKE", "log-words": "Rings on Friday."})
    desk.post(url(inquiry, "tasks/"), {"task-words": "Ask Ana", "task-due_on": "2030-01-08",
                                       "task-whose": fay.pk})  # fmt: skip
    page = text(desk.get(url(inquiry)))
    assert "Rings on Friday." in page and "Ask Ana" in page

    task = InquiryTask.objects.get()
    desk.post(url(inquiry, f"tasks/{task.pk}/"), {"done": "on"})
    assert InquiryTask.objects.get().done_at
    desk.post(url(inquiry, f"tasks/{task.pk}/"), {"done": "off"})
    assert InquiryTask.objects.get().done_at is None

    answer = desk.post(url(inquiry, "log/"), {"log-what": "NOTED", "log-words": ""})
    assert (answer.status_code, "Write what is to be remembered." in text(answer)) == (422, True)
    answer = desk.post(url(inquiry, "tasks/"), {"task-words": "Ask", "task-due_on": "2030-13-01"})
    assert (answer.status_code, 'value="Ask"' in text(answer)) == (422, True)


def test_what_is_due_stands_on_today(desk, inquiry, fay):
    today = time.today()
    AnInquiryTask(inquiry=inquiry, words="Ask Ana", due_on=today, whose=fay)
    AnInquiryTask(inquiry=inquiry, words="Later", due_on=today + timedelta(days=1))
    AnInquiryTask(inquiry=inquiry, words="Old", due_on=today - timedelta(days=3))

    part = text(desk.get("/desk/also/"))
    assert "Ask Ana" in part and "Old" in part and "was due" in part
    assert "Later" not in part
    assert "Nadia Ferrand" in text(desk.get("/desk/inquiries/?due=1"))


def test_the_story_is_changed_and_the_referrer_who_is_offered_no_more_stays(desk, inquiry, ana):
    old = AReferrer(name="Dr. Old", closed_on=time.today())
    Inquiry.objects.filter(pk=inquiry.pk).update(referrer=old, clinician=ana)
    page = text(desk.get(url(inquiry, "edit/")))
    assert "Dr. Old" in page and "Sleeps badly." in page

    sent = {"came_by": "MAIL", "referrer": old.pk, "clinician": ana.pk, "seeks": "Sleeps well.",
            "revision": "1"}  # fmt: skip
    desk.post(url(inquiry, "edit/"), sent)
    inquiry = Inquiry.objects.get()
    assert (inquiry.seeks, inquiry.came_by, inquiry.referrer) == ("Sleeps well.", "MAIL", old)
    answer = desk.post(url(inquiry, "edit/"), sent | {"seeks": "Mine."})
    assert (answer.status_code, "Mine." in text(answer), "meanwhile" in text(answer)) == (
        422, True, True,
    )  # fmt: skip


def test_a_conflict_is_told_without_saying_whose(desk, inquiry, here):
    Colleague(roles=["OWNER"], at=[here], display_name="Olga Brandt")
    ben = Colleague(at=[APlace()], display_name="Ben Okoye")
    ClientOf(legal_name="Jonas Weber", care_team=[ben])
    names = "Jonas Weber\nAda Lund"
    long = desk.post(url(inquiry, "conflicts/"), {"names": "x" * 301})
    assert (long.status_code, "longer than a name can be" in text(long)) == (422, True)

    page = text(desk.post(url(inquiry, "conflicts/"), {"names": names}))

    assert "Somebody here should look at this before you go on." in page
    assert "Olga Brandt" in page
    assert "Ben Okoye" not in page
    look = ConflictLook.objects.get()
    browser = inside(ben.account)
    assert f"/looks/{look.pk}/" in text(browser.get("/desk/also/"))
    page = text(browser.get(f"/desk/inquiries/looks/{look.pk}/"))
    assert "Jonas Weber" in page
    assert "Ada Lund" not in page and "Nadia" not in page
    browser.post(f"/desk/inquiries/looks/{look.pk}/", {"answer": "STANDS"})
    page = text(desk.get(url(inquiry)))
    assert "A colleague looked: something stands in the way." in page
    assert "Ben Okoye" not in page[page.index('id="checked"') : page.index('id="kept"')]
    assert browser.get(url(inquiry)).status_code == 404


def test_a_match_whom_one_may_see_is_shown_and_the_look_recorded(desk, inquiry, here):
    jonas = ClientOf(legal_name="Jonas Weber", place=here)

    page = text(desk.post(url(inquiry, "conflicts/"), {"names": "Jonas Weber"}))

    assert f"/desk/clients/{jonas.pk}/" in page
    assert "should look" not in page
    assert ConflictCheck.objects.get().outcome == "SEEN"


def test_somebody_is_sent_on_and_the_letter_holds_what_they_agreed_to(desk, inquiry):
    AContact(client=inquiry.client, value="030 901820")
    AContact(client=inquiry.client, kind="MAIL", value="nadia@example.org")
    rosa = AReferrer(name="Dr. Rosa Amaral", specialities="sleep", takes="YES")
    AReferrer(name="Dr. Full", specialities="sleep", takes="NO")
    page = text(desk.get(url(inquiry, "refer/?q=sleep")))
    assert page.index("Dr. Rosa Amaral") < page.index("Dr. Full")

    sent = {"referrer": rosa.pk, "shared": ["NAME", "PHONE"], "told": "Evenings.", "revision": "1"}
    assert '<option value="" selected>Choose a colleague' in page
    nobody = desk.post(url(inquiry, "refer/"), sent | {"referrer": ""})
    assert (nobody.status_code, "Evenings." in text(nobody)) == (422, True)
    assert "Choose the colleague you send them to." in text(nobody)
    answer = desk.post(url(inquiry, "refer/"), sent)
    assert (answer.status_code, "Evenings." in text(answer)) == (422, True)
    desk.post(url(inquiry, "refer/"), sent | {"agreed_on": "2026-01-02", "agreed_how": "SAID"})

    referral = Referral.objects.get()
    letter = text(desk.get(url(inquiry, f"letters/{referral.pk}/")))
    for words in ("Dr. Rosa Amaral", "Nadia Ferrand", "030 901820", "Evenings."):
        assert words in letter, words
    for words in ("nadia@example.org", "Sleeps badly.", "Stairs."):
        assert words not in letter, words


def test_a_letter_names_nobody_who_did_not_agree_to_that(desk, inquiry):
    referral = AReferral(inquiry=inquiry, shared=["SEEKS"])

    letter = text(desk.get(url(inquiry, f"letters/{referral.pk}/")))
    printed = letter[letter.index('class="stack letter"') :]
    assert "Sleeps badly." in printed and "They will name themselves." in printed
    assert "Nadia" not in printed
    for other in (
        AReferral(inquiry=inquiry, shared=[], agreed_on=None, agreed_how=""),
        AReferral(inquiry=AnInquiry(client__place=inquiry.client.place)),
    ):
        assert desk.get(url(inquiry, f"letters/{other.pk}/")).status_code == 404


def test_an_inquiry_becomes_a_client_and_an_inquiry_again(desk, inquiry, ana):
    Inquiry.objects.filter(pk=inquiry.pk).update(referrer=AReferrer(kind="DOCTOR"), clinician=ana)
    page = text(desk.get(url(inquiry, "start/")))
    assert f'value="{ana.pk}" selected' in page and 'value="DOCTOR" selected' in page

    sent = {"clinician": ana.pk, "status": "ACTIVE", "on": time.today(), "revision": "1"}
    answer = desk.post(url(inquiry, "start/"), sent, follow=True)

    assert answer.redirect_chain == [(f"/desk/clients/{inquiry.client_id}/", 302)]
    page = text(answer)
    assert "Nadia Ferrand: started" in page and url(inquiry, "undo/") in page
    assert desk.get(url(inquiry, "start/")).headers["Location"] == url(inquiry)
    desk.post(url(inquiry, "undo/"), {"revision": "2"})
    assert Client.objects.get(pk=inquiry.client_id).status == "INQUIRY"
    assert url(inquiry) in text(desk.get(f"/desk/clients/{inquiry.client_id}/"))


def test_an_owner_who_hands_it_over_sees_it_no_more(inquiry, ana, here):
    olga = Colleague(roles=["OWNER"], at=[here])
    browser = inside(olga.account)
    sent = {"clinician": ana.pk, "status": "ACTIVE", "on": time.today(), "revision": "1"}

    answer = browser.post(url(inquiry, "start/"), sent, follow=True)

    assert answer.redirect_chain == [("/desk/inquiries/", 302)]
    assert "From now on the care team looks after it." in text(answer)
    assert browser.get(url(inquiry)).status_code == 404


def test_it_is_kept_longer_for_a_reason(desk, inquiry):
    desk.post(url(inquiry, "hold/"), {"hold-why": "A claim."})
    page = text(desk.get(url(inquiry)))
    assert "A claim." in page and "Will be removed on" not in page
    assert "Nadia" not in text(desk.get("/desk/inquiries/leaving/"))

    desk.post(url(inquiry, "hold/"), {"held": "off"})
    assert "will be removed on" in text(desk.get("/desk/inquiries/leaving/"))
    assert desk.post(url(inquiry, "hold/"), {"hold-why": ""}).status_code == 422


def test_the_owner_sets_the_limit_and_reads_the_numbers(inquiry, here):
    browser = inside(Colleague(roles=["OWNER"], at=[here]).account)
    assert browser.post("/desk/inquiries/leaving/limit/", {"months": "0"}).status_code == 422
    browser.post("/desk/inquiries/leaving/limit/", {"months": "9"})
    assert Keeping.objects.get().months == 9
    source = ASource(name="=cmd()")
    Inquiry.objects.update(source=source, answered_at=inquiry.received_at + timedelta(hours=3))

    page = text(browser.get("/desk/inquiries/numbers/"))
    assert "1 received, 0 started" in page and "3 hours" in page and "=cmd()" in page
    table = browser.get("/desk/inquiries/numbers/table/")
    assert table.headers["Content-Type"] == "text/csv"
    assert "'=cmd()" in text(table)
    assert "Nadia" not in text(table)


def test_lists_that_the_practice_edits(desk):
    desk.post("/desk/inquiries/sources/", {"usual": "1"})
    desk.post("/desk/inquiries/sources/", {"name": "Radio"})
    assert desk.post("/desk/inquiries/sources/", {"name": "Radio"}).status_code == 422
    radio = Source.objects.get(name="Radio")
    desk.post(f"/desk/inquiries/sources/{radio.pk}/close/", {"closed": "on"})
    assert "Radio" not in text(desk.get("/desk/inquiries/enter/"))
    desk.post(f"/desk/inquiries/sources/{radio.pk}/close/", {"closed": "off"})
    assert "Radio" in text(desk.get("/desk/inquiries/enter/"))

    given = {"name": "Dr. Amaral", "kind": "COLLEAGUE", "trusted": "on", "takes": "YES",
             "specialities": "couples"}  # fmt: skip
    desk.post("/desk/inquiries/referrers/add/", given)
    rosa = Referrer.objects.get()
    assert "Dr. Amaral" in text(desk.get("/desk/inquiries/referrers/?q=couples"))
    assert "Dr. Amaral" not in text(desk.get("/desk/inquiries/referrers/?q=children"))
    desk.post(f"/desk/inquiries/referrers/{rosa.pk}/", given | {"takes": "NO"})
    desk.post(f"/desk/inquiries/referrers/{rosa.pk}/close/", {"closed": "on"})
    rosa.refresh_from_db()
    assert (rosa.takes, rosa.closed_on) == ("NO", time.today())


PAGES = ("", "edit/", "conflicts/", "refer/", "start/")


def test_no_name_and_no_word_stands_in_a_title_an_address_or_a_log(desk, inquiry, caplog):
    caplog.set_level(logging.DEBUG)
    AReferrer()
    for rest in PAGES:
        answer = desk.get(url(inquiry, rest))
        title = re.search(r"<title>(.*?)</title>", text(answer), re.S)[1]
        assert not {"Nadia", "Ferrand", "Sleeps"} & set(re.findall(r"\w+", title)), rest
        links = " ".join(re.findall(r'(?:href|action)="([^"]*)"', text(answer)))
        assert "Nadia" not in links and "Sleeps" not in links
    desk.post(url(inquiry, "log/"), {"log-what": "NOTED", "log-words": "qwelephant"})
    desk.post(url(inquiry, "conflicts/"), {"names": "Zyxorchid Qwelephant"})
    desk.post(url(inquiry, "log/"), {"log-what": "nothing", "log-words": "qwelephant"})

    said = "\n".join(r.getMessage() for r in caplog.records if r.name != "django.db.backends")
    for word in ("Nadia", "Sleeps badly", "qwelephant", "Zyxorchid"):
        assert word not in said, word


def test_a_stranger_finds_no_page_of_it(inquiry):
    browser = inside(Colleague(at=[APlace()]).account)
    for rest in PAGES:
        assert browser.get(url(inquiry, rest)).status_code == 404, rest
    assert "Nadia" not in text(browser.get("/desk/inquiries/"))


def also(person):
    return re.sub(r"\s+", " ", inside(person.account).get("/desk/also/").content.decode())


def test_whom_nobody_answers_stands_on_today_until_somebody_does(here, fay):
    inquiry = AnInquiry(client=ClientOf(legal_name="Nadia Fell", place=here, status="INQUIRY"))
    page = also(fay)
    assert "Nobody answers yet" in page
    assert f"/desk/inquiries/{inquiry.pk}/" in page
    assert "Nadia Fell" in page

    actions.log(by=fay.account, inquiry=inquiry, what="SPOKE", words="", now=time.now())

    assert "Nobody answers yet" not in also(fay)


def test_where_no_front_desk_is_another_one_learns_no_name(fay):
    hill = APlace(name="Hill house")
    ben, olga = Colleague(at=[hill], display_name="Ben"), Colleague(roles=["OWNER"])
    AnInquiry(client=ClientOf(legal_name="Nadia Fell", place=hill, status="INQUIRY",
                              care_team=[ben]), clinician=ben)  # fmt: skip

    page = also(fay)

    assert "Somebody who asked for help" in page
    assert "Hill house" in page
    assert "Ben" in page
    assert "Nadia Fell" not in page
    assert "Nadia Fell" in also(olga)
    assert "Nadia Fell" in also(ben)


def test_a_time_that_was_asked_for_is_not_told_of_twice(here, fay, ana):
    nadia = ClientOf(legal_name="Nadia Fell", place=here, status="INQUIRY", care_team=[ana])
    AnInquiry(client=nadia, clinician=ana)
    AnAppointment(client=nadia, clinician=ana, status="REQUESTED",
                  starts_at=time.now() + timedelta(days=1))  # fmt: skip

    page = also(fay)

    assert "1 time asked for" in page
    assert "Nobody answers yet" not in page
