"""Build the smallest true thing. Anything a test cares about, the test says.

The cast, by their names in tests: Ana (clinician), Ben (her colleague, a stranger to her
clients), Ines (an intern, supervised by Sam), Fay (front desk), Bill (biller), Olga (owner
with no clinical role), Mara (Ana's client).
"""

from datetime import UTC, date, datetime

import factory

from rapport.core import vault
from rapport.people.clients.actions import _index
from rapport.people.clients.rules import fold
from rapport.people.models import (
    Account,
    CareTeamMember,
    Client,
    Contact,
    Episode,
    Place,
    Practice,
    RelatedPerson,
    Staff,
    Supervision,
)

LONG_AGO = date(2020, 1, 1)
NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


class APractice(factory.django.DjangoModelFactory):
    class Meta:
        model = Practice
        django_get_or_create = ("id",)

    id = 1
    name = "Practice by the river"


class APlace(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"House {n}")


class AnAccount(factory.django.DjangoModelFactory):
    class Meta:
        model = Account

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    realm = Account.Realm.DESK
    password = "!"  # noqa: S105  nothing opens it


class Colleague(factory.django.DjangoModelFactory):
    """Somebody who works here: ``Colleague(roles=["CLINICIAN"], at=[house])``."""

    class Meta:
        model = Staff
        skip_postgeneration_save = True

    account = factory.SubFactory(AnAccount)
    legal_name = factory.Sequence(lambda n: f"Colleague {n}")
    display_name = factory.SelfAttribute("legal_name")
    roles = factory.LazyFunction(lambda: ["CLINICIAN"])
    started_on = LONG_AGO

    @factory.post_generation
    def at(staff, create, places):
        staff.places.set(places or [])


class ClientOf(factory.django.DjangoModelFactory):
    """A client with a care team: ``ClientOf(care_team=[ana])``."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    data_key = factory.LazyFunction(lambda: vault.new_key("CLIENT", now=NOW))
    legal_name = factory.Sequence(lambda n: f"Client {n}")
    sort_name = factory.LazyAttribute(lambda c: fold(c.legal_name)[:300])
    place = factory.SubFactory(APlace)
    status = Client.Status.ACTIVE
    created_at = NOW

    @factory.post_generation
    def care_team(client, create, people):
        for staff in people or []:
            CareTeamMember.objects.create(client=client, staff=staff, from_on=LONG_AGO)

    @factory.post_generation
    def grams(client, create, _value):
        _index(client)


class SupervisedBy(factory.django.DjangoModelFactory):
    class Meta:
        model = Supervision

    from_on = LONG_AGO


class AContact(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    kind = Contact.Kind.PHONE
    value = plain = "+49 30 901820"
    lookup = b"x" * 32


class ARelatedPerson(factory.django.DjangoModelFactory):
    class Meta:
        model = RelatedPerson

    relation = RelatedPerson.Relation.PARTNER
    name = factory.Sequence(lambda n: f"Partner {n}")


class AnEpisode(factory.django.DjangoModelFactory):
    class Meta:
        model = Episode

    opened_on = LONG_AGO
