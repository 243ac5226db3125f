"""The practice's pages about its questionnaires: packs on conditions, and what judges change."""

import pytest

from rapport.core import time
from rapport.progress.models import Acceptance, Choice
from rapport.progress.packs import actions as packs
from tests.factories import NOW, APlace, APractice, AScore, ASheet, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
CORE = "/desk/practice/packs/core/"


@pytest.fixture(autouse=True)
def nine_o_clock():
    APractice()
    with time.at(NOW):
        yield


@pytest.fixture
def olga():
    return Colleague(roles=["OWNER", "CLINICIAN"], at=[APlace()], display_name="Olga Lind")


@pytest.fixture
def page(olga):
    return inside(olga.account)


def accept(page, address=CORE, **given):
    return page.post(address, {"use": "FREE", "version": "1", "read": "on"} | given)


def test_a_pack_is_read_accepted_and_withdrawn(page, olga):
    mara = ClientOf(care_team=[olga])
    ask = f"/desk/clients/{mara.pk}/measures/ask/"
    assert "CORE-10" not in page.get(ask).content.decode()
    assert "no change, no shortening" in page.get(CORE).content.decode()

    assert accept(page).status_code == 302

    text = page.get("/desk/practice/packs/").content.decode()
    assert "Accepted by Olga Lind on" in text and "version 1 of the conditions" in text
    assert "CORE-10" in page.get(ask).content.decode()
    assert page.post(f"{CORE}withdraw/").status_code == 302
    assert page.post(f"{CORE}withdraw/").status_code == 302  # sent twice
    text = page.get("/desk/practice/packs/").content.decode()
    assert "ended by Olga Lind" in text
    assert "CORE-10" not in page.get(ask).content.decode()


@pytest.mark.parametrize(
    "address, given, told",
    [(CORE, {"read": ""}, "Accept the conditions, or leave the pack off."),
     (CORE, {"version": "9"}, "have changed since"),
     (CORE, {"use": "FUN"}, "Select a valid choice"),
     ("/desk/practice/packs/audit/", {"use": "PAID"}, "who permitted it and when")],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    page, address, given, told
):
    answer = accept(page, address, **{"permission": ""} | given)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Acceptance.objects.exists()


def test_conditions_that_changed_are_told_and_an_unknown_pack_is_not_there(page, olga):
    packs.accept(by=olga.account, pack="core", version=1, use="FREE", now=NOW)
    Acceptance.objects.update(version=0)

    assert "the conditions have changed" in page.get("/desk/practice/packs/").content.decode()
    assert "nothing of this is asked" in page.get(CORE).content.decode()
    assert page.get("/desk/practice/packs/none/").status_code == 404
    assert page.post("/desk/practice/packs/none/withdraw/").status_code == 404


def test_another_number_is_chosen_and_the_page_says_by_whom(page):
    address = "/desk/practice/change/pcl-5/"
    assert "15 points or more" in page.get(address).content.decode()
    wanted = {"method": "published", "ends": "1", "cutoff": "va"}

    assert page.post(address, wanted | {"change": "change:none"}).status_code == 422
    assert page.post(address, wanted | {"change": "change:nhs"}).status_code == 302

    assert Choice.objects.get().what == "change:nhs"
    text = page.get("/desk/practice/change/").content.decode()
    assert "Olga Lind" in text and "in use" in text
    assert page.get("/desk/practice/change/gad-2/").status_code == 404


def test_method_confidence_scores_and_cut_off_are_chosen_and_what_does_not_go_is_said(page):
    address = "/desk/practice/change/phq-9/"
    text = page.get(address).content.decode()
    for said in (
        "Edwards &amp; Nunnally", "standard deviation 5.5, reliability 0.84", "95 %", "8 or more",
        "mean of the first two scores", "no group that answered twice without treatment",
    ):  # fmt: skip
        assert said in text, said
    wanted = {
        "method": "edwards-nunnally", "change": "change:nhs", "norm": "norm:nhs-start",
        "level": "90", "ends": "2", "cutoff": "sensitive",
    }  # fmt: skip

    refused = page.post(address, wanted)
    assert refused.status_code == 422
    assert "for the other methods nobody published how" in refused.content.decode()
    assert page.post(address, wanted | {"method": "regression-based"}).status_code == 422
    assert not Choice.objects.exists()
    assert page.post(address, wanted | {"ends": "1"}).status_code == 302

    row = Choice.objects.get()
    assert (row.method, row.what, row.level, row.ends, row.cutoff) == (
        "edwards-nunnally", "norm:nhs-start", 90, 1, "sensitive",
    )  # fmt: skip
    text = page.get("/desk/practice/change/").content.decode()
    assert "Method: Edwards &amp; Nunnally; 90 %" in text
    again = page.get(address).content.decode()
    assert 'value="edwards-nunnally"' in again and 'value="sensitive"' in again


def test_a_form_with_several_cut_offs_and_no_change_offers_these_alone(page):
    address = "/desk/practice/change/phq-2/"
    text = page.get(address).content.decode()
    assert "Cut-off" in text and 'name="method"' not in text and 'name="level"' not in text
    assert page.post(address, {"cutoff": "sensitive"}).status_code == 302
    assert (Choice.objects.get().what, Choice.objects.get().cutoff) == ("", "sensitive")


def test_a_mean_stands_with_its_decimals_and_a_form_without_a_total_with_its_parts(page, olga):
    mara = ClientOf(care_team=[olga])
    pack = {"version": 1, "use": "FREE", "now": NOW}
    packs.accept(by=olga.account, pack="dass", **pack)
    enter = f"/desk/clients/{mara.pk}/measures/enter/?instrument="
    whole = {"source": "PAPER", "answered_on": "2030-01-07"}
    dass = {f"item-{n}": "1" for n in range(1, 22)}
    answer = page.post(f"{enter}dass-21", whole | dass, follow=True)
    text = answer.content.decode()

    assert "Depression 14, moderate" in text and "© " not in text
    assert "not counted" not in text
    assert "2 × (1 + 1 + 1 + 1 + 1 + 1 + 1) =</bdi> 14" in text
    assert "www2.psy.unsw.edu.au/dass" in text
    feedback = {"item-1": "3", "item-2": "2", "item-3": "3", "item-4": "0"}
    answer = page.post(f"{enter}session-feedback", whole | feedback, follow=True)
    assert "Not validated" in answer.content.decode()
    assert "CC0" in page.get(f"{enter}session-feedback").content.decode()


def test_a_mean_is_read_to_its_decimals(page, olga):
    mara = ClientOf(care_team=[olga])
    sheet = ASheet(client=mara, instrument="brs", answers={str(n): 3 for n in range(1, 7)})
    AScore(sheet=sheet, instrument="brs", total=2.8333333, total_rounded=2.83, band="low")

    assert "2.83" in page.get(f"/desk/clients/{mara.pk}/measures/").content.decode()
