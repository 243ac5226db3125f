"""A group the practice enters, from its page to the verdicts of its clients."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from rapport.core import time
from rapport.core.policy import System
from rapport.progress.extract import making
from rapport.progress.models import Choice, ComparisonGroup, ComparisonVersion
from rapport.progress.outcomes import queries as outcomes
from tests.factories import (
    NOW,
    AConsent,
    AnEpisode,
    AnInformant,
    APlace,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.progress.grouped_here import TREATED, WAITED, entered
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
GROUPS = "/desk/practice/change/phq-9/groups/"
CHOOSE = "/desk/practice/change/phq-9/"


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def olga():
    return Colleague(roles=["OWNER", "CLINICIAN"], at=[APlace()], display_name="Olga Lind")


@pytest.fixture
def mara(olga):
    return ClientOf(care_team=[olga])


@pytest.fixture
def page(olga):
    return inside(olga.account)


def scored(client, *totals, form="phq-9", **more):
    for weeks, total in zip(range(len(totals), 0, -1), totals, strict=True):
        day = NOW - timedelta(weeks=weeks)
        sheet = ASheet(client=client, instrument=form, answered_at=day, **more)
        AScore(sheet=sheet, instrument=form, total=total, total_rounded=total, band="")


def seen(page, address):
    return page.get(address).content.decode()


def enter(page, address=GROUPS, *, treated="no", **more):
    given = TREATED if treated == "yes" else WAITED
    return page.post(address, given | {"treated": treated} | more, follow=True)


def choose(page, method, address=CHOOSE, **more):
    (version,) = ComparisonVersion.objects.filter(number=1)
    sent = {"method": method, "group": f"group:own-{version.pk}", "change": "change:nhs",
            "norm": "norm:nhs-start", "level": "95", "ends": "1",
            "cutoff": "developers"} | more  # fmt: skip
    return page.post(address, sent)


@pytest.mark.parametrize(
    ("method", "treated", "name", "steps"),
    [
        ("regression-based", "no", "Crawford &amp; Garthwaite", [
            "b = r × SD₂ / SD₁ = 0.75 × 4 / 5 = 0.60",
            "M₂ + b × (x₁ − M₁) = 15 + 0.60 × (20 − 16) = 17.40",
            "4 × √((1 − 0.75²) × 26 / 25) = 2.70",
            "2.70 × √(1 + 1/27 + (20 − 16)² / (5² × 26)) = 2.78",
            "t(25) = ± 2.06", "(12 − 17.40) / 2.78 = -1.94", "from 11.7 to 23.1 nothing changed",
        ]),
        ("practice-corrected", "no", "Chelune", [
            "x₁ + (M₂ − M₁) = 20 + (15 − 16) = 19.00", "√2 × 5 × √(1 − 0.75) = 3.54",
            "(12 − 19.00) / 3.54 = -1.98", "from 12.1 to 25.9 nothing changed",
        ]),
        ("hageman-arrindell", "yes", "Hageman &amp; Arrindell", [
            "SE = SD₁ × √(1 − r₁) = 5 × √(1 − 0.84) = 2.00",
            "√(5² + 5² − 2 × 5 × 5 × 0.4) = 5.48",
            "R = 1 − 2 × SE² / SD² = 1 − 2 × 2.00² / 5.48² = 0.73",
            "20 − (10 − 16) × (1 − 0.73) / 0.73 = 22.18", "√2 × 2.00 / √0.73 = 3.30",
            "(12 − 22.18) / 3.30 = -3.08", "from 16.7 to 27.6 nothing changed",
        ]),
    ],
    ids=["regression-based", "practice-corrected", "hageman-arrindell"],
)  # fmt: skip
def test_from_the_group_to_the_arithmetic_of_a_client(page, mara, method, treated, name, steps):
    """The same numbers by hand in tests/progress/test_groups.py."""
    scored(mara, 20, 12)
    assert enter(page, treated=treated).status_code == 200
    assert choose(page, method).status_code == 302
    who = (TREATED if treated == "yes" else WAITED)["people"]
    for address in ("course/phq-9/", "picture/"):
        text = seen(page, f"/desk/clients/{mara.pk}/{address}")
        assert (
            f"Method: {name}; 95 %" in text and who in text and "Invented (2014), table 2" in text
        )
    course = seen(page, f"/desk/clients/{mara.pk}/course/phq-9/")
    for step in (*steps, "entered by the practice"):
        assert step in course, step
    assert ("27 people" if treated == "no" else "80 people") in course
    changed = method != "regression-based"
    assert ("more than chance" in seen(page, f"/desk/clients/{mara.pk}/measures/")) is changed


def test_all_methods_stand_beside_each_other_before_one_is_chosen(page, olga, mara):
    scored(mara, 20, 12)
    address = f"/desk/clients/{mara.pk}/course/phq-9/"
    text = seen(page, address)
    assert "Not possible here" in text and "neither the file nor the practice has one" in text
    assert GROUPS in text
    entered(olga.account)
    entered(olga.account, treated=True)
    text = seen(page, address)
    assert "Not possible here" not in text and "Enter a group" not in text
    for said in ("11.7 to 23.1", "12.1 to 25.9", "16.7 to 27.6", "6 weeks apart", "90 days apart",
                 "They do not agree: 9 of 10 say"):  # fmt: skip
        assert said in text, said
    assert "Method: A published number of points" in text


def test_who_may_not_enter_one_reads_who_may():
    ana = Colleague()
    other = ClientOf(care_team=[ana])
    scored(other, 20, 12)
    browser = inside(ana.account)
    text = seen(browser, f"/desk/clients/{other.pk}/course/phq-9/")
    assert "An owner of the practice can enter such a group" in text and GROUPS not in text
    assert "Enter the group" not in seen(browser, GROUPS)
    assert browser.post(GROUPS, WAITED | {"treated": "no"}).status_code == 404
    assert not ComparisonGroup.objects.exists()


def test_what_nothing_is_known_of_says_so_and_leads_to_the_groups(page, olga, mara):
    scored(mara, 5, 1, form="gad-2")
    address = f"/desk/clients/{mara.pk}/course/gad-2/"
    text = seen(page, address)
    assert "Nothing is known to judge this change by." in text
    assert "/desk/practice/change/gad-2/groups/" in text
    assert '"/desk/practice/change/gad-2/"' not in text
    assert "/desk/practice/change/gad-2/groups/" in seen(page, "/desk/practice/change/")
    gad = {"earlier_mean": "3", "earlier_sd": "1.5", "later_mean": "3", "later_sd": "1.5"}
    enter(page, "/desk/practice/change/gad-2/groups/", correlation="0.5", **gad)
    choice = "/desk/practice/change/gad-2/"
    assert "None: change is not judged" in seen(page, choice)
    assert choose(page, "practice-corrected", choice, cutoff="").status_code == 302
    # error sqrt(2) x 1.5 x sqrt(.5) = 1.5: 5 - 2.94 = 2.06
    assert "Method: Chelune; 95 %" in seen(page, address)
    assert "more than measurement error explains" in seen(page, address)
    with time.at(NOW + timedelta(minutes=2)):
        assert choose(page, "", choice, cutoff="").status_code == 302
    assert "Method: Chelune" not in seen(page, address)


@pytest.mark.parametrize("read_from", ["rows", "columns"])
def test_the_caseload_and_the_outcomes_go_by_the_group(page, olga, monkeypatch, read_from):
    """From 8 to 14: published 6. By Chelune 7 + 6.93 = 13.93 in a group whose mean fell by one."""
    if read_from == "columns":
        monkeypatch.setattr(outcomes, "_extract", lambda: making.make(by=System("cron"), now=NOW))
    enter(page)
    place = olga.places.first()
    for _ in range(12):
        client = ClientOf(place=place)
        AnEpisode(client=client, responsible=olga, close_reason="COMPLETED",
                  opened_on=date(2029, 6, 1), closed_on=date(2029, 12, 20))  # fmt: skip
        for days, total in ((0, 20), (10, 13)):
            at = datetime(2029, 6, 4, 12, tzinfo=UTC) + timedelta(days=days)
            AScore(sheet=ASheet(client=client, answered_at=at), total=total, total_rounded=total,
                   above_cutoff=True)  # fmt: skip
    now = ClientOf(care_team=[olga])
    scored(now, 8, 14)

    def became():
        text = page.get("/desk/outcomes/table/").content.decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(text))
        return int(row["improved"]), int(row["unchanged"])

    assert became() == (12, 0)
    choose(page, "practice-corrected")
    assert became() == (0, 12)  # 12.07 and below
    text = seen(page, "/desk/outcomes/")
    assert "Chelune · 95 %" in text and "27 people" in text and "Invented (2014), table 2" in text
    assert "errs (Chelune, 95 %)" in seen(page, "/desk/caseload/")


def test_others_who_answer_are_not_judged_by_a_group_of_clients(page, olga, mara):
    enter(page)
    choose(page, "practice-corrected")
    AConsent(client=mara, kind="OTHERS")
    partner = AnInformant(client=mara, by_role=False, kind="PARTNER")
    scored(mara, 20, 2, informant=partner)
    text = seen(page, f"/desk/clients/{mara.pk}/course/phq-9/")
    assert "Chelune" not in text and "measurement error explains" not in text


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(page):
    answer = enter(page, people="Somebody <b>", earlier_sd="25", later_mean="28", correlation="2",
                   n="2", source="")  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422 and not ComparisonGroup.objects.exists()
    for said in ("Is it a variance?", "go from 0 to 27", "above −1 and below 1", "from 3 to 100000",
                 "Write something here.", "Somebody &lt;b&gt;", 'value="25"'):  # fmt: skip
        assert said in text, said
    assert enter(page, treated="").status_code == 422
    assert enter(page, treated="yes", reliability="0.2").status_code == 422
    assert enter(page, unit="years").status_code == 422
    assert not ComparisonGroup.objects.exists()


def test_all_that_is_wrong_is_said_at_once_where_it_is_not_said_whether_they_were_treated(page):
    answer = enter(page, treated="", earlier_mean="28", n="two", people="Anybody")
    words = answer.content.decode()
    assert answer.status_code == 422 and "Anybody" in words
    for name in ("treated", "earlier_mean", "n"):
        assert f'id="id_{name}_error"' in words, name
    assert 'id="id_later_mean_error"' not in words


def test_a_correction_is_another_version_and_the_choice_says_since_when(page, olga, mara):
    scored(mara, 20, 12)
    enter(page)
    choose(page, "regression-based", level="90")
    group = ComparisonGroup.objects.get()
    address = f"/desk/practice/groups/{group.pk}/"
    assert "all scores are judged anew" in seen(page, address) and ">Seen<" not in seen(
        page, address
    )
    sent = WAITED | {"seen": "1", "later_sd": "8"}

    assert page.post(address, sent | {"later_sd": "0"}).status_code == 422
    with time.at(NOW + timedelta(minutes=2)):
        assert page.post(address, sent).status_code == 302
        refused = page.post(address, sent)

    assert refused.status_code == 422 and "in the meantime" in refused.content.decode()
    text = seen(page, address)
    assert "as above" in text and "second mean 15, standard deviation 4" in text
    assert text.count("Olga Lind") >= 2
    assert Choice.objects.count() == 2
    history = seen(page, "/desk/practice/change/")
    assert "standard deviation 4; correlation" in history.replace(", correlation", "; correlation")
    assert "group:own" not in history
    assert "standard deviation 8" in seen(page, f"/desk/clients/{mara.pk}/course/phq-9/")


def test_a_group_ends_and_is_offered_again(page, olga):
    enter(page)
    group = ComparisonGroup.objects.get()
    address = f"/desk/practice/groups/{group.pk}/"
    choose(page, "regression-based")
    text = page.post(f"{address}act/", {"do": "end"}, follow=True).content.decode()
    assert "Choose another method or group first." in text
    with time.at(NOW + timedelta(minutes=2)):
        choose(page, "published")
    text = page.post(f"{address}act/", {"do": "end"}, follow=True).content.decode()
    assert "Ended on" in text and "Correct the figures" not in text
    assert "group:own" not in seen(page, CHOOSE)
    assert "ended" in seen(page, GROUPS)
    text = page.post(f"{address}act/", {"do": "reopen"}, follow=True).content.decode()
    assert "Offered." in text and "group:own" in seen(page, CHOOSE)
    assert page.post(f"{address}act/", {}).status_code == 302


def test_a_group_of_another_version_says_why_it_is_not_offered(page, olga):
    version = entered(olga.account)
    ComparisonVersion.objects.update(form_version=7)
    assert "whose points may count" in seen(page, f"/desk/practice/groups/{version.group.pk}/")
    assert "of another version" in seen(page, GROUPS)
    assert "group:own" not in seen(page, CHOOSE)


def test_a_group_that_does_not_go_with_the_method_is_said_at_the_group(page):
    enter(page)
    enter(page, treated="yes")
    waited = ComparisonVersion.objects.get(group__treated=False)
    sent = {"method": "hageman-arrindell", "group": f"group:own-{waited.pk}", "level": "95",
            "change": "change:nhs", "norm": "norm:nhs-start", "ends": "1",
            "cutoff": "developers"}  # fmt: skip
    answer = page.post(CHOOSE, sent)
    assert answer.status_code == 422 and "does not go with the method" in answer.content.decode()
    assert not Choice.objects.exists()


@pytest.mark.parametrize("name", ["none", "dass-21", "phq-9_none"])
def test_what_has_no_total_has_no_groups(page, name):
    assert page.get(f"/desk/practice/change/{name}/groups/").status_code == 404


@pytest.mark.parametrize("name", ["asrs-v1.1-screener", "dass-21_depression"])
def test_any_other_has(page, name):
    assert page.get(f"/desk/practice/change/{name}/groups/").status_code == 200


def test_a_group_whose_answers_do_not_go_together_is_for_one_method_alone(page):
    enter(page, correlation="-0.3")
    text = seen(page, CHOOSE)
    assert "In no group that answered twice without treatment do the two answers go" in text
    assert "For: Crawford &amp; Garthwaite<" in seen(page, GROUPS)
    assert choose(page, "practice-corrected").status_code == 422
