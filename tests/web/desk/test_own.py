"""The desk's pages on which questionnaires are built, text is typed in, and items are set up."""

import re

import pytest

from rapport.core import time
from rapport.progress.measures import asking
from rapport.progress.models import ClientForm, PracticeForm, Sheet
from rapport.progress.own import actions
from tests.factories import NOW, APractice, ClientOf, Colleague
from tests.progress.held_here import ISI, built, question
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

OURS = "/desk/practice/questionnaires/"
RTL = "<b>هل نمت جيدًا؟</b>"


@pytest.fixture
def olga():
    APractice()
    return Colleague(roles=["OWNER", "CLINICIAN"], display_name="Olga")


@pytest.fixture
def desk(olga):
    return inside(olga.account)


@pytest.fixture
def mara(olga):
    return ClientOf(legal_name="Mara Lindgren", care_team=[olga])


def text(given):
    return given.content.decode()


def typed(**given):
    said = {"language": "en", "title": "Sleep", "intro": "", "held": "on", "reference": "order 7"}
    said |= {f"item-{key}": words for key, words in ISI["items"].items()}
    return said | {"answers-set-1": "none\nlittle\nsome\nmuch\nall"} | given


def settings(**given):
    return {
        "title": "Nights", "about": "", "note": "", "language": "en", "scoring": "sum",
        "better": "lower", "missing": "0", "bands": "", "do": "publish",
    } | given  # fmt: skip


def asked(**given):
    return {"kind": "choice", "text": RTL, "answers": "0 = no\n1 = <i>yes</i>", "counts": "on",
            "sign": ">=", "do": "keep"} | given  # fmt: skip


def begun(desk):
    made = desk.post(OURS, {"title": "Nights"})
    assert made.status_code == 302
    return PracticeForm.objects.get(), made["Location"]


def test_a_text_is_typed_in_on_one_page_and_what_is_wrong_stands_at_its_field(desk, mara):
    page = f"{OURS}text/isi/"
    assert "ISI" in text(desk.get(OURS)) and "Item 7" in text(desk.get(page))
    wrong = desk.post(page, typed(held="", **{"item-3": "", "item-5": "x" * 10_000}))
    assert wrong.status_code == 422
    shown = text(wrong)
    assert all(f'id="id_{name}_error"' in shown for name in ("held", "item-3", "item-5"))
    assert "Typed words 7" in shown and not PracticeForm.objects.get().versions.exists()
    assert "Typed words 7" in text(desk.get(page))  # kept as a draft

    assert desk.post(page, typed(do="keep")).status_code == 302
    assert desk.post(page, typed()).status_code == 302
    assert PracticeForm.objects.get().versions.get().number == 101
    shown = text(desk.get(page))
    assert "Version 101" in shown and "order 7" in shown and "Only slips of the pen" in shown
    assert "ISI: Sleep" in text(desk.get(f"/desk/clients/{mara.pk}/measures/ask/"))
    assert desk.get(f"{OURS}text/phq-9/").status_code == 404


def test_one_is_built_previewed_published_and_answered(desk, mara, olga):
    form, page = begun(desk)
    add = f"{page}questions/new/"
    assert desk.post(add, asked(do="another"))["Location"] == add
    desk.post(add, asked(kind="number", text="How long?", asks="1", value="1", alert="9",
                         low="short", part="Nights"))  # fmt: skip
    desk.post(add, asked(kind="text", text="What else?", counts="", section="At last"))
    shown = text(desk.get(page))
    assert "&lt;b&gt;" in shown and "<b>هل" not in shown and "raises an alert" in shown

    preview = f"{page}preview/"
    assert "هل نمت" in text(desk.get(preview))
    tapped = desk.post(preview, {"answer": "0"})["Location"]
    assert "What else?" in text(desk.get(tapped))  # the second is skipped
    assert "How long?" in text(desk.get(desk.post(preview, {"answer": "1"})["Location"]))

    assert desk.post(page, settings(bands="0-5 = few\n6-11 = many")).status_code == 302
    code = form.code
    put = asking.ask(by=olga.account, client=mara, instruments=[code], way="LINK", now=time.now())
    link, phone = put[0].path, inside(olga.account)
    for number, answer in enumerate(("1", "9", "Words of mine"), 1):
        said = {"answer": answer, "version": "1"}
        assert phone.post(f"{link}1/{number}/", said).status_code == 302
    assert phone.post(f"{link}1/check/", {"version": "1"}).status_code == 200
    sheet = Sheet.objects.get()
    shown = text(desk.get(f"/desk/measures/{sheet.pk}/"))
    assert "10, many" in shown and "Not validated" in shown and "Words of mine" in shown
    shown = text(desk.get(f"/desk/clients/{mara.pk}/course/{code}/"))
    assert "Not validated" in shown and "measurement error" not in shown
    assert "Answered once" in text(desk.get(page))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 10_000}, "text"),
        ({"answers": "0 = no\n0 = yes"}, "answers"),
        ({"answers": "0 = no\nyes"}, "answers"),
        ({"answers": ""}, "answers"),
        ({"alert": "7"}, "alert"),
        ({"alert": "often"}, "alert"),
        ({"asks": "1", "value": "5"}, "value"),
        ({"asks": "99"}, "asks"),
        ({"kind": "text"}, "counts"),
        ({"kind": "drawing"}, "kind"),
    ],
)
def test_a_question_that_cannot_be_is_refused_at_its_field(desk, given, field):
    form, page = begun(desk)
    actions.put(by=form.made_by, form=form, key="", question=question(
        kind="choice", answers=[[0, "no"], [1, "yes"]]))  # fmt: skip
    refused = desk.post(f"{page}questions/new/", asked(**given))
    assert refused.status_code == 422 and f'id="id_{field}_error"' in text(refused)
    assert len(PracticeForm.objects.get().draft["questions"]) == 1


