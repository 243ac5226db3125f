"""The desk's pages about who else answers: asking, entering, rating, and keeping it apart."""

import html
from datetime import timedelta

import pytest

from rapport.core import time
from rapport.people.models import CareTeamMember
from rapport.progress.models import Asked, Sheet
from tests.factories import (
    NOW,
    AConsent,
    AnAlert,
    AnInformant,
    APractice,
    ARelatedPerson,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


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
def mother(mara):
    return ARelatedPerson(client=mara, relation="PARENT", name="Edda Lindgren")


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def at(mara, path=""):
    return f"/desk/clients/{mara.pk}/measures/{path}"


def words(answer):
    return html.unescape(answer.content.decode())


def ask(desk, mara, **given):
    said = {"instruments": ["phq-9"], "when": "NOW", "way": "LINK", "who": "TEACHER"} | given
    return desk.post(at(mara, "ask/"), said)


def enter(desk, mara, **given):
    said = {"source": "PAPER", "answered_on": time.today().isoformat()} | given
    said |= {f"item-{n}": "1" for n in range(1, 10)}
    return desk.post(at(mara, "enter/?instrument=phq-9"), said)


def scored(mara, total, weeks, informant=None, **given):
    sheet = ASheet(client=mara, answered_at=NOW - timedelta(weeks=weeks), informant=informant)
    AScore(sheet=sheet, total=total, total_rounded=total, band="moderate", **given)
    return sheet


# Asking ----------------------------------------------------------------------------------


def test_without_a_consent_the_page_says_so_and_leads_to_it(desk, mara):
    for answer in (desk.get(at(mara, "ask/")), desk.get(at(mara, "enter/?instrument=phq-9"))):
        assert f"/desk/clients/{mara.pk}/consents/note/?kind=OTHERS" in words(answer)
    refused = ask(desk, mara)
    assert refused.status_code == 422 and "No consent to asking other people" in words(refused)
    assert 'value="TEACHER"' in words(refused) and not Asked.objects.exists()


def test_with_a_consent_the_link_is_shown_to_hand_on_and_says_what_its_page_says(
    desk, mara, agreed, mother
):
    page = words(desk.get(at(mara, "ask/")))
    assert "Edda Lindgren (parent)" in page and "consents/note" not in page
    shown = words(ask(desk, mara, who=str(mother.pk), calls="Jo"))
    assert "/m/" in shown and "about <bdi>Jo</bdi>" in shown
    assert "It is for somebody else: <bdi>Edda Lindgren (parent)</bdi>." in shown
    silent = words(ask(desk, mara))
    assert "gives no name, score or result" in silent
    waits = words(desk.get(at(mara)))
    assert "asked of <bdi>Edda Lindgren (parent)</bdi>" in waits
    assert "asked of <bdi>a teacher</bdi>" in waits


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"when": "DATE", "on": ""}, "Choose today or a day to come"),
        ({"instruments": []}, "field is required"),
        ({"calls": "x" * 41}, "at most 40 characters"),
    ],
)
def test_what_cannot_be_stands_at_its_field_and_is_kept(desk, mara, agreed, given, says):
    refused = ask(desk, mara, **given)
    assert refused.status_code == 422 and says in words(refused)
    assert not Asked.objects.exists()


def test_somebody_around_another_client_or_nobody_is_refused_alike_and_what_was_typed_stays(
    desk, ana, mara, agreed
):
    hers = ARelatedPerson(client=ClientOf(care_team=[ana]))
    unseen = ARelatedPerson(client=ClientOf(care_team=[Colleague()]))
    for who in (hers.pk, unseen.pk, "CLINICIAN", "x" * 300, "00000000-0000-0000-0000-000000000000"):
        for refused in (ask(desk, mara, who=str(who), calls="Jo"), enter(desk, mara, who=str(who))):
            assert refused.status_code == 422 and "Choose one from the list." in words(refused)
            assert 'value="Jo"' in words(refused) or words(refused).count("checked") > 9
    assert not Asked.objects.exists() and not Sheet.objects.exists()


