"""Answers: whatever is sent becomes one whole scored sheet, or words at the item."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core import events, policy
from rapport.core.models import AuditEntry
from rapport.core.policy import System
from rapport.people.models import Account
from rapport.progress.alerts import actions as alerts
from rapport.progress.measures import actions, instruments, links, queries, rules
from rapport.progress.models import Alert, Asked, Score, Sheet
from tests.factories import NOW, AnAccount, AnAsked, ClientOf, Colleague

pytestmark = pytest.mark.django_db

CALM = {str(n): 0 for n in range(1, 10)}
EVERY = [*instruments.with_words()]


@pytest.fixture
def mara():
    return ClientOf(care_team=[Colleague()])


@pytest.fixture
def asked(mara):
    return AnAsked(client=mara)


def holder(asked):
    return links.Holder(asked.pk)


def answer(asked, answers=CALM, by=None, **given):
    said = {"version": 1, "now": NOW} | given
    return actions.answer(by=by or holder(asked), asked=asked, answers=answers, **said)


def refused(asked, answers, **given):
    with pytest.raises(actions.CannotAnswer) as refusal:
        answer(asked, answers, **given)
    assert not Sheet.objects.exists() and not Score.objects.exists()
    return refusal.value.items


def test_a_sheet_its_score_and_the_end_of_the_asking_are_written_together(asked):
    sheet = answer(asked, CALM | {"1": 3, "2": 2})

    asked.refresh_from_db()
    stored = Sheet.objects.get(pk=sheet.pk)
    assert stored.answers == CALM | {"1": 3, "2": 2, "10": None}
    assert (stored.source, stored.answered_at, stored.asked_id) == ("CLIENT", NOW, asked.pk)
    assert (stored.score.status, stored.score.total_rounded, stored.score.band) == (
        "SCORED", 5, "mild"
    )  # fmt: skip
    assert (asked.state, asked.closed_at, asked.draft) == ("ANSWERED", NOW, {})


@pytest.mark.parametrize("wrong", [4, -1, 10**30, "2", "often", 1.0, True, [1], {"a": 1}, "n/a"])
def test_what_is_no_answer_is_refused_at_its_item(asked, wrong):
    assert refused(asked, CALM | {"3": wrong}) == {"3": "Choose one of the answers, or none."}


@pytest.mark.parametrize("item", ["11", "", "0", 1, None, "x" * 500])
def test_an_item_the_form_does_not_have_is_refused(asked, item):
    said = refused(asked, CALM | {item: 1})
    assert list(said.values()) == ["This questionnaire has no such question."]
    assert all(len(name) <= 20 for name in said)


def test_every_wrong_item_is_named_at_once(asked):
    assert set(refused(asked, CALM | {"1": 9, "2": "x", "99": 0})) == {"1", "2", "99"}


def test_an_empty_sheet_is_refused_in_words(asked):
    assert refused(asked, {}) == {"": "Answer at least one question."}
    assert refused(asked, dict.fromkeys(CALM)) == {"": "Answer at least one question."}


@pytest.mark.parametrize("version", [0, 2, None, "1"])
def test_answers_to_another_version_are_refused(asked, version):
    assert "another version" in refused(asked, CALM, version=version)[""]


def test_a_version_the_library_no_longer_has_is_refused(mara):
    old = AnAsked(client=mara, version=7)
    assert "has changed since" in refused(old, CALM, version=7)[""]
    gone = AnAsked(client=mara, instrument="no-such")
    assert "has changed since" in refused(gone, CALM)[""]


def test_handed_in_twice_it_is_one_sheet_and_the_first_answers_stand(asked):
    first = answer(asked)
    again = answer(asked, CALM | {"9": 3}, now=NOW + timedelta(seconds=1))

    assert again.pk == first.pk
    assert (Sheet.objects.count(), Score.objects.count(), Alert.objects.count()) == (1, 1, 0)
    assert again.answers["9"] == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"state": "WITHDRAWN"}, "no longer asked"),
        ({"expires_at": NOW}, "is over"),
    ],
)
def test_what_is_closed_takes_no_answers(asked, change, says):
    Asked.objects.filter(pk=asked.pk).update(**change)

    for go in (
        lambda: answer(asked),
        lambda: actions.keep(by=holder(asked), asked=asked, answers={"1": 1}, version=1, now=NOW),
        lambda: actions.begin(by=holder(asked), asked=asked, now=NOW),
    ):
        with pytest.raises(actions.Closed, match=says):
            go()
    assert not Sheet.objects.exists()


def test_another_link_answers_nothing(asked, mara):
    other = AnAsked(client=mara, instrument="gad-7")
    with pytest.raises(policy.Denied):
        answer(asked, by=holder(other))
    assert not Sheet.objects.exists()
    assert AuditEntry.objects.filter(verb="measure.answer", allowed=False).count() == 1


def test_the_client_answers_and_another_client_or_a_clinician_does_not(asked, mara):
    mara.account, noa = AnAccount(realm="PORTAL"), AnAccount(realm="PORTAL")
    mara.save()
    ClientOf(account=noa)
    for stranger in (noa, mara.care_team.get().staff.account):
        with pytest.raises(policy.Denied):
            answer(asked, by=Account.objects.get(pk=stranger.pk))

    assert answer(asked, by=Account.objects.get(pk=mara.account.pk)).client_id == mara.pk


def test_a_risky_answer_raises_its_alert_in_the_same_transaction(asked, monkeypatch):
    sheet = answer(asked, CALM | {"9": 1})
    alert = Alert.objects.get()
    assert (alert.sheet_id, alert.client_id, alert.rule) == (sheet.pk, asked.client_id, "self-harm")
    assert sheet.score.risk is True


def test_an_alert_that_cannot_be_raised_leaves_nothing_half_written(asked, monkeypatch):
    def broken(**_given):
        raise RuntimeError("the power went")

    monkeypatch.setattr(alerts, "raise_", broken)
    with pytest.raises(RuntimeError):
        answer(asked, CALM | {"9": 1})

    asked.refresh_from_db()
    assert asked.state == "OPEN"
    assert not (Sheet.objects.exists() or Score.objects.exists() or Alert.objects.exists())


def test_killed_before_the_last_statement_nothing_is_half_written(asked, monkeypatch):
    def killed(_fact):
        raise KeyboardInterrupt

    monkeypatch.setattr(actions, "announce", killed)
    with pytest.raises(KeyboardInterrupt):
        answer(asked, CALM | {"9": 2})

    asked.refresh_from_db()
    assert asked.state == "OPEN" and not (Sheet.objects.exists() or Alert.objects.exists())
    assert events.announce is not killed


def test_it_resumes_where_it_stopped_and_later_answers_replace_earlier_ones(asked):
    for number, some in ((1, {"1": 2}), (2, {"2": 3}), (3, {"1": 0})):
        actions.keep(
            by=holder(asked), asked=asked, answers=some, version=1,
            now=NOW + timedelta(minutes=number),
        )  # fmt: skip

    asked.refresh_from_db()
    assert asked.draft["answers"] == {"1": 0, "2": 3}
    assert asked.opened_at == NOW + timedelta(minutes=1)
    with pytest.raises(actions.CannotAnswer):
        actions.keep(by=holder(asked), asked=asked, answers={"1": 7}, version=1, now=NOW)


def test_whoever_sends_more_than_anybody_answers_is_told_to_wait_and_goes_on_later(asked):
    def keep(at):
        return actions.keep(by=holder(asked), asked=asked, answers={"1": 1}, version=1, now=at)

    Asked.objects.update(keeps=rules.MOST_AT_ONCE - 1, kept_at=NOW)
    keep(NOW)
    for seconds in (1, 59):
        with pytest.raises(actions.CannotAnswer, match="Wait a minute"):
            keep(NOW + timedelta(seconds=seconds))
    assert keep(NOW + timedelta(minutes=1)).keeps == 1
    assert keep(NOW + timedelta(minutes=1)).keeps == 2


def test_a_draft_lies_sealed_in_the_database(asked):
    from django.db import connection

    actions.keep(by=holder(asked), asked=asked, answers={"1": 2}, version=1, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT draft FROM progress_asked")
        assert b"answers" not in bytes(cursor.fetchone()[0])


def test_facts_are_taken_only_where_they_are_needed_and_known(mara):
    for instrument, facts, kept, above in (
        ("audit-c", {"sex": "female"}, {"sex": "female"}, True),
        ("audit-c", {"sex": "rather not say"}, {}, None),
        ("audit-c", {}, {}, None),
        ("phq-9", {"sex": "female", "shoe": "43"}, {}, False),
    ):
        asked = AnAsked(client=mara, instrument=instrument)
        items = instruments.get(instrument).content.key.values
        answers = dict.fromkeys(items, 0) | {"1": 1, "2": 1, "3": 1}
        sheet = answer(asked, answers, facts=facts)
        assert (sheet.facts, sheet.score.above_cutoff) == (kept, above), instrument


class Whole:
    """Every instrument with answers of any kind; scoring says what is right."""

    @staticmethod
    @st.composite
    def sheet(draw):
        key = instruments.get(draw(st.sampled_from(EVERY))).content.key
        values = {
            item: st.one_of(st.none(), st.sampled_from(key.values[item])) for item in key.values
        }
        some = draw(st.sets(st.sampled_from(sorted(values))))
        return key, {item: draw(values[item]) for item in some}


@given(Whole.sheet())
def test_any_subset_of_answers_fits_and_is_whole_or_names_what_is_missing(made):
    key, answers = made
    assert rules.wrong_in(key, answers) == {}
    whole = rules.tidy(key, answers)
    assert list(whole) == list(key.values)
    missing = rules.unanswered(key, whole)
    over = rules.passed_over(key, whole)
    assert {i for i in whole if whole[i] is None} == set(missing) | {
        i for i in over if whole[i] is None
    }


@given(st.data())
def test_what_a_form_sends_is_read_or_named_and_never_breaks(data):
    key = instruments.get(data.draw(st.sampled_from(EVERY))).content.key
    names = st.one_of(st.sampled_from(sorted(key.values)), st.text(max_size=5))
    typed = data.draw(st.dictionaries(names, st.lists(st.text(max_size=6), max_size=3), max_size=6))
    answers, wrong = rules.read(key, typed)
    assert set(rules.wrong_in(key, answers)) <= set(wrong)
    assert all(wrong.get(item) == "twice" for item, texts in typed.items()
               if len(texts) > 1 and len(item) <= 20)  # fmt: skip


@pytest.mark.parametrize("instrument", EVERY)
def test_any_number_of_answers_gives_a_score_or_a_clear_refusal(mara, instrument):
    form = instruments.get(instrument).content
    items = list(form.key.values)
    for many in range(len(items) + 1):
        asked = AnAsked(client=mara, instrument=instrument)
        given = {item: max(form.key.values[item]) for item in items[:many]}
        if not many:
            with pytest.raises(actions.CannotAnswer, match="at least one"):
                answer(asked, given)
            continue
        score = answer(asked, given).score
        none = score.status == "NOT_SCORABLE" or not form.has_total
        assert (score.total is None) == none


def test_the_program_reads_what_a_client_has_open(mara, asked):
    AnAsked(client=mara, instrument="gad-7", state="WITHDRAWN")
    AnAsked(client=mara, instrument="gad-2", way="DESK")
    AnAsked(client=mara, instrument="phq-2", expires_at=NOW)
    assert [one.pk for one in queries.open_for(client=mara, now=NOW)] == [asked.pk]
    waiting = queries.unanswered(by=System("test"), now=NOW)
    assert {one.instrument for one in waiting} == {"phq-9", "gad-2"}