def test_what_cannot_be_scored_is_not_published_and_nothing_is_lost(desk):
    _form, page = begun(desk)
    empty = desk.post(page, settings(about="Kept all the same"))
    assert empty.status_code == 422 and "Kept all the same" in text(desk.get(page))
    desk.post(f"{page}questions/new/", asked())
    for bands in ("0-0 = a", "0-1 = a\n1-1 = b", "0-0 = a\n2-3 = b", "nonsense"):
        refused = desk.post(page, settings(bands=bands))
        assert refused.status_code == 422 and 'id="id_bands_error"' in text(refused)
    assert 'id="id_missing_error"' in text(desk.post(page, settings(missing="1")))
    assert desk.get(f"{page}questions/77/").status_code == 404


def test_a_question_whose_condition_was_moved_away_is_told_of_at_the_question(desk):
    _form, page = begun(desk)
    desk.post(f"{page}questions/new/", asked())
    desk.post(f"{page}questions/new/", asked(text="Then?", asks="1", value="1"))
    desk.post(page, settings(do="up-2"))
    refused = desk.post(page, settings())
    assert refused.status_code == 422 and "comes later" in text(refused)
    assert "comes later" in text(desk.get(f"{page}preview/"))
    desk.post(page, settings(do="out-1"))
    assert "not there any more" in text(desk.post(page, settings()))


@pytest.mark.parametrize(
    "button",
    ["up-2", "down-1", "out-1", "back", "change-1", "change-new", "change-77", "preview", "copy",
     "retire", "reopen", "publish", "keep", "nonsense"],
)  # fmt: skip
def test_whichever_button_is_pressed_nothing_that_was_typed_is_lost(desk, button):
    _form, page = begun(desk)
    for words in ("First?", "Second?"):
        desk.post(f"{page}questions/new/", asked(text=words))
    typed_in = {"title": "Nights and days", "about": RTL, "note": "Breathe.", "bands": "0-2 = few"}

    assert desk.post(page, settings(**typed_in, do=button)).status_code == 302

    draft = PracticeForm.objects.get(pk=_form.pk).draft
    assert {name: draft[name] for name in ("title", "about", "note")} == {
        name: typed_in[name] for name in ("title", "about", "note")
    }
    shown = text(desk.get(page))
    assert 'value="Nights and days"' in shown and "0-2 = few" in shown


@pytest.mark.parametrize("button", ["up-2", "out-1", "change-1", "preview", "copy"])
def test_what_cannot_be_kept_stays_on_the_page_and_nothing_else_happens(desk, button):
    _form, page = begun(desk)
    for words in ("First?", "Second?"):
        desk.post(f"{page}questions/new/", asked(text=words))

    refused = desk.post(page, settings(title="", about="Long typed", bands="few", do=button))

    assert refused.status_code == 422
    shown = text(refused)
    assert "Long typed" in shown and ">\nfew</textarea>" in shown
    assert 'id="id_bands_error"' in shown
    assert [one["text"] for one in PracticeForm.objects.get().draft["questions"]] == [
        "First?", "Second?"
    ]  # fmt: skip


