"""The lists a practice keeps: how people heard of it, and who sends and takes them."""

import pytest

from rapport.contact.models import Source
from rapport.contact.referrers import actions, queries
from rapport.contact.referrers.actions import CannotList
from rapport.core.policy import Denied
from tests.factories import NOW, AReferrer

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def test_a_colleague_is_found_by_name_and_speciality(house):
    rosa = AReferrer(name="Dr. Rosa Amaral", specialities="Couples, Portuguese")
    for text, fits in [("amaral", True), ("couples", True), ("rosa port", True), ("", True),
                       ("children", False)]:  # fmt: skip
        assert queries.suits(rosa, text) is fits


def test_whether_they_take_people_has_its_day(house):
    by = house.fay.account
    rosa = actions.add_referrer(by=by, now=NOW, name=" Rosa  Amaral ", specialities="a  b",
                                  takes="UNKNOWN")  # fmt: skip
    assert (rosa.name, rosa.specialities, rosa.asked_on) == ("Rosa Amaral", "a b", None)

    actions.change_referrer(by=by, referrer=rosa, now=NOW, name="Rosa Amaral", takes="NO")
    assert (rosa.takes, rosa.asked_on) == ("NO", TODAY)
    actions.close_referrer(by=by, referrer=rosa, on=TODAY)
    assert list(queries.referrers(by=by)) == []
    assert list(queries.referrers(by=by, closed=True)) == [rosa]


def test_the_list_of_sources_is_the_practices_own(house):
    by = house.olga.account
    assert len(actions.add_usual(by=by)) == 7
    assert actions.add_usual(by=by) == []
    ours = actions.add_source(by=by, name="Radio")
    assert list(queries.sources(by=by))[-1] == ours
    with pytest.raises(CannotList, match="already"):
        actions.add_source(by=by, name="Radio")
    for name in ("", "x" * 81):
        with pytest.raises(CannotList):
            actions.add_source(by=by, name=name)

    actions.close_source(by=by, source=ours, on=TODAY)
    assert ours not in queries.sources(by=by)
    with pytest.raises(Denied):
        actions.add_source(by=house.ana.account, name="Fair")
    assert Source.objects.count() == 8