def test_a_new_link_and_withdrawing_work_for_others_too(desk, mara, agreed):
    ask(desk, mara)
    asked = Asked.objects.get()
    shown = words(desk.post(at(mara, f"asked/{asked.pk}/link/")))
    assert "It is for somebody else: <bdi>a teacher</bdi>." in shown
    desk.post(at(mara, f"asked/{asked.pk}/withdraw/"))
    asked.refresh_from_db()
    assert asked.state == "WITHDRAWN"


# Entering --------------------------------------------------------------------------------


def test_paper_of_a_parent_is_entered_as_the_parent_s(desk, mara, agreed, mother):
    answer = enter(desk, mara, who=str(mother.pk))
    sheet = Sheet.objects.get()
    assert answer.headers["Location"] == f"/desk/measures/{sheet.pk}/"
    assert sheet.informant.person == mother
    shown = words(desk.get(f"/desk/measures/{sheet.pk}/"))
    assert "answered by Edda Lindgren (parent)" in shown and "copied from paper" in shown
    assert "Somebody else answered about the client" in shown


def test_a_rating_of_one_s_own_says_who_rated_and_is_no_answer_of_the_client_s(desk, ana, mara):
    enter(desk, mara, source="CLINICIAN")
    sheet = Sheet.objects.get()
    assert (sheet.source, sheet.informant.rater) == ("CLINICIAN", ana)
    shown = words(desk.get(f"/desk/measures/{sheet.pk}/"))
    assert "rated by Ana Ortiz" in shown and "the client was not asked" in shown
    assert "rated by Ana Ortiz" in words(desk.get(at(mara)))


def test_a_colleague_reads_a_rating_and_is_not_offered_to_correct_it(desk, ana, mara):
    enter(desk, mara, source="CLINICIAN")
    sheet, ben = Sheet.objects.get(), Colleague()
    CareTeamMember.objects.create(client=mara, staff=ben, from_on=NOW.date())
    there, address = f"/desk/measures/{sheet.pk}/", f"/desk/measures/{sheet.pk}/correct/"
    assert address in words(desk.get(there)) and desk.get(address).status_code == 200
    other = inside(ben.account)
    assert other.get(there).status_code == 200 and address not in words(other.get(there))
    assert other.get(address).headers["Location"] == there


def test_a_rating_is_nobody_else_s(desk, mara, agreed):
    refused = enter(desk, mara, source="CLINICIAN", who="TEACHER")
    assert refused.status_code == 422 and "A rating of your own is yours" in words(refused)
    assert not Sheet.objects.exists()


def test_without_a_consent_nothing_of_others_is_entered(desk, mara):
    refused = enter(desk, mara, who="PARENT")
    assert refused.status_code == 422 and "No consent to asking" in words(refused)
    assert "checked" in words(refused) and not Sheet.objects.exists()


# Apart -----------------------------------------------------------------------------------


def test_change_is_of_the_same_person_alone_and_of_others_in_points(desk, mara, mother):
    edda = AnInformant(client=mara, person=mother, by_role=False)
    for total, weeks, who in ((20, 4, None), (27, 3, edda), (12, 2, None), (20, 1, edda)):
        scored(mara, total, weeks, who)
    shown = words(desk.get(at(mara)))
    assert "8 less than before, more than chance" in shown
    assert "7 less than before</p>" in shown.replace(" </p>", "</p>")
    assert shown.count("answered by Edda Lindgren (parent)") == 2


def test_whoever_is_known_by_a_role_alone_is_compared_with_nobody(desk, mara):
    teacher = AnInformant(client=mara, kind="TEACHER")
    scored(mara, 20, 2, teacher)
    scored(mara, 12, 1, teacher)
    answered = words(desk.get(at(mara))).split("Answered")[1].split("</section>")[0]
    assert "12, moderate" in answered and "before" not in answered
    course = words(desk.get(f"/desk/clients/{mara.pk}/course/phq-9/"))
    assert "may have been somebody else each time" in course
    assert "less than on" not in course


