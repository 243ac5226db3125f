"""The audit trail is read by person, client, verb, outcome and day."""

from datetime import UTC, datetime

import pytest

from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.core.policy import System
from rapport.people.practice import queries as practice
from rapport.web.signin.audit import SAID
from tests.factories import APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

TRAIL = "/desk/practice/trail/"


@pytest.fixture
def world():
    APractice(time_zone="Europe/Berlin")
    practice.remember_zone("Europe/Berlin")
    ana, olga = Colleague(roles=["CLINICIAN"]), Colleague(roles=["OWNER"])
    return {"ana": ana, "olga": inside(olga.account), "mara": ClientOf(care_team=[ana])}


def numbers(answer):
    return [row["entry"].number for row in answer.context["rows"]]


def entered(verb="client.open", by=None, allowed=True, **subject):
    audit.record(verb=verb, by=by, subject=subject, allowed=allowed)
    return AuditEntry.objects.order_by("-number").first().number


def test_by_person(world):
    ana = entered(by=world["ana"].account)
    program = entered(by=System("test"))

    assert numbers(world["olga"].get(TRAIL, {"who": world["ana"].account.pk})) == [ana]
    assert numbers(world["olga"].get(TRAIL, {"who": "program"}))[-1] == program


def test_by_client_without_learning_the_name(world):
    entered(by=world["ana"].account)
    about = entered(by=world["ana"].account, client=world["mara"])

    answer = world["olga"].get(TRAIL, {"client": world["mara"].pk})

    assert numbers(answer) == [about]
    assert world["mara"].name not in answer.content.decode()


def test_by_verb_and_outcome(world):
    entered("client.edit", by=world["ana"].account)
    refused = entered("client.edit", by=world["ana"].account, allowed=False)

    answer = world["olga"].get(TRAIL, {"verb": "client.edit", "outcome": "refused"})

    assert numbers(answer) == [refused]
    assert "refused" in answer.content.decode()


def test_by_day_in_the_practices_own_time(world):
    with clock.at(datetime(2030, 1, 6, 23, 30, tzinfo=UTC)):  # the 7th in Berlin
        late = entered(by=world["ana"].account)
    with clock.at(datetime(2030, 1, 6, 22, 30, tzinfo=UTC)):
        early = entered(by=world["ana"].account)

    assert numbers(world["olga"].get(TRAIL, {"day": "2030-01-07"})) == [late]
    assert numbers(world["olga"].get(TRAIL, {"day": "2030-01-06"})) == [early]


def test_a_line_shows_the_hour_of_the_practices_own_clock(world):
    with clock.at(datetime(2030, 1, 6, 23, 30, tzinfo=UTC)):
        entered(by=world["ana"].account)

    page = world["olga"].get(TRAIL, {"day": "2030-01-07"}).content.decode()

    assert '<time datetime="2030-01-07T00:30:00+01:00">7 Jan 2030, 12:30 a.m.</time>' in page


@pytest.mark.parametrize(
    "wrong",
    [{"client": "mara"}, {"day": "soon"}, {"day": "9999-12-31"}, {"day": "0001-01-01"},
     {"verb": "x"}],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_said_beside_the_field(world, wrong):
    answer = world["olga"].get(TRAIL, wrong)

    assert answer.status_code == 422
    assert "field__errors" in answer.content.decode()


def test_a_broken_glass_stands_out_and_everything_is_said_in_words(world):
    entered("client.break_glass", by=world["ana"].account, client=world["mara"])
    entered("signin.totp", by=world["ana"].account)

    page = world["olga"].get(TRAIL, {"who": world["ana"].account.pk}).content.decode()

    assert 'class="marked"' in page and "opened in need" in page
    assert "used a code from an app" in page and "signin.totp</td>" not in page


def test_the_other_pages_keep_what_was_asked(world):
    for _ in range(51):
        entered(by=world["ana"].account)

    answer = world["olga"].get(TRAIL, {"who": world["ana"].account.pk})

    assert len(numbers(answer)) == 50
    assert f"?page=2&amp;who={world['ana'].account.pk}" in answer.content.decode()


def test_what_happens_at_the_doors_has_no_second_words_in_a_policy():
    assert set(SAID).isdisjoint(policy.known())
