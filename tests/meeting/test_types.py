"""What the practice offers: what a type may say, who may book it, in which order."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.core.policy import Denied, System
from rapport.meeting.models import AppointmentType
from rapport.meeting.types import actions, queries, rules
from rapport.meeting.types.actions import CannotSet
from tests.factories import AType, Colleague

pytestmark = pytest.mark.django_db

SAID = {
    "name": "Session", "kind": "SESSION", "minutes": 50, "price_tag": "90 €", "ways": ["VIDEO"],
    "bookers": ["ACTIVE"], "needs_approval": False, "forms": ["phq-9"], "colour": "TEAL",
    "heavy": False, "buffer_before": None, "buffer_after": 10,
}  # fmt: skip


@pytest.fixture
def olga(house):
    return Colleague(roles=["OWNER"], at=[house]).account


class TestTheFirstDay:
    def test_a_practice_begins_with_types_that_make_sense(self, olga):
        made = actions.begin(by=olga)
        assert [(one.name, one.minutes) for one in made][:3] == [
            ("Session", 50), ("First consultation", 50), ("Couple or family session", 75),
        ]  # fmt: skip
        strangers = queries.offered(to="PUBLIC")
        assert [(one.kind, one.needs_approval) for one in strangers] == [("FIRST", True)]
        assert len(queries.offered(to="STAFF")) == len(made)

    def test_it_begins_once(self, olga):
        AType(name="Ours")
        assert actions.begin(by=olga) == []
        assert AppointmentType.objects.count() == 1

    def test_its_colours_differ(self, olga):
        colours = [one.colour for one in actions.begin(by=System("cli"))]
        assert len(colours) == len(set(colours))


class TestWhatATypeSays:
    def test_all_of_it_is_kept(self, olga):
        ana = Colleague()
        made = actions.add(by=olga, clinicians=[ana], **SAID)
        made.refresh_from_db()
        assert made.bookers == ["STAFF", "ACTIVE"]  # the practice always may
        assert (made.ways, made.forms, made.buffer_after) == (["VIDEO"], ["phq-9"], 10)
        assert list(made.clinicians.all()) == [ana]

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "–"}, "name"),
            ({"name": "x" * 300}, "name"),
            ({"name": "Taken"}, "name"),
            ({"minutes": 0}, "minutes"),
            ({"minutes": 481}, "minutes"),
            ({"price_tag": "x" * 41}, "price_tag"),
            ({"price_tag": "9\x000"}, "price_tag"),
            ({"kind": "PARTY"}, "kind"),
            ({"colour": "PINK"}, "colour"),
            ({"ways": []}, "ways"),
            ({"ways": ["FAX"]}, "ways"),
            ({"bookers": ["EVERYBODY"]}, "bookers"),
            ({"forms": ["../secrets"]}, "forms"),
            ({"forms": [f"form-{n}" for n in range(11)]}, "forms"),
            ({"equipment": [f"Case {n}" for n in range(5)]}, "equipment"),
            ({"buffer_before": -5}, "buffer_before"),
            ({"buffer_after": 121}, "buffer_after"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, olga, said, field):
        AType(name="Taken")
        with pytest.raises(CannotSet) as problem:
            actions.add(by=olga, **SAID | said)
        assert problem.value.field == field
        assert AppointmentType.objects.count() == 1

    def test_a_refused_change_leaves_it_as_it_was(self, olga):
        AType(name="Taken")
        one = AType(name="Ours")
        with pytest.raises(CannotSet):
            actions.change(by=olga, type=one, clinicians=[], **SAID | {"name": "Taken"})
        one.refresh_from_db()
        assert (one.name, one.price_tag) == ("Ours", "")

    @pytest.mark.parametrize(
        ("name", "sign"),
        [("Session", "Se"), ("First consultation", "FC"), ("Couple or family", "CF"),
         ("& more", "Mo"), ("É", "É"), ("90 min", "9M")],
    )  # fmt: skip
    def test_a_letter_or_two_stand_for_it(self, name, sign):
        assert rules.sign(name) == sign


class TestWhoIsOfferedIt:
    def test_each_is_offered_what_is_theirs(self, olga):
        for name in ("STAFF", "ACTIVE", "WAITING", "PUBLIC"):
            AType(name=name, bookers=["STAFF", name])
        for name in ("ACTIVE", "WAITING", "PUBLIC"):
            assert [one.name for one in queries.offered(to=name)] == [name]
        assert len(queries.offered(to="STAFF")) == 4

    def test_a_closed_one_is_offered_no_more_and_comes_back(self, olga):
        one, today = AType(), time.today()
        actions.close(by=olga, type=one, on=today)
        assert queries.offered(to="STAFF") == []
        one.closed_on = today + timedelta(days=1)
        one.save()
        assert queries.offered(to="STAFF") == [one]
        actions.close(by=olga, type=one, on=today)
        actions.reopen(by=olga, type=one)
        assert queries.offered(to="STAFF") == [one]

    def test_who_is_named_offers_it_and_nobody_named_means_all(self, olga):
        ana, ben, sam = Colleague(), Colleague(), Colleague()
        everybody, some = AType(name="A"), AType(name="B")
        some.clinicians.set([ana, sam])
        for one in queries.offered(to="STAFF"):
            assert queries.offers(ana, one)
            assert queries.offers(ben, one) == (one == everybody)
        assert queries.offers(ana, queries.get(type_id=some.pk))
        assert not queries.offers(ben, queries.get(type_id=some.pk))

    def test_it_takes_one_statement_however_many(self, olga, django_assert_num_queries):
        for _ in range(5):
            AType().clinicians.set([Colleague(), Colleague()])
        queries.offered(to="STAFF")
        with django_assert_num_queries(1):
            assert len(queries.offered(to="STAFF")) == 5


class TestTheirOrder:
    def names(self):
        return [one.name for one in queries.offered(to="STAFF")]

    def test_one_changes_places_with_its_neighbour(self, olga):
        a, b, c = (actions.add(by=olga, **SAID | {"name": name}) for name in "ABC")
        actions.order(by=olga, type=c, up=True)
        assert self.names() == ["A", "C", "B"]
        actions.order(by=olga, type=a, up=False)
        assert self.names() == ["C", "A", "B"]
        actions.order(by=olga, type=c, up=True)  # the first stays the first
        actions.order(by=olga, type=b, up=False)  # and the last the last
        assert self.names() == ["C", "A", "B"]

    def test_a_closed_one_is_in_nobodys_way(self, olga):
        a, b, c = (actions.add(by=olga, **SAID | {"name": name}) for name in "ABC")
        actions.close(by=olga, type=b, on=time.today())
        actions.order(by=olga, type=c, up=True)
        assert self.names() == ["C", "A"]


@pytest.mark.parametrize("roles", [["CLINICIAN"], ["FRONT_DESK"], ["BILLER"]])
def test_who_is_no_owner_sets_none(house, roles):
    with pytest.raises(Denied):
        actions.add(by=Colleague(roles=roles, at=[house]).account, **SAID)
    assert not AppointmentType.objects.exists()
