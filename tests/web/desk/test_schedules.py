"""What is asked when: the practice's plan, and the one list on a client's page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from rapport.core import time
from rapport.people.models import Practice
from rapport.progress.models import Ask, Asked, Keyed, PlanLine, Recheck, Sheet
from tests.factories import (
    AKeyed,
    AnAsk,
    AnAsked,
    AnInformant,
    APlanLine,
    APractice,
    ARecheck,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
PLAN = "/desk/practice/asking/"


@pytest.fixture
def ana():
    APractice()
    return Colleague(legal_name="Ana Ortiz", roles=["CLINICIAN", "OWNER"])


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana])


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_plan_begins_empty_is_filled_ended_and_undone(desk):
    assert "Nothing is planned" in text(desk.get(PLAN))
    sent = {"instruments": ["phq-9"], "occasion": "FOLLOW_UP"}
    wrong = desk.post(f"{PLAN}add/", sent)
    assert wrong.status_code == 422 and "how long after care" in text(wrong).lower()
    assert 'value="phq-9" ' in text(wrong) and "checked" in text(wrong)
    assert desk.post(f"{PLAN}add/", sent | {"weeks": ["13", "52"]}).status_code == 302
    shown = text(desk.get(PLAN))
    assert "3 months after care has ended" in shown and "12 months after care" in shown

    line = PlanLine.objects.get(count=13)
    desk.post(f"{PLAN}{line.pk}/end/")
    shown = text(desk.get(PLAN))
    assert "Undo" in shown and "3 months after care" not in shown
    desk.post(f"{PLAN}{line.pk}/end/", {"ended": "off"})
    assert "3 months after care" in text(desk.get(PLAN))


def test_others_are_planned_beside_the_client_and_the_line_says_who(desk):
    page = text(desk.get(f"{PLAN}add/"))
    assert "Who answers" in page and "parents and guardians of a minor" in page
    sent = {"instruments": ["gad-7"], "occasion": "INTAKE"}
    for whom in ("", "PARENTS"):
        assert desk.post(f"{PLAN}add/", sent | {"whom": whom}).status_code == 302
    shown = text(desk.get(PLAN))
    assert shown.count("asked of <bdi>parents and guardians of a minor</bdi>") == 1

    line = PlanLine.objects.get(whom="PARENTS")
    desk.post(f"{PLAN}{line.pk}/end/")
    assert "parents and guardians" not in text(desk.get(PLAN))
    desk.post(f"{PLAN}{line.pk}/end/", {"ended": "off"})
    assert "asked of <bdi>parents and guardians of a minor</bdi>" in text(desk.get(PLAN))

    wrong = desk.post(f"{PLAN}add/", sent | {"whom": "NEIGHBOURS"})
    assert wrong.status_code == 422 and 'value="gad-7"' in text(wrong)


def test_in_arabic_who_answers_stands_as_they_are_named(ana, desk):
    """Behind a preposition the plural would need another ending than in the list of choices."""
    sent = {"instruments": ["gad-7"], "occasion": "INTAKE", "whom": "TEACHERS"}
    desk.post(f"{PLAN}add/", sent)
    ana.account.language = "ar"
    ana.account.save(update_fields=["language"])

    with translation.override("ar"):
        named = str(PlanLine.Whom.TEACHERS.label)

    assert f"المُجيب: <bdi>{named}</bdi>" in text(inside(ana.account).get(PLAN))


def test_what_came_back_from_others_stands_beside_what_the_client_answered(desk, mara):
    who = AnInformant(client=mara)
    for state, informant in (("ANSWERED", who), ("OPEN", who), ("ANSWERED", None)):
        AnAsked(client=mara, state=state, informant=informant,
                expires_at=time.now() - timedelta(days=1))  # fmt: skip
    shown = text(desk.get(f"/desk/clients/{mara.pk}/measures/"))

    assert "1 of 1 questionnaire that was asked was answered." in shown
    assert "Of 2 questionnaires that were put to others about the client, 1 came back." in shown


def test_what_still_waits_is_said_not_to_be_counted(desk, mara):
    AnAsked(client=mara, state="ANSWERED")
    page = f"/desk/clients/{mara.pk}/measures/"
    said = "1 of 1 questionnaire that was asked was answered."
    assert f"{said}</p>" in desk.get(page).content.decode()

    AnAsked(client=mara, state="OPEN")

    assert f"{said} What still waits is not counted.</p>" in desk.get(page).content.decode()


def test_a_rule_offers_what_the_questionnaires_file_has_and_refuses_a_circle(desk):
    address = f"{PLAN}rules/add/?instrument=phq-9"
    assert "PHQ-9" in text(desk.get(f"{PLAN}rules/add/"))
    offered = text(desk.get(address))
    assert "Moderate or worse" in offered and "question 9: Several days or more" in offered
    assert (
        desk.post(address, {"condition": "x", "then": "gad-7", "after_days": "0"}).status_code
        == 422
    )
    sent = {"condition": "band:moderate", "then": "gad-7", "after_days": "3"}
    assert desk.post(address, sent).status_code == 302
    assert "3 days later" in text(desk.get(PLAN))
    back = {"condition": "cutoff", "then": "phq-9", "after_days": "0"}
    refused = desk.post(f"{PLAN}rules/add/?instrument=gad-7", back)
    assert refused.status_code == 422 and "GAD-7 → PHQ-9 → GAD-7" in text(refused)

    rule = Recheck.objects.get()
    desk.post(f"{PLAN}rules/{rule.pk}/end/")
    assert "Undo" in text(desk.get(PLAN))
    desk.post(f"{PLAN}rules/{rule.pk}/end/", {"ended": "off"})
    assert Recheck.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"when": "MONTH"}, "every month"),
        ({"when": "REVIEW", "sessions": "10"}, "every 10 sessions"),
        ({"when": "DATE", "on": "2190-01-05"}, "on a day"),
        ({"when": "DISCHARGE"}, "when care ends"),
        ({"when": "FOLLOW_UP", "weeks": ["13"]}, "3 months after care has ended"),
    ],
)
def test_every_schedule_is_set_for_one_client_shown_ended_and_undone(desk, mara, given, says):
    address = f"/desk/clients/{mara.pk}/measures/"
    assert desk.post(f"{address}ask/", {"instruments": ["phq-9"]} | given).status_code == 302
    rule = Ask.objects.get()
    shown = text(desk.get(address))
    assert says in shown
    assert ("next on" in shown) == (rule.next_at is not None)

    desk.post(f"{address}rules/{rule.pk}/end/")
    shown = text(desk.get(address))
    assert says not in shown and "Undo" in shown
    desk.post(f"{address}rules/{rule.pk}/end/", {"ended": "off"})
    assert says in text(desk.get(address))


def test_what_a_schedule_needs_is_said_at_its_field(desk, mara):
    address = f"/desk/clients/{mara.pk}/measures/ask/"
    for given, says in (
        ({"when": "FOLLOW_UP"}, "Choose how long after care has ended."),
        ({"when": "DATE"}, "Choose today or a day to come."),
        ({"when": "DATE", "on": "2020-01-01"}, "Choose today or a day to come."),
    ):
        answer = desk.post(address, {"instruments": ["phq-9"]} | given)
        assert answer.status_code == 422 and says in text(answer), given
    assert not Ask.objects.exists()


def test_why_it_was_asked_and_how_much_came_back_stand_on_the_page(desk, mara):
    now = time.now()
    rule = AnAsk(client=mara, occasion="INTAKE", ended_at=now, ended_why="DONE")
    AnAsk(client=mara, instrument="gad-7", occasion="FOLLOW_UP", count=13, ended_at=now,
          ended_why="NO_WORD")  # fmt: skip
    AnAsked(client=mara, rule=rule, expires_at=now + time.timedelta(days=1))
    AnAsked(client=mara, state="ANSWERED", closed_at=now)
    AnAsked(client=mara, expires_at=now)
    shown = text(desk.get(f"/desk/clients/{mara.pk}/measures/"))
    assert "when care begins" in shown and "1 of 2 questionnaires" in shown
    assert "no consent to follow-up is on file" in shown and "Ask after all" in shown
    assert Asked.objects.count() == 3


def test_reminders_are_set_shown_and_switched_off(desk):
    assert "Nobody is reminded" in text(desk.get(PLAN))
    assert desk.post(f"{PLAN}again/", {"most": "2", "days": "3"}).status_code == 302
    assert "at most 2 times, 3 days apart" in text(desk.get(PLAN))
    assert desk.post(f"{PLAN}again/", {"most": "8", "days": "3"}).status_code == 422
    desk.post(f"{PLAN}again/", {"most": "0", "days": "3"})
    assert "Nobody is reminded" in text(desk.get(PLAN))


def test_the_plan_takes_as_many_statements_for_forty_lines_as_for_two(desk):
    def counted():
        with CaptureQueriesContext(connection) as caught:
            desk.get(PLAN)
        return len(caught)

    APlanLine(), ARecheck(), desk.get(PLAN)
    few = counted()
    for number in range(38):
        APlanLine(instrument=f"some-{number}")
        ARecheck(then=f"some-{number}")
    assert counted() == few <= 13  # two of them of the bar, to an owner


def test_paper_is_keyed_twice_blind_and_what_differs_is_decided_on_a_page(desk, mara):
    address = f"/desk/clients/{mara.pk}/measures/"
    desk.post(f"{PLAN}twice/", {"twice": "on"})
    assert "Paper is keyed twice" in text(desk.get(PLAN))
    typed = {f"item-{n}": "1" for n in range(1, 10)}
    about = {"source": "PAPER", "answered_on": time.today().isoformat()}
    assert desk.post(f"{address}enter/?instrument=phq-9", typed | about).status_code == 302
    assert "On paper, not counted yet" in text(desk.get(address))
    keyed = Keyed.objects.get()

    blind = desk.get(f"{address}keyed/{keyed.pk}/again/").content.decode()
    assert 'value="1" checked' not in blind and "checked" in blind
    sent = typed | {"item-3": "2"}
    assert desk.post(f"{address}keyed/{keyed.pk}/again/", sent).status_code == 302
    decide = f"{address}keyed/{keyed.pk}/decide/"
    shown = text(desk.get(decide))
    assert "differ in 1 answer" in shown and "keyed the second time: Ana" in shown
    assert desk.post(decide, {}).status_code == 422 and not Sheet.objects.exists()
    assert desk.post(decide, {"3": "second"}).status_code == 302
    assert Sheet.objects.get().answers["3"] == 2
    assert "keyed twice" in text(desk.get(address))
    desk.post(f"{PLAN}twice/", {"twice": "off"})
    assert desk.post(f"{address}enter/?instrument=phq-9", typed | about).status_code == 302
    assert "keyed once" in text(desk.get(address))


def test_paper_of_another_version_leads_back_to_the_list_and_says_so(desk, mara):
    other = {"answers": {str(n): 2 for n in range(1, 11)}, "facts": {}}
    once = AKeyed(client=mara, version=7)
    differs = AKeyed(client=mara, version=7, state="DIFFERS", second=other, second_at=time.now())
    address = f"/desk/clients/{mara.pk}/measures/"
    for path in (f"keyed/{once.pk}/again/", f"keyed/{differs.pk}/decide/"):
        answer = desk.get(address + path, follow=True)
        assert answer.redirect_chain == [(address, 302)]
        assert "another version" in text(answer)


def test_the_plan_says_in_which_languages_a_line_asks_and_what_becomes_of_the_others(desk):
    page = text(desk.get(f"{PLAN}add/"))
    assert "In which language" in page and '<option value="de">German</option>' in page
    sent = {"instruments": ["gad-7", "phq-15"], "occasion": "INTAKE"}
    assert desk.post(f"{PLAN}add/", sent).status_code == 302
    shown = text(desk.get(PLAN))
    assert "words in English, German; whoever speaks another is asked in English" in shown
    assert "words in English alone: everybody is asked in it" in shown

    wrong = desk.post(f"{PLAN}add/", sent | {"language": "de"})
    assert wrong.status_code == 422
    assert "There are no words of PHQ-15 in this language." in text(wrong)
    assert desk.post(f"{PLAN}add/", sent | {"language": "xx"}).status_code == 422
    only = {"instruments": ["gad-7"], "occasion": "INTAKE", "language": "de"}
    assert desk.post(f"{PLAN}add/", only).status_code == 302
    assert "in German for everybody" in text(desk.get(PLAN))


def test_a_practice_of_another_language_asks_the_others_in_it(desk):
    Practice.objects.update(locale="de")
    APlanLine(instrument="gad-7")
    APlanLine(instrument="gone-from-the-library")
    shown = text(desk.get(PLAN))
    assert "whoever speaks another is asked in German" in shown
    assert shown.count("words in") == 1