def test_each_informant_has_a_series_with_a_heading_and_a_table(desk, mara, mother):
    edda = AnInformant(client=mara, person=mother, by_role=False)
    scored(mara, 14, 2), scored(mara, 18, 1, edda), scored(mara, 20, 3, edda)
    shown = words(desk.get(f"/desk/clients/{mara.pk}/course/phq-9/"))
    assert "<h2>PHQ-9, answered by Edda Lindgren (parent)</h2>" in shown
    assert "PHQ-9, answered by the client</h2>" in shown
    assert shown.count('class="chart__table"') == 2
    assert "18, moderate; 2 less than on" in shown
    beside = shown.split("side by side")[1].split("</table>")[0]
    assert beside.index("the client") < beside.index("Edda Lindgren")
    assert "4 more than the client" in beside


def test_a_course_that_only_others_have_is_shown_and_compares_nobody(desk, mara):
    scored(mara, 14, 2, AnInformant(client=mara))
    shown = words(desk.get(f"/desk/clients/{mara.pk}/course/phq-9/"))
    assert "PHQ-9, answered by a parent" in shown and "No score yet" not in shown
    assert "side by side" not in shown


def test_the_picture_says_on_which_pages_what_others_answered_stands(desk, mara, mother):
    where = f'href="/desk/clients/{mara.pk}/course/phq-9/"'
    scored(mara, 14, 2)
    before = words(desk.get(f"/desk/clients/{mara.pk}/picture/"))
    assert "What others answered" not in before
    scored(mara, 18, 1, AnInformant(client=mara, person=mother, by_role=False))
    shown = words(desk.get(f"/desk/clients/{mara.pk}/picture/"))
    said = shown.split("What others answered about the client stands on")[1].split("</p>")[0]
    assert said.count("<a ") == 1 and where in said


def test_two_others_stand_side_by_side_without_the_client(desk, mara):
    scored(mara, 14, 2, AnInformant(client=mara))
    scored(mara, 9, 2, AnInformant(client=mara, kind="TEACHER"))
    shown = words(desk.get(f"/desk/clients/{mara.pk}/course/phq-9/"))
    beside = shown.split("side by side")[1].split("</table>")[0]
    assert "a parent" in beside and "a teacher" in beside and "than the client" not in beside


@pytest.mark.parametrize(
    ("total", "version", "says"),
    [(14, 1, "the same as the client"), (10, 1, "4 less than the client"),
     (10, 9, "another version")],
)  # fmt: skip
def test_how_far_apart_is_said_in_points(desk, mara, total, version, says):
    scored(mara, 14, 2)
    sheet = scored(mara, total, 1, AnInformant(client=mara))
    Sheet.objects.filter(pk=sheet.pk).update(version=version)
    beside = words(desk.get(f"/desk/clients/{mara.pk}/course/phq-9/")).split("side by side")[1]
    assert says in beside.split("</table>")[0]


def test_the_line_of_time_says_who_answered(desk, mara):
    scored(mara, 14, 0, AnInformant(client=mara, kind="TEACHER"))
    assert "14, moderate, answered by a teacher" in words(desk.get(f"/desk/clients/{mara.pk}/"))


def test_an_alert_says_who_answered(desk, ana, mara):
    sheet = scored(mara, 20, 0, AnInformant(client=mara, kind="PARTNER"))
    shown = words(desk.get(f"/desk/alerts/{AnAlert(sheet=sheet, owner=ana).pk}/"))
    assert "Answered by a partner" in shown and "may not know of it" in shown


def test_rating_begins_on_the_page_of_measures(desk, mara):
    begin = at(mara, "enter/?by=me")
    assert begin in words(desk.get(at(mara)))
    assert "?instrument=phq-9&by=me" in words(desk.get(begin))
    form = words(desk.get(at(mara, "enter/?instrument=phq-9&by=me")))
    assert "Rate it yourself" in form
    (chosen,) = [
        part for part in form.split("<input") if 'name="source"' in part and "checked" in part
    ]
    assert 'value="CLINICIAN"' in chosen
