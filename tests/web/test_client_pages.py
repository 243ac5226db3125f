"""What a clinician does on a client's pages, through the pages alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rapport.contact import notices
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.people.circle import actions as circle
from rapport.people.models import (
    Account,
    CareTeamMember,
    Client,
    Contact,
    Episode,
    GroupMember,
    Invitation,
    RelatedPerson,
)
from tests.factories import (
    AnAccount,
    AnAppointment,
    AnEpisode,
    APlace,
    APractice,
    ARelatedPerson,
    ClientOf,
    Colleague,
)

from .stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    APractice()
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana")


@pytest.fixture
def mara(ana, house):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def page_of(client, path=""):
    return f"/desk/clients/{client.pk}/{path}"


def seen(browser, client, path=""):
    return browser.get(page_of(client, path)).content.decode()


def undone(browser, client, path=""):
    """Press the undo button that the page shows; it has to be there."""
    undo = browser.get(page_of(client, path)).context["undo"]
    return browser.post(undo["address"], undo["fields"])


class TestTheCareTeam:
    def test_a_part_ends_and_comes_back_by_undo(self, desk, mara):
        part = CareTeamMember.objects.create(
            client=mara, staff=Colleague(legal_name="Ben"), from_on=clock.today()
        )

        answer = desk.post(page_of(mara, f"team/{part.pk}/end/"), follow=True).content.decode()
        assert "Ben&#x27;s part in the care has ended." in answer
        assert f"team/{part.pk}/back/" in answer
        part.refresh_from_db()
        assert part.until_on == clock.today()

    def test_undo_the_same_day_opens_it_again(self, desk, mara):
        part = CareTeamMember.objects.create(client=mara, staff=Colleague(), from_on=clock.today())
        desk.post(page_of(mara, f"team/{part.pk}/end/"))

        undone(desk, mara)

        part.refresh_from_db()
        assert part.until_on is None

    def test_undo_is_offered_once(self, desk, mara):
        desk.post(page_of(mara, "archive/"))
        undone(desk, mara)

        assert desk.get(page_of(mara)).context["undo"] is None

    def test_the_last_one_stays_with_a_clear_sentence(self, desk, mara):
        part = mara.care_team.get()

        answer = desk.post(page_of(mara, f"team/{part.pk}/end/"), follow=True).content.decode()

        assert "Somebody has to be responsible." in answer
        assert CareTeamMember.objects.get(pk=part.pk).until_on is None

    def test_who_leaves_is_sent_to_the_list_and_comes_back_by_nobody_but_a_colleague(
        self, desk, mara, house
    ):
        CareTeamMember.objects.create(client=mara, staff=Colleague(), from_on=clock.today())
        mine = mara.care_team.order_by("from_on").first()

        answer = desk.post(page_of(mara, f"team/{mine.pk}/end/"))

        assert answer.url == "/desk/clients/"
        assert desk.post(page_of(mara, f"team/{mine.pk}/back/")).status_code == 404

    def test_another_clients_part_is_not_there(self, desk, ana, mara):
        other = ClientOf(care_team=[ana, Colleague()])
        part = other.care_team.exclude(staff=ana).get()

        assert desk.post(page_of(mara, f"team/{part.pk}/end/")).status_code == 404
        part.refresh_from_db()
        assert part.until_on is None

    def test_a_colleague_is_added_with_a_part(self, desk, mara):
        ben = Colleague()

        desk.post(page_of(mara, "assign/"), {"staff": ben.pk, "part": "DEPUTY"})

        assert mara.care_team.get(staff=ben).part == "DEPUTY"

    def test_where_nobody_is_left_to_add_the_page_says_so(self, desk, mara):
        assert "Everybody who could be added" in seen(desk, mara, "assign/")


class TestEpisodes:
    def test_one_is_opened_closed_and_opened_again(self, desk, ana, mara):
        given = {"responsible": ana.pk, "on": "2026-01-05", "problem": "LOSS"}
        assert desk.post(page_of(mara, "episodes/open/"), given).status_code == 302
        one = Episode.objects.get()
        assert "loss and grief" in seen(desk, mara, "episodes/")

        close = page_of(mara, f"episodes/{one.pk}/close/")
        desk.post(close, {"reason": "MOVED", "on": "2026-02-05"})
        one.refresh_from_db()
        assert one.close_reason == "MOVED"

        undone(desk, mara, "episodes/")
        one.refresh_from_db()
        assert one.closed_on is None

    def test_when_they_first_asked_is_offered_kept_and_shown(self, desk, ana, mara):
        """The day they were written down, where that was before today and nothing came before."""
        mara.created_at = datetime(2026, 1, 2, 12, tzinfo=UTC)
        mara.save()
        page = page_of(mara, "episodes/open/")
        assert desk.get(page).context["form"].initial["first_contact_on"] == date(2026, 1, 2)

        given = {"responsible": ana.pk, "on": "2026-01-05"}
        answer = desk.post(page, given | {"first_contact_on": "2026-01-06"})
        assert "not after the first day" in answer.context["form"].errors["first_contact_on"][0]
        desk.post(page, given | {"first_contact_on": "2026-01-02"})

        assert Episode.objects.get().first_contact_on == date(2026, 1, 2)
        assert "First asked for on 2 Jan 2026" in seen(desk, mara, "episodes/")
        assert "first_contact_on" not in desk.get(page).context["form"].initial

    def test_a_day_before_it_opened_is_refused_beside_the_day(self, desk, ana, mara):
        one = AnEpisode(client=mara, responsible=ana, opened_on="2026-01-05")

        answer = desk.post(
            page_of(mara, f"episodes/{one.pk}/close/"), {"reason": "DIED", "on": "2026-01-04"}
        )

        assert answer.status_code == 422
        assert "Choose a day after" in answer.context["form"].errors["on"][0]

    def test_only_the_care_team_is_responsible(self, desk, mara):
        given = {"responsible": Colleague().pk, "on": "2026-01-05"}

        assert desk.post(page_of(mara, "episodes/open/"), given).status_code == 422
        assert not Episode.objects.exists()

    def test_the_front_desk_sees_none(self, mara, house, ana):
        fay = inside(Colleague(roles=["FRONT_DESK"], at=[house]).account)
        AnEpisode(client=mara, responsible=ana, problem="TRAUMA")

        assert fay.get(page_of(mara, "episodes/")).status_code == 404
        assert "episodes/" not in seen(fay, mara)


class TestReach:
    def test_a_number_is_changed(self, desk, ana, mara):
        number = circle.add_contact(
            by=ana.account, client=mara, kind="PHONE", value="+49 30 901820"
        )

        desk.post(
            page_of(mara, f"contact/{number.pk}/"),
            {"value": "+49 30 901821", "safe_to_text": "on"},
        )

        assert Contact.objects.get().value == "+49 30 901821"
        page = seen(desk, mara)
        assert "safe to text" in page
        assert "leave no message" in page

    def test_removing_can_be_undone_with_all_that_was_known(self, desk, ana, mara):
        number = circle.add_contact(
            by=ana.account, client=mara, kind="PHONE", value="+49 30 901820", label="work",
            safe_to_text=True,
        )  # fmt: skip
        desk.post(page_of(mara, f"contact/{number.pk}/remove/"))
        assert not Contact.objects.exists()

        undone(desk, mara)

        back = Contact.objects.get()
        assert (back.value, back.label) == ("+49 30 901820", "work")
        assert (back.safe_to_text, back.safe_to_message) == (True, False)

    def test_what_can_be_undone_shows_on_this_clients_page_alone(self, desk, ana, mara):
        other = ClientOf(care_team=[ana])
        number = circle.add_contact(by=ana.account, client=mara, kind="MAIL", value="m@e.org")
        desk.post(page_of(mara, f"contact/{number.pk}/remove/"))

        assert "m@e.org" not in seen(desk, other)
        assert "m@e.org" in seen(desk, mara)

    def test_another_clients_number_is_not_there(self, desk, ana, mara):
        other = ClientOf(care_team=[ana])
        number = circle.add_contact(by=ana.account, client=other, kind="MAIL", value="o@e.org")

        for path in (f"contact/{number.pk}/", f"contact/{number.pk}/remove/"):
            assert desk.post(page_of(mara, path)).status_code == 404
        assert Contact.objects.exists()

    def test_somebody_around_is_changed_removed_and_brought_back(self, desk, mara):
        person = ARelatedPerson(client=mara, name="Olu", remark="calls often")
        given = {"relation": "PARTNER", "name": "Olu O.", "may_know": "NOTHING",
                 "remark": "calls often", "emergency": "on"}  # fmt: skip
        desk.post(page_of(mara, f"related/{person.pk}/"), given)
        desk.post(page_of(mara, f"related/{person.pk}/remove/"))
        assert not RelatedPerson.objects.exists()

        undone(desk, mara)

        back = RelatedPerson.objects.get()
        assert (back.name, back.remark, back.emergency) == ("Olu O.", "calls often", True)

    def test_emergency_contacts_stand_first(self, desk, mara):
        ARelatedPerson(client=mara, name="Abel")
        ARelatedPerson(client=mara, name="Zoe", emergency=True)

        page = seen(desk, mara)

        assert page.index("Zoe") < page.index("Abel")


class TestCouplesAndFamilies:
    @pytest.fixture
    def couple(self, ana, house):
        return ClientOf(kind="COUPLE", legal_name="Kühn & Okafor", care_team=[ana], place=house)

    def test_a_member_is_found_and_added_and_both_pages_say_so(self, desk, mara, couple):
        assert "Mara Kühn" in seen(desk, couple, "members/?q=mara")

        desk.post(page_of(couple, "members/add/"), {"member": mara.pk})

        assert "Mara Kühn" in seen(desk, couple)
        assert "In the couple" in seen(desk, mara)
        assert "Kühn &amp; Okafor" in seen(desk, mara)

    def test_removing_a_member_can_be_undone(self, desk, mara, couple):
        desk.post(page_of(couple, "members/add/"), {"member": mara.pk})
        desk.post(page_of(couple, "members/remove/"), {"member": mara.pk})
        assert not GroupMember.objects.exists()

        undone(desk, couple, "members/")

        assert GroupMember.objects.get().member == mara

    def test_a_member_one_may_not_see_is_found_added_removed_and_named_by_nobody(
        self, desk, couple
    ):
        hidden = ClientOf(legal_name="Hidden Person", care_team=[Colleague()])
        assert "Hidden Person" not in seen(desk, couple, "members/?q=hidden")
        assert desk.post(page_of(couple, "members/add/"), {"member": hidden.pk}).status_code == 404
        GroupMember.objects.create(client=couple, member=hidden)

        for path in ("", "members/"):
            assert "Hidden Person" not in seen(desk, couple, path)
        answer = desk.post(page_of(couple, "members/remove/"), {"member": hidden.pk})
        assert answer.status_code == 404
        assert GroupMember.objects.exists()

    def test_a_couple_one_may_not_see_is_not_named_on_the_members_page(self, desk, mara):
        hidden = ClientOf(kind="COUPLE", legal_name="Hidden Two", care_team=[Colleague()])
        GroupMember.objects.create(client=hidden, member=mara)

        page = seen(desk, mara)

        assert "Hidden Two" not in page
        assert "In the couple" not in page

    @pytest.mark.parametrize("said", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
    def test_whoever_is_not_there_is_a_page_that_is_not_there(self, desk, couple, said):
        answer = desk.post(page_of(couple, "members/add/"), {"member": said})

        assert answer.status_code == 404

    def test_one_person_has_no_members(self, desk, mara, couple):
        assert desk.get(page_of(mara, "members/")).status_code == 404
        assert desk.post(page_of(mara, "members/add/"), {"member": couple.pk}).status_code == 404

    def test_a_family_is_admitted_and_its_members_are_asked_next(self, desk, ana, house):
        given = {"legal_name": "Family Adeyemi", "kind": "FAMILY", "clinician": ana.pk,
                 "place": house.pk, "status": "ACTIVE"}  # fmt: skip

        answer = desk.post("/desk/clients/admit/?together=1", given)

        assert answer.url == page_of(Client.objects.get(kind="FAMILY"), "members/")

    def test_a_couple_is_changed_without_a_birth_date_and_keeps_the_rest(self, desk, house, couple):
        page = seen(desk, couple, "edit/")
        assert "Name of the couple or family" in page
        assert "Birth date" not in page

        given = {"legal_name": "Kühn & Adler", "place": house.pk, "status": "WAITING",
                 "languages": ["de"], "birth_on": "1990-01-01"}  # fmt: skip
        assert desk.post(page_of(couple, "edit/"), given).status_code == 302

        couple.refresh_from_db()
        assert (couple.legal_name, couple.status, couple.birth_on) == (
            "Kühn & Adler", "WAITING", None,
        )  # fmt: skip


class TestTheWayIntoThePortal:
    def test_without_mail_the_link_is_shown_once_with_its_picture(self, desk, mara):
        answer = desk.post(page_of(mara, "portal/"), {"email": "Mara@Example.org"})

        page = answer.content.decode()
        assert "/i/" in page
        assert "data:image/svg+xml" in page
        mara.refresh_from_db()
        assert (mara.account.email, mara.account.realm) == ("mara@example.org", "PORTAL")
        assert "never" in seen(desk, mara, "portal/")

    @pytest.mark.parametrize(
        ("safe", "hand_over", "sent"), [(True, "", 1), (False, "", 0), (True, "on", 0)]
    )
    def test_mail_goes_only_where_writing_is_safe(self, desk, ana, mara, safe, hand_over, sent):
        notices.set_server(
            by=System("test"), host="localhost", port=25, security="NONE", username="",
            password=None, from_address="post@example.org", now=clock.now(),
        )  # fmt: skip
        circle.add_contact(
            by=ana.account, client=mara, kind="MAIL", value="m@example.org", safe_to_write=safe
        )

        answer = desk.post(
            page_of(mara, "portal/"), {"email": "m@example.org", "hand_over": hand_over}
        )

        assert notices.Notice.objects.filter(kind="invitation").count() == sent
        assert (b"/i/" in answer.content) == (not sent)

    def test_a_new_link_ends_the_one_before_and_withdrawing_ends_the_last(self, desk, mara):
        for _ in range(2):
            desk.post(page_of(mara, "portal/"), {"email": "m@example.org"})
        works = Invitation.objects.filter(withdrawn_at=None)
        assert works.count() == 1
        assert "A link is waiting" in seen(desk, mara, "portal/")

        desk.post(page_of(mara, "portal/withdraw/"))

        assert works.count() == 0
        assert "A link is waiting" not in seen(desk, mara, "portal/")

    def test_as_long_as_nobody_came_in_the_address_can_be_put_right(self, desk, mara):
        desk.post(page_of(mara, "portal/"), {"email": "wrong@example.org"})
        desk.post(page_of(mara, "portal/"), {"email": "right@example.org"})

        assert Account.objects.get(realm="PORTAL").email == "right@example.org"

    def test_an_address_that_opens_another_account_is_refused_beside_it(self, desk, mara):
        AnAccount(email="taken@example.org")

        answer = desk.post(page_of(mara, "portal/"), {"email": "taken@example.org"})

        assert answer.status_code == 422
        assert "already belongs" in answer.context["form"].errors["email"][0]
        mara.refresh_from_db()
        assert mara.account is None

    def test_who_has_come_in_gets_no_link_from_here(self, desk, mara):
        mara.account = AnAccount(realm="PORTAL", last_login=clock.now() - timedelta(days=1))
        mara.save()

        assert desk.post(page_of(mara, "portal/"), {"email": "x@e.org"}).status_code == 422
        assert not Invitation.objects.exists()

    def test_an_access_is_closed_at_once_and_opened_again_by_undo(self, desk, mara):
        mara.account = AnAccount(realm="PORTAL", last_login=clock.now())
        mara.save()
        visit = inside(Account.objects.get(pk=mara.account_id), "portal")
        assert visit.get("/portal/").status_code == 200

        desk.post(page_of(mara, "portal/close/"))
        assert visit.get("/portal/").status_code == 302

        undone(desk, mara, "portal/")
        mara.account.refresh_from_db()
        assert mara.account.is_active

    def test_a_couple_is_invited_one_by_one(self, desk, ana):
        couple = ClientOf(kind="COUPLE", care_team=[ana])

        answer = desk.post(page_of(couple, "portal/"), {"email": "both@example.org"})

        assert answer.status_code == 422
        assert not Account.objects.filter(realm="PORTAL").exists()


def test_archiving_twice_is_archiving_once(desk, mara):
    for _ in range(2):
        desk.post(page_of(mara, "archive/"))

    mara.refresh_from_db()
    assert mara.archived_at is not None


def test_archiving_says_so_and_can_be_undone(desk, mara):
    desk.post(page_of(mara, "archive/"))
    undone(desk, mara)
    assert "Archived" not in seen(desk, mara)

    desk.post(page_of(mara, "archive/"))
    assert "Undo" in seen(desk, mara)
    assert "Archived since" in seen(desk, mara)  # the button stays after the undo was shown
    desk.post(page_of(mara, "archive/"), {"back": "on"})

    assert "Archived since" not in seen(desk, mara)
    mara.refresh_from_db()
    assert mara.archived_at is None


def test_the_newest_things_are_shown_and_older_ones_follow(desk, mara):
    for _ in range(30):
        CareTeamMember.objects.create(
            client=mara, staff=Colleague(), from_on="2026-01-05", until_on="2026-01-06"
        )

    first = desk.get(page_of(mara))
    last = desk.get(page_of(mara, "history/?page=3"))

    assert len(first.context["timeline"]) == 12
    assert "history/" in first.content.decode()
    assert len(last.context["timeline"]) == 2  # 60 ends, Ana's part, the admission: 62
    assert last.context["older"] is None


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_a_page_of_the_history_that_cannot_be_is_answered(desk, mara, page):
    assert desk.get(page_of(mara, f"history/?page={page}")).status_code == 200


def test_the_page_says_when_the_client_last_came_in(desk, mara):
    assert "No portal account yet" in seen(desk, mara)
    mara.account = AnAccount(realm="PORTAL", last_login="2026-03-04T09:00Z")
    mara.save()

    assert "4 Mar 2026" in seen(desk, mara)


def test_the_next_meeting_and_the_last_one_stand_however_far_ahead_somebody_is_booked(desk, mara):
    ana, now = mara.care_team.get().staff, clock.now()
    last = AnAppointment(client=mara, clinician=ana, starts_at=now - timedelta(7), status="KEPT")
    weeks = [
        AnAppointment(client=mara, clinician=ana, starts_at=now + timedelta(7 * n))
        for n in range(1, 21)
    ]
    page = desk.get(page_of(mara))

    assert page.context["next"] == weeks[0]
    assert page.context["since"].day == clock.local(last.ends_at).date()