def test_a_question_that_was_taken_out_is_put_back_where_it_was(desk):
    _form, page = begun(desk)
    for words in ("First?", "Second?", "Third?"):
        desk.post(f"{page}questions/new/", asked(text=words))

    answer = desk.post(page, settings(do="out-2"), follow=True)
    assert "Taken out:" in text(answer) and "Put it back" in text(answer)
    for _click in range(2):  # twice puts it back once
        answer = desk.post(page, settings(do="back"), follow=True)
    assert "Put it back" not in text(answer)
    assert [one["text"] for one in PracticeForm.objects.get().draft["questions"]] == [
        "First?", "Second?", "Third?"
    ]  # fmt: skip

    desk.post(page, settings(do="out-2"))
    desk.post(page, settings(do="publish"))
    assert "Put it back" not in text(desk.get(page))


def test_it_is_copied_retired_and_asked_again(desk, olga):
    form = built(olga.account, question())
    page = f"{OURS}{form.pk}/"
    assert desk.post(page, settings(do="copy"))["Location"] != page
    assert "Copy of Nights" in text(desk.get(OURS))
    desk.post(page, settings(do="retire"))
    assert "Retired" in text(desk.get(page)) and "retired" in text(desk.get(OURS))
    desk.post(page, settings(do="reopen"))
    assert PracticeForm.objects.get(pk=form.pk).retired_at is None


def goals(**given):
    said = {}
    for n, name in enumerate(("Sleep", "Work"), 1):
        said |= {f"text-{n}": name, f"weight-{n}": "1"}
        said |= {f"level-{n}-{step}": f"{name} {step}" for step in range(5)}
    return said | given


def test_goals_are_set_up_asked_and_come_to_a_t_score(desk, mara, olga):
    page = f"/desk/clients/{mara.pk}/measures/own/goals/"
    assert "Goal 3" in text(desk.get(page))
    for wrong, field in (
        ({"weight-2": "0"}, "weight-2"), ({"level-1-2": ""}, "level-1-2"),
        ({"level-2-1": "Work 0"}, "level-2-1"), ({"text-2": "sleep"}, "text-2"),
        ({"text-1": RTL * 900}, "text-1"),
    ):  # fmt: skip
        refused = desk.post(page, goals(**wrong))
        assert refused.status_code == 422 and f'id="id_{field}_error"' in text(refused)
    assert desk.post(page, {"weight-1": "1"}).status_code == 422
    assert desk.post(page, goals()).status_code == 302
    code = ClientForm.objects.get().code
    enter = f"/desk/clients/{mara.pk}/measures/enter/?instrument={code}"
    day = {"source": "INTERVIEW", "answered_on": time.today().isoformat()}
    made = desk.post(enter, {**day, "item-1": "3", "item-2": "3"})
    # by hand: 50 + 10 * 2 / sqrt(0.7 * 2 + 0.3 * 4) = 62.4
    shown = text(desk.get(made["Location"]))
    assert "GAS: 62" in shown and "Kiresuk" in shown and "−" in shown
    shown = text(desk.get(f"/desk/clients/{mara.pk}/course/{code}/"))
    assert shown.count("<figure") == 3 and "Sleep: the latest is 1." in shown
    assert "cut-off" not in shown


def test_an_item_is_dropped_and_its_series_stays(desk, mara, olga):
    page = f"/desk/clients/{mara.pk}/measures/own/problems/"
    said = {"scale": "1-7", "better": "lower", "text-1": "Panic", "text-2": RTL}
    desk.post(page, said)
    code = ClientForm.objects.get().code
    asking.ask(by=olga.account, client=mara, instruments=[code], way="DESK", now=NOW)
    enter = f"/desk/clients/{mara.pk}/measures/enter/?instrument={code}"
    day = {"source": "PAPER", "answered_on": time.today().isoformat()}
    desk.post(enter, {**day, "item-1": "6", "item-2": "3"})
    shown = text(desk.get(page))
    assert 'value="1-7" id="id_scale_1" checked' in shown or "checked" in shown
    desk.post(page, said | {"key-1": "1", "text-1": "", "key-2": "2"})
    shown = text(desk.get(f"/desk/clients/{mara.pk}/course/{code}/"))
    assert "asked no more" in shown and "&lt;b&gt;" in shown and "4.5" in shown
    noa = ClientOf(care_team=[olga])
    other = desk.get(f"/desk/clients/{noa.pk}/measures/enter/?instrument={code}")
    assert "Which questionnaire" in text(other) and code not in text(other)
    desk.post(f"{page}end/")
    assert ClientForm.objects.get().ended_at is not None
    assert desk.get(f"/desk/clients/{mara.pk}/measures/own/poems/").status_code == 404


def test_what_is_needed_is_not_called_optional(desk):
    page = desk.get("/desk/practice/questionnaires/").content.decode()
    (label,) = re.findall(r'<label for="id_title">.*?</label>', page)
    assert "optional" not in label
