"""Who sees whom: the two scopes over the cast."""

from datetime import date, timedelta

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.people import policy as people
from rapport.people.care_team import actions as care_team
from rapport.people.clients import queries, scopes
from rapport.people.models import Account, CareTeamMember, Client
from tests.factories import NOW, AnAccount, APlace, ClientOf, Colleague, SupervisedBy

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    house, other = APlace(), APlace()
    people = {
        "ana": Colleague(roles=["CLINICIAN"], at=[house]),
        "ben": Colleague(roles=["CLINICIAN"], at=[house]),
        "ines": Colleague(roles=["INTERN"], at=[house]),
        "sam": Colleague(roles=["SUPERVISOR"], at=[house]),
        "fay": Colleague(roles=["FRONT_DESK"], at=[house]),
        "flo": Colleague(roles=["FRONT_DESK"], at=[other]),
        "bill": Colleague(roles=["BILLER"], at=[house]),
        "olga": Colleague(roles=["OWNER"], at=[house]),
    }
    people["supervision"] = SupervisedBy(supervisor=people["sam"], supervisee=people["ines"])
    people["house"] = house
    return people


STAFF = ("ana", "ben", "ines", "sam", "fay", "flo", "bill", "olga")


def seen(cast, client, scope):
    return {
        name
        for name in STAFF
        if getattr(Client.objects, scope)(cast[name].account).filter(pk=client.pk).exists()
    }


def test_a_client_is_seen_by_the_team_and_by_the_desks_of_the_place(cast):
    mara = ClientOf(care_team=[cast["ana"]], place=cast["house"])

    assert seen(cast, mara, "visible_to") == {"ana", "fay", "bill"}
    assert seen(cast, mara, "clinical_to") == {"ana"}


def test_a_supervisor_sees_the_supervisees_clients(cast):
    paul = ClientOf(care_team=[cast["ines"]], place=cast["house"])

    assert seen(cast, paul, "visible_to") == {"ines", "sam", "fay", "bill"}
    assert seen(cast, paul, "clinical_to") == {"ines", "sam"}


@pytest.mark.parametrize(
    ("from_in", "until_in"), [(-10, 0), (-10, -1), (1, None)], ids=["today", "past", "future"]
)
def test_outside_its_days_a_supervision_shows_nothing(cast, from_in, until_in):
    today = clock.today()
    run = cast["supervision"]
    run.from_on = today + timedelta(days=from_in)
    run.until_on = None if until_in is None else today + timedelta(days=until_in)
    run.save()
    paul = ClientOf(care_team=[cast["ines"]], place=cast["house"])

    assert "sam" not in seen(cast, paul, "visible_to") | seen(cast, paul, "clinical_to")


def test_a_restricted_client_is_the_care_teams_alone(cast):
    jonas = ClientOf(care_team=[cast["ines"]], place=cast["house"], restricted=True)

    assert seen(cast, jonas, "visible_to") == {"ines"}
    assert seen(cast, jonas, "clinical_to") == {"ines"}


def test_who_left_the_care_team_or_the_practice_sees_nothing(cast):
    mara = ClientOf(care_team=[cast["ana"], cast["ben"]], place=cast["house"])
    CareTeamMember.objects.filter(staff=cast["ana"]).update(until_on=clock.today())
    cast["ben"].ended_on = clock.today()
    cast["ben"].save()

    assert seen(cast, mara, "visible_to") == {"fay", "bill"}
    assert seen(cast, mara, "clinical_to") == set()


def test_a_client_sees_their_own_record_and_no_other():
    account = AnAccount(realm=Account.Realm.PORTAL)
    mara, other = ClientOf(account=account), ClientOf()

    assert list(Client.objects.visible_to(account)) == [mara]
    assert list(Client.objects.clinical_to(account)) == [mara]
    assert other not in Client.objects.visible_to(account)


def test_the_policy_knows_a_client_in_person_and_whoever_was_asked_about_just_now(cast):
    herself = AnAccount(realm=Account.Realm.PORTAL)
    mara, jonas = ClientOf(account=herself, place=cast["house"]), ClientOf()

    assert people.is_client(herself, client=mara)
    assert not people.is_client(herself, client=jonas)
    assert not people.is_client(cast["ana"].account, client=mara)
    assert policy.allows("portal.open", herself)
    assert not policy.allows("portal.open", cast["ana"].account)
    loaded = queries.get(by=cast["fay"].account, client_id=mara.pk)
    assert people.sees_client(cast["fay"].account, client=loaded)
    assert not people.sees_client(cast["flo"].account, client=loaded)


def test_nobody_and_an_account_without_a_person_see_nothing():
    ClientOf()

    for by in (policy.Nobody(), AnAccount()):
        assert not Client.objects.visible_to(by).exists()
        assert not Client.objects.clinical_to(by).exists()
    assert Client.objects.visible_to(policy.System("test")).exists()
    assert Client.objects.clinical_to(policy.System("test")).exists()


