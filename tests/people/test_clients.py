"""Admitting, changing, finding clients."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import policy, vault
from rapport.core import time as clock
from rapport.core.models import AuditEntry, Job
from rapport.people.care_team import actions as care_team
from rapport.people.circle import actions as circle
from rapport.people.clients import actions, queries, rules
from rapport.people.models import CareTeamMember, Client, Contact
from tests.factories import APlace, APractice, ClientOf, Colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return Colleague(roles=["CLINICIAN"])


def admit(ana, name="Mara Kühn", by=None, **given):
    return actions.admit(
        by=(by or ana).account, legal_name=name, place=APlace(), clinician=ana,
        now=clock.now(), **given,
    )  # fmt: skip


class TestAdmitting:
    def test_whoever_admits_names_the_first_clinician(self, ana):
        mara = admit(ana, remark="Prefers evenings")

        assert [m.staff for m in mara.care_team.all()] == [ana]
        assert mara.episodes.get().responsible == ana
        assert Client.objects.get(pk=mara.pk).remark == "Prefers evenings"
        entry = AuditEntry.objects.get(verb="client.admit")
        assert entry.about == mara.pk

    def test_the_remark_lies_sealed(self, ana):
        mara = admit(ana, remark="secret-orchid")

        with connection.cursor() as cursor:
            cursor.execute("SELECT remark FROM people_client")
            assert b"orchid" not in bytes(cursor.fetchone()[0])
        Client.objects.exclude(pk=mara.pk)

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("   ", "Write a name"),
            ("x" * 301, "at most 300"),
            ("\u0301\u0302", "letter"),
            ("\u202e\u202d", "letter"),
            ("!!!", "letter"),
        ],
    )
    def test_a_name_that_cannot_be_is_refused(self, ana, name, says):
        with pytest.raises(actions.CannotKeep, match=says):
            admit(ana, name)

        assert not Client.objects.exists()

    @pytest.mark.parametrize("name", ["X", "Null", "x" * 300, "محمد علي", "O'Brien-Łukasz", "李"])
    def test_names_of_every_land_are_kept(self, ana, name):
        assert admit(ana, name).legal_name == name

    @pytest.mark.parametrize("born", [date(9999, 1, 1), date(1899, 12, 31)])
    def test_a_birth_date_that_cannot_be_is_refused(self, ana, born):
        with pytest.raises(actions.CannotKeep):
            admit(ana, birth_on=born)

    def test_the_first_clinician_treats_clients(self, ana):
        fay = Colleague(roles=["FRONT_DESK"])

        with pytest.raises(actions.CannotKeep, match="treats"):
            actions.admit(
                by=ana.account, legal_name="M", place=APlace(), clinician=fay, now=clock.now()
            )

    def test_a_biller_admits_nobody(self, ana):
        with pytest.raises(policy.Denied):
            admit(ana, by=Colleague(roles=["BILLER"]))


class TestTheCareTeam:
    def test_nobody_adds_themself(self, ana):
        olga = Colleague(roles=["OWNER", "CLINICIAN"])
        mara = admit(ana)

        with pytest.raises(policy.Denied):
            care_team.assign(by=olga.account, client=mara, staff=olga, on=clock.today())

    def test_owner_and_team_add_others(self, ana):
        olga, ben = Colleague(roles=["OWNER"]), Colleague()
        mara = admit(ana)

        care_team.assign(by=olga.account, client=mara, staff=ben, on=clock.today())

        assert mara.care_team.count() == 2

    def test_a_stranger_adds_nobody(self, ana):
        with pytest.raises(policy.Denied):
            care_team.assign(
                by=Colleague().account, client=admit(ana), staff=Colleague(), on=clock.today()
            )

    def test_the_last_one_stays_until_another_is_named(self, ana):
        mara = admit(ana)

        with pytest.raises(care_team.CannotAssign, match="responsible"):
            care_team.end(
                by=ana.account, client=mara, member=mara.care_team.get(), on=clock.today()
            )

    def test_a_part_lasts_from_its_first_day_to_the_day_before_it_ends(self, ana):
        ben, today = Colleague(), clock.today()
        mara = admit(ana)
        part = CareTeamMember.objects.create(client=mara, staff=ben, from_on=today)

        for from_in, until_in, holds in ((0, None, True), (1, None, False), (-9, 1, True),
                                         (-9, 0, False)):  # fmt: skip
            part.from_on = today + timedelta(from_in)
            part.until_on = None if until_in is None else today + timedelta(until_in)
            part.save()
            assert policy.allows("client.archive", ben.account, client=mara) is holds


class TestReach:
    @pytest.mark.parametrize("number", ["+49 30 901820", "+1 212 555 0123", "+977 1-4412345"])
    def test_numbers_of_every_land_are_kept_as_typed_and_found(self, ana, number):
        APractice()
        mara = admit(ana)
        circle.add_contact(by=ana.account, client=mara, kind="PHONE", value=number)

        assert Contact.objects.get().value == number
        found = queries.search(by=ana.account, text=number.replace(" ", ""))
        assert found == [mara]

    def test_a_mail_address_is_found_whole(self, ana):
        mara = admit(ana)
        circle.add_contact(by=ana.account, client=mara, kind="MAIL", value="Mara@Example.org")

        assert queries.search(by=ana.account, text="mara@example.org") == [mara]

    @pytest.mark.parametrize(("kind", "value"), [("PHONE", "call me"), ("MAIL", "mara at home")])
    def test_what_reaches_nobody_is_refused(self, ana, kind, value):
        with pytest.raises(actions.CannotKeep):
            circle.add_contact(by=ana.account, client=admit(ana), kind=kind, value=value)


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "finds"),
        [
            ("m", "Mara Kühn"),
            ("mar", "Mara Kühn"),
            ("kuhn", "Mara Kühn"),
            ("Kuehn", "Mara Kühn"),
            ("kühn mara", "Mara Kühn"),
            ("Marra", "Mara Kühn"),
            ("Obrien", "Sinéad O'Brien"),
            ("sinead", "Sinéad O'Brien"),
            ("wjciech", "Wojciech Łącki"),
            ("lacki", "Wojciech Łącki"),
            ("علي", "محمد علي"),
            ("иван", "Иван Петров"),
            ("Null", "Null"),
        ],
    )
    def test_as_typed_misspelt_or_accented(self, ana, text, finds):
        for name in ("Mara Kühn", "Sinéad O'Brien", "Wojciech Łącki", "محمد علي", "Иван Петров",
                     "Null", "Quentin Zyx"):  # fmt: skip
            ClientOf(legal_name=name, care_team=[ana])

        found = [c.legal_name for c in queries.search(by=ana.account, text=text)]

        assert found[:1] == [finds]

    @pytest.mark.parametrize("text", ["", "   ", "?!", "\u0301", "x" * 5000])
    def test_what_says_nothing_finds_nothing(self, ana, text):
        ClientOf(legal_name="Mara", care_team=[ana])

        assert queries.search(by=ana.account, text=text) == []

    def test_what_one_may_not_see_is_not_found(self, ana):
        ClientOf(legal_name="Mara Kühn")

        assert queries.search(by=ana.account, text="Mara") == []

    def test_it_takes_two_statements_for_many_and_one_where_nobody_fits(self, ana):
        for _ in range(30):
            ClientOf(legal_name="Mara Kühn", care_team=[ana])

        with CaptureQueriesContext(
            connection,
        ) as said:
            assert len(queries.search(by=ana.account, text="mara")) == queries.SHOWN
        assert len(said) == 2
        with CaptureQueriesContext(connection) as said:
            assert queries.search(by=ana.account, text="xyz") == []
        assert len(said) == 1


def test_refused_and_missing_are_the_same(ana):
    hers = ClientOf()
    for client_id in (hers.pk, uuid.uuid4()):
        with pytest.raises(Client.DoesNotExist):
            queries.get(by=ana.account, client_id=client_id)


def test_a_moved_ciphertext_does_not_open(ana):
    one, two = admit(ana, remark="one"), admit(ana, "Ben", remark="two")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_client SET remark = (SELECT remark FROM people_client WHERE id = %s)"
            " WHERE id = %s",
            [one.pk.hex if connection.vendor == "sqlite" else one.pk,
             two.pk.hex if connection.vendor == "sqlite" else two.pk],
        )  # fmt: skip

    with pytest.raises(vault.Tampered):
        _ = Client.objects.get(pk=two.pk).remark


def test_admission_is_announced_with_ids_alone(ana):
    admit(ana)

    assert not Job.objects.filter(args__icontains="Mara").exists()


@pytest.mark.parametrize(
    ("name", "folded"),
    [("Müller-Lüdenscheidt", "muller ludenscheidt"), ("  STRAẞE ", "strasse"), ("Ø", "o")],
)
def test_names_are_folded_for_comparing(name, folded):
    assert rules.fold(name) == folded


def test_a_line_keeps_the_joiners_some_names_need_and_nothing_else_that_is_invisible():
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"

    kept = rules.tidy_line(f" \u202e{persian} \x00 x", field="pronouns", longest=40)

    assert kept == f"{persian} x"
    with pytest.raises(rules.Unfit) as refused:
        rules.tidy_line("x" * 41, field="pronouns", longest=40)
    assert (refused.value.field, refused.value.code) == ("pronouns", "too_long_here")


class TestAge:
    @pytest.mark.parametrize(
        ("born", "today", "years"),
        [
            (date(1990, 5, 17), date(2030, 5, 16), 39),
            (date(1990, 5, 17), date(2030, 5, 17), 40),
            (date(2000, 2, 29), date(2030, 2, 28), 29),
            (date(2000, 2, 29), date(2030, 3, 1), 30),
            (date(2030, 1, 7), date(2030, 1, 7), 0),
        ],
    )
    def test_whole_years_are_counted_on_the_birthday(self, born, today, years):
        assert rules.age(born, today) == years
