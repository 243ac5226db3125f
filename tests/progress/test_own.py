"""Licensed text, the practice's own questionnaires and a client's own items: asked and scored."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core.library import NotInLibrary
from rapport.core.policy import Denied
from rapport.people.export import record
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking, course, instruments
from rapport.progress.models import Alert, Ask, PracticeForm, PracticeVersion
from rapport.progress.own import actions, items, queries, typed
from rapport.progress.own.saying import CannotKeep
from rapport.web.desk.forms import schedules
from tests.factories import NOW, ClientOf, Colleague

from .held_here import SAID, asked_of, built, goal, licensed, question

LATER = NOW + timedelta(days=6)


@pytest.fixture
def olga(db):
    return Colleague(roles=["OWNER", "CLINICIAN"], display_name="Olga").account


def answered(client, ana, name, answers, now=NOW):
    put = asking.ask(by=ana.account, client=client, instruments=[name], way="LINK", now=now)
    one = put[0].asked
    return measures.answer(
        by=measures.BY, asked=one, answers=answers, version=one.version, now=now
    )  # fmt: skip


def test_typed_text_is_asked_and_scored_by_the_shell(olga, ana, mara):
    with pytest.raises(asking.CannotAsk):
        asking.ask(by=ana.account, client=mara, instruments=["isi"], way="LINK", now=NOW)
    version = licensed(olga)

    sheet = answered(mara, ana, "isi", dict.fromkeys("1234567", 2))
    assert (sheet.version, sheet.score.total_rounded, sheet.score.band) == (101, 14, "subthreshold")
    assert version.licence == {"held": True, "reference": "order 4711", "on": "2030-01-07"}
    assert "Typed" not in str(list(PracticeVersion.objects.values()))
    assert instruments.get("isi").words == {}  # what leaves the house asks for no more than this
    assert "Typed words" not in str(instruments.with_words())


def test_a_corrected_text_is_a_new_version_and_the_old_sheets_keep_theirs(olga, ana, mara):
    licensed(olga)
    assert licensed(olga).number == 101  # the same again
    old = answered(mara, ana, "isi", dict.fromkeys("1234567", 1))
    waits = asking.ask(by=ana.account, client=mara, instruments=["isi"], way="LINK", now=NOW)[0]
    licensed(olga, title="Sleep, once more")
    assert instruments.find("isi").content.version == 102
    first = instruments.find("isi", old.version)
    assert first.words["en"].title == "Sleep"
    measures.answer(by=measures.BY, asked=waits.asked, answers={"1": 4}, version=101, now=LATER)

    new = answered(mara, ana, "isi", dict.fromkeys("1234567", 3), now=LATER)
    found = course.of(by=ana.account, client=mara, instrument="isi")
    assert [one.current for one in found.points] == [False, True] and new.version == 102
    licensed(olga, title="Sleep: once more", same=True)
    licensed(olga, language="de")
    found = course.of(by=ana.account, client=mara, instrument="isi")
    assert [one.current for one in found.points] == [False, True]
    assert set(found.item.words) == {"en", "de"}


def test_text_that_does_not_fit_the_shell_is_refused_at_its_field(olga):
    wrong = {"items": {"1": "One", "2": "x" * 3000}, "answers": {"set-1": ["a", "a"]},
             "own": {"3": ["a", "b", "c", "d", "d"]}}  # fmt: skip
    with pytest.raises(CannotKeep) as refused:
        licensed(olga, **wrong)
    assert set(refused.value.fields) == {
        *(f"item-{n}" for n in (2, 3, 4, 5, 6, 7)), "answers-set-1", "own-3",
    }  # fmt: skip
    assert "0, 1, 2, 3, 4" in refused.value.fields["answers-set-1"]
    assert not PracticeForm.objects.exists()


def test_only_an_owner_types_text_and_builds(ana, olga):
    with pytest.raises(Denied):
        licensed(ana.account)
    with pytest.raises(Denied):
        actions.begin(by=ana.account, title="Mine", language="en", now=NOW)


def test_a_built_questionnaire_is_asked_scored_named_and_raises_an_alert(olga, ana, mara):
    choices = [[0, "never"], [1, "<b>often</b>"]]
    form = built(
        olga,
        question(kind="choice", answers=choices, part="Nights"),
        question(turned=True, part="Nights"),
        question(kind="yes-no", answers=[[0, "No"], [1, "Yes"]], counts=False, alert=1),
        question(kind="text", counts=False, ask_if=["3", ">=", 1]),
        question(kind="date", counts=False),
        bands=[[0, 5, "few"], [6, 11, "many"]],
    )
    item = instruments.find(form.code)
    assert form.code in instruments.to_ask(mara) and not item.content.validated
    answers = {"1": 1, "2": 0, "3": 1, "4": " secret words ", "5": "2030-01-06"}
    sheet = answered(mara, ana, form.code, answers)
    assert (sheet.score.total_rounded, sheet.score.band) == (11, "band-2")
    assert sheet.score.subscales["part-1"]["total_rounded"] == 11
    assert item.words["en"].bands["band-2"] == "many"
    assert sheet.answers["4"] == "secret words" and sheet.answers["5"] == "2030-01-06"
    alert = Alert.objects.get(client=mara)
    assert alert.rule == "own-3" and sheet.score.risk
    for table in ("progress_score", "progress_sheet", "core_auditentry"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            assert b"secret" not in b"".join(bytes(v) if isinstance(v, (bytes, memoryview))
                                             else str(v).encode()
                                             for row in cursor.fetchall() for v in row)  # fmt: skip


@pytest.mark.parametrize(
    "answers", [{"1": 5}, {"4": 3}, {"5": "31 February"}, {"4": "x" * 5000}, {"9": "x"}]
)
def test_answers_a_built_one_does_not_have_are_refused(olga, ana, mara, answers):
    form = built(
        olga, question(kind="choice", answers=[[0, "no"], [1, "yes"]]),
        question(), question(), question(kind="text", counts=False),
        question(kind="date", counts=False),
    )  # fmt: skip
    with pytest.raises(measures.CannotAnswer):
        answered(mara, ana, form.code, answers)


def test_what_was_answered_once_is_never_changed(olga, ana, mara):
    form = built(olga, question())
    answered(mara, ana, form.code, {"1": 3})
    before = instruments.find(form.code, 1)
    actions.put(by=olga, form=form, key="", question=question(text="Another"))
    assert actions.publish(by=olga, form=form, now=LATER).number == 2
    assert actions.publish(by=olga, form=form, now=LATER).number == 2  # the same draft again
    again = instruments.find(form.code, 1)
    assert again.words == before.words and len(instruments.find(form.code).content.items) == 2
    found = course.of(by=ana.account, client=mara, instrument=form.code)
    assert [one.current for one in found.points] == [False]


def test_without_a_score_answers_are_kept_and_nothing_is_added(olga, ana, mara):
    form = built(olga, question(kind="text", counts=False), scoring="none")
    sheet = answered(mara, ana, form.code, {"1": "Fine."})
    assert sheet.score.total is None and sheet.score.status == "SCORED"


def test_a_retired_one_is_asked_no_more_and_stays_readable(olga, ana, mara):
    form = built(olga, question())
    asking.set_rule(by=ana.account, client=mara, instruments=[form.code], now=NOW)
    answered(mara, ana, form.code, {"1": 3})
    actions.retire(by=olga, form=form, now=LATER)
    assert form.code not in instruments.to_ask() and instruments.find(form.code)
    assert Ask.objects.get().ended_at == LATER
    with pytest.raises(asking.CannotAsk):
        answered(mara, ana, form.code, {"1": 3})
    actions.reopen(by=olga, form=form)
    assert answered(mara, ana, form.code, {"1": 3}).version == 1
    twin = actions.copy(by=olga, form=form, now=LATER)
    assert twin.draft["title"] == "Copy of Sleep diary" and twin.code != form.code


def test_a_question_is_moved_taken_out_and_numbered_anew(olga):
    form = actions.begin(by=olga, title="Nights", language="en", now=NOW)
    for text in "abc":
        actions.put(by=olga, form=form, key="", question=question(text=text))
    actions.move(by=olga, form=form, key="1", to="down")
    actions.move(by=olga, form=form, key="3", to="up")
    row = actions.move(by=olga, form=form, key="2", to="out")
    assert [one["text"] for one in row.draft["questions"]] == ["c", "a"]
    actions.move(by=olga, form=form, key="9", to="out")
    row = actions.put(by=olga, form=form, key="", question=question(text="d"))
    assert row.draft["questions"][-1]["key"] == "4"  # a key is never given twice
    actions.put(by=olga, form=form, key="1", question=question(text="A"))
    assert actions.publish(by=olga, form=form, now=NOW).content["questions"][1]["text"] == "A"


def test_the_same_ids_in_another_practice_are_other_questionnaires():
    with pytest.raises(NotInLibrary):
        instruments.find("own-of-somebody-else")
    with pytest.raises(NotInLibrary):
        instruments.find("mine-of-somebody-else")


# One client's own -------------------------------------------------------------------------


def test_goals_come_to_a_t_score_by_their_weights(ana, mara):
    goals = [goal("Sleep", 2), goal("Work", 1), goal("Friends", 1)]
    form = items.set_items(
        by=ana.account, client=mara, kind="GOALS", items=goals, said=SAID, language="en", now=NOW
    )  # fmt: skip
    # by hand: sum(w x) = 2*1 + 1*0 + 1*(-1) = 1; sum(w^2) = 6; (sum w)^2 = 16;
    # T = 50 + 10 / sqrt(0.7 * 6 + 0.3 * 16) = 50 + 10 / 3 = 53.33
    sheet = answered(mara, ana, form.code, {"1": 3, "2": 2, "3": 1})
    assert sheet.score.total == pytest.approx(53.3333, abs=1e-4)
    assert sheet.score.total_rounded == 53
    assert instruments.find(form.code).content.span == (23, 77)
    open_ = answered(mara, ana, form.code, {"1": 3}, now=LATER)
    assert open_.score.total is None and open_.score.status == "NOT_SCORABLE"


def test_an_item_keeps_its_series_when_others_come_and_go(ana, mara):
    form = asked_of(mara, ana.account, "PROBLEMS", "Panic", "Quarrels")
    answered(mara, ana, form.code, {"1": 8, "2": 4})
    again = [{"text": "Panic", "key": "1"}, {"text": "Work"}]
    items.set_items(by=ana.account, client=mara, kind="PROBLEMS", items=again, said=SAID,
                    language="en", now=LATER)  # fmt: skip
    sheet = answered(mara, ana, form.code, {"1": 6, "3": 3}, now=LATER)
    assert sheet.score.total == 4.5 and sheet.version == 2
    found = course.of(by=ana.account, client=mara, instrument=form.code)
    assert [one.current for one in found.points] == [False, True]
    assert found.last.reliable is False and found.last.since_first is None
    assert not (found.instrument.cutoffs or found.instrument.norms or found.instrument.changes)


def test_one_clients_words_are_never_anothers(ana, mara):
    form = asked_of(mara, ana.account, "RATINGS", "Loneliness")
    noa = ClientOf(care_team=[ana], legal_name="Noa")
    assert form.code in instruments.to_ask(mara) and form.code not in instruments.to_ask(noa)
    with pytest.raises(asking.CannotAsk):
        asking.ask(by=ana.account, client=noa, instruments=[form.code], way="LINK", now=NOW)
    with pytest.raises(measures.CannotAnswer):
        measures.enter(
            by=ana.account, client=noa, instrument=form.code, version=1, answers={"1": 1},
            source="PAPER", answered_on=NOW.date(), now=NOW,
        )  # fmt: skip
    stranger = Colleague(display_name="Ben")
    with pytest.raises(Denied):
        asked_of(mara, stranger.account, "RATINGS", "Loneliness")
    with pytest.raises(type(form).DoesNotExist):
        queries.own_form(by=stranger.account, own_id=form.pk)


def test_an_ended_one_is_asked_no_more_and_another_can_begin(ana, mara):
    form = asked_of(mara, ana.account, "COMPLAINTS", "Panic")
    asking.set_rule(by=ana.account, client=mara, instruments=[form.code], now=NOW)
    items.end(by=ana.account, client=mara, form=form, now=LATER)
    assert Ask.objects.get().ended_at == LATER and form.code not in instruments.to_ask(mara)
    again = asked_of(mara, ana.account, "COMPLAINTS", "Panic")
    assert again.code != form.code


def test_wrong_items_are_refused_at_their_fields(ana, mara):
    couple = ClientOf(care_team=[ana], kind="COUPLE")
    for client, kind, texts, said, fields in (
        (couple, "RATINGS", ["a"], {}, {"text-1"}),
        (mara, "NONE", ["a"], {}, {"kind"}),
        (mara, "RATINGS", ["a", "A "], {}, {"text-2"}),
        (mara, "RATINGS", ["a"], {"scale": "1-5", "better": "x", "low_words": "x" * 300},
         {"scale", "better", "low_words"}),
    ):  # fmt: skip
        with pytest.raises(CannotKeep) as refused:
            asked_of(client, ana.account, kind, *texts, said=SAID | said)
        assert set(refused.value.fields) == fields


def test_a_page_that_names_nothing_of_this_asks_nothing_more(mara):
    with CaptureQueriesContext(connection) as said:
        instruments.find("phq-9")
        instruments.askable("gad-7")
        assert instruments.open_to("pcl-5", mara)
    assert len(said) == 0


def test_the_export_has_the_clients_words_and_no_licensed_ones(olga, ana, mara):
    licensed(olga)
    answered(mara, ana, "isi", dict.fromkeys("1234567", 2))
    asked_of(mara, ana.account, "RATINGS", "Loneliness")
    told = str([one.shown for one in record.collected(by=ana.account, client=mara)])
    assert "Loneliness" in told and "isi" in told
    assert "Typed words" not in told and not re.search(r"\b4711\b", told)


def words_for(shell):
    """Words for all of a shell's questions and answers."""
    content = instruments.get(shell).content
    sets = {name: [f"answer {value}" for value in values]
            for name, values in typed.sets(content).items()}  # fmt: skip
    items = {item.key: f"Question {item.key}" for item in content.items}
    return {"title": content.short, "items": items, "answers": sets}