class TestBreakingTheGlass:
    BORN = date(1990, 5, 4)
    WHY = "Called in distress, Ana is on leave"

    def broken(self, by, name="Mara Kühn", **given):
        return care_team.break_glass(
            by=by.account, name=name, birth_on=self.BORN, reason=self.WHY, now=clock.now(), **given
        )

    def test_it_opens_the_record_for_an_hour(self, cast):
        mara = ClientOf(
            legal_name="Mara Kühn", birth_on=self.BORN, care_team=[cast["ana"]], restricted=True
        )

        opened = self.broken(cast["ben"])

        assert opened.reason == self.WHY
        assert seen(cast, mara, "clinical_to") == {"ana", "ben"}
        with clock.at(clock.now() + timedelta(minutes=61)):
            assert seen(cast, mara, "clinical_to") == {"ana"}

    def test_a_kept_page_closes_when_the_hour_is_over(self, cast):
        mara = ClientOf(legal_name="Mara Kühn", birth_on=self.BORN, care_team=[cast["ana"]])
        self.broken(cast["ben"])
        ben = cast["ben"].account
        assert queries.get(by=ben, client_id=mara.pk) == mara

        with clock.at(clock.now() + timedelta(minutes=61)), pytest.raises(Client.DoesNotExist):
            queries.get(by=ben, client_id=mara.pk)

    def test_a_name_nobody_has_and_one_that_two_have_answer_alike(self, cast):
        ClientOf(legal_name="Max Twin", birth_on=self.BORN)
        ClientOf(legal_name="Max Twin", birth_on=self.BORN)

        said = set()
        for name in ("Nobody Here", "Max Twin"):
            with pytest.raises(care_team.NoSuchClient) as refused:
                self.broken(cast["ben"], name=name)
            said.add(str(refused.value))
        assert len(said) == 1

    @pytest.mark.parametrize("by", ["fay", "bill", "olga"])
    def test_only_who_treats_clients_may(self, cast, by):
        ClientOf(legal_name="Mara Kühn", birth_on=self.BORN)

        with pytest.raises(policy.Denied):
            self.broken(cast[by])

    def test_an_empty_reason_is_none(self, cast):
        ClientOf(legal_name="Mara Kühn", birth_on=self.BORN)

        with pytest.raises(care_team.CannotAssign, match="sentence"):
            care_team.break_glass(
                by=cast["ben"].account, name="Mara Kühn", birth_on=self.BORN,
                reason="aaaaaaaaaaaa", now=NOW,
            )  # fmt: skip


def test_the_page_finds_whom_the_list_shows_whoever_asks(cast):
    mara = ClientOf(care_team=[cast["ana"]], place=cast["house"])
    paul = ClientOf(care_team=[cast["ines"]], place=cast["house"])
    jonas = ClientOf(care_team=[cast["ines"]], place=cast["house"], restricted=True)
    nobodys = ClientOf(care_team=[cast["ben"]], place=APlace())
    nobodys.care_team.all().delete()
    portal = AnAccount(realm="PORTAL")
    Client.objects.filter(pk=mara.pk).update(account=portal)
    askers = [cast[name].account for name in STAFF]
    askers += [Account.objects.get(pk=portal.pk), policy.System("test")]

    for _twice in range(2):
        for by in askers:
            found = set()
            for client in (mara, paul, jonas, nobodys):
                try:
                    found.add(queries.get(by=by, client_id=client.pk).pk)
                except Client.DoesNotExist:
                    continue
            assert found == set(Client.objects.visible_to(by).values_list("pk", flat=True))


def test_a_kept_page_forgets_who_left_the_team(cast):
    mara = ClientOf(care_team=[cast["ana"]], place=cast["house"])
    assert queries.get(by=cast["ana"].account, client_id=mara.pk) == mara

    with clock.at(NOW + timedelta(days=2)):
        CareTeamMember.objects.filter(client=mara).update(until_on=clock.today())
        with pytest.raises(Client.DoesNotExist):
            queries.get(by=cast["ana"].account, client_id=mara.pk)


def test_a_stand_in_sees_what_the_one_it_stands_for_sees(cast):
    """Statements that are kept are composed for ``scopes.Asker``, not for a person."""
    ClientOf(care_team=[cast["ana"]], place=cast["house"])
    ClientOf(care_team=[cast["ines"]], place=cast["house"], restricted=True)
    ClientOf(care_team=[cast["ines"]])
    for by in [*(cast[name].account for name in STAFF), policy.System("test"), policy.Nobody()]:
        what, values = scopes.asker(by)
        for scope in ("visible_to", "clinical_to"):
            find = getattr(Client.objects, scope)
            assert set(find(scopes.Asker(what, **values))) == set(find(by))
