"""By which published number change is judged: the first, unless a practice chose another."""

from datetime import timedelta

import pytest

from rapport.core.policy import Denied
from rapport.progress.chosen import actions, queries, rules
from rapport.progress.measures import course, instruments
from rapport.progress.measures.published import NormOf
from rapport.progress.models import Choice
from tests.factories import NOW, AScore, ASheet, ClientOf, Colleague

PCL = instruments.get("pcl-5").content
PHQ = instruments.get("phq-9").content
LATER = NOW + timedelta(days=1)


def test_every_number_a_change_can_be_judged_by_is_there_to_choose():
    assert list(rules.options(PCL)) == ["change:va", "change:va-second", "change:nhs"]
    assert list(rules.options(PHQ)) == ["change:nhs", "norm:nhs-start", "norm:german-population"]
    assert rules.is_open(PCL) and not rules.is_open(instruments.get("phq-2").content)


def test_what_is_chosen_stands_first_and_the_others_beside_it():
    assert [one.name for one in rules.by(PCL, "change:nhs").changes][:1] == ["nhs"]
    assert len(rules.by(PCL, "change:nhs").changes) == len(PCL.changes)
    by_norm = rules.by(PHQ, "norm:german-population")
    assert [one.name for one in by_norm.norms] == ["german-population", "nhs-start"]
    assert all(one.means != "reliable" for one in by_norm.changes)
    assert isinstance(rules.options(PHQ)["norm:nhs-start"], NormOf)


@pytest.mark.parametrize("what", ["", "change:gone", "norm:nhs-start"])
def test_a_number_the_file_has_no_more_changes_nothing(what):
    assert rules.by(PCL, what) is PCL
    assert rules.by(rules.by(PCL, "change:nhs"), "change:va").changes[0].name == "nhs"


@pytest.mark.django_db
def test_an_owners_choice_judges_every_course_and_the_one_before_is_kept():
    olga, ana = Colleague(roles=["OWNER"]), Colleague()
    mara = ClientOf(care_team=[ana])
    for days, total in ((0, 50), (7, 38)):
        sheet = ASheet(client=mara, instrument="pcl-5", answered_at=NOW + timedelta(days=days))
        AScore(sheet=sheet, instrument="pcl-5", total=total, total_rounded=total, band="")

    def reliable():
        found = course.of(by=ana.account, client=mara, instrument="pcl-5")
        return found.last.since_first.reliable, found.last.since_first.published.name

    assert reliable() == (False, "va")
    actions.choose(by=olga.account, instrument="pcl-5", what="change:nhs", now=NOW)
    assert reliable() == (True, "nhs")
    actions.choose(by=olga.account, instrument="pcl-5", what="change:va-second", now=LATER)

    assert reliable() == (False, "va-second")
    (one,) = [one for one in queries.listed(by=olga.account) if one.form.id == "pcl-5"]
    assert (one.now, [row.what for row in one.history]) == (
        "change:va-second", ["change:va-second", "change:nhs"],
    )  # fmt: skip
    assert queries.every() == {"pcl-5": "change:va-second"}


@pytest.mark.django_db
def test_what_is_not_there_and_who_may_not_are_refused():
    olga, ana = Colleague(roles=["OWNER"]), Colleague()
    for instrument, what in (("none", "change:nhs"), ("pcl-5", "change:none")):
        with pytest.raises(actions.CannotChoose):
            actions.choose(by=olga.account, instrument=instrument, what=what, now=NOW)
    with pytest.raises(Denied):
        actions.choose(by=ana.account, instrument="pcl-5", what="change:nhs", now=NOW)
    assert not Choice.objects.exists()