ON_CONDITIONS = ["ace", "brs", "cbi", "cia", "core-om", "dass-42", "des-ii", "gbo", "itq", "olbi",
                 "proqol-5", "rses", "scoff", "swls", "wsas"]  # fmt: skip


@pytest.mark.parametrize("shell", ON_CONDITIONS)
def test_what_has_conditions_and_no_words_here_is_typed_in_asked_and_scored(olga, ana, mara, shell):
    licensed(olga, shell, **words_for(shell))
    content = instruments.find(shell).content
    highest = {item.key: max(content.values_of(item)) for item in content.items}

    sheet = answered(mara, ana, shell, highest)
    assert sheet.score.status == "SCORED"


def test_words_that_come_on_conditions_are_not_typed_in(olga):
    assert {"who-5", "audit", "dass-21"}.isdisjoint(typed.shells())


def test_an_interview_is_put_by_whoever_asks_and_never_sent(olga, ana, mara):
    name = "c-ssrs-screener"
    licensed(olga, name, **words_for(name))
    with pytest.raises(asking.CannotAsk, match="is an interview"):
        asking.ask(by=ana.account, client=mara, instruments=[name], way="LINK", now=NOW)
    assert name not in dict(schedules.all_forms(mara))

    sheet = measures.enter(
        by=ana.account, client=mara, instrument=name, version=101, source="INTERVIEW",
        answers={item.key: 0 for item in instruments.get(name).content.items}, facts={},
        answered_on=NOW.date(), now=NOW,
    )  # fmt: skip
    assert sheet.source == "INTERVIEW"
