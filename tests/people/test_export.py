"""One client's record, taken out: whole, readable, asked for, and recorded."""

import io
import json
import zipfile
from datetime import date

import pytest

from rapport.core import policy
from rapport.core.models import AuditEntry
from rapport.people.circle import actions as circle
from rapport.people.clients import queries as clients
from rapport.people.export import actions, decided
from rapport.people.models import Account, Client, Episode
from tests.architecture.test_every_model_is_decided_about import leads_to_a_client, ours
from tests.factories import NOW, APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice()
    return Colleague(at=[APlace()])


@pytest.fixture
def mara(ana):
    client = ClientOf(
        legal_name="Mara <b>Lind</b>", care_team=[ana], birth_on=date(1990, 5, 1),
        address="Elm Road 3", remark="Rings twice.",
    )  # fmt: skip
    circle.add_contact(by=ana.account, client=client, kind="MAIL", value="Mara@example.org")
    circle.add_related(by=ana.account, client=client, relation="PARENT", name="Otto Lind")
    Episode.objects.create(client=client, responsible=ana, opened_on=date(2029, 1, 2))
    return client


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def taken(by, client):
    loaded = clients.get(by=by.account, client_id=client.pk)
    return actions.export(by=by.account, client=loaded, now=NOW)


def test_every_field_that_leads_to_a_client_is_exported_or_left_out_for_a_reason():
    inside_it = {f"people.client.{name}" for name in decided.CLIENT}
    inside_it |= {f"core.auditentry.{name}" for name in decided.LOOKS}
    for model, names in decided.PARTS.values():
        inside_it |= {f"{model._meta.label_lower}.{name}" for name in names}
    linked = [m for m in ours() if leads_to_a_client(m) or m is AuditEntry]

    undecided = [
        f"{m._meta.label_lower}.{f.name}"
        for m in linked
        for f in (*m._meta.local_fields, *m._meta.local_many_to_many)
        if (f"{m._meta.label_lower}.{f.name}" in inside_it)
        == (f"{m._meta.label_lower}.{f.name}" in decided.LEFT_OUT
            or m._meta.label_lower in decided.LEFT_OUT)
    ]  # fmt: skip

    assert undecided == []
    assert all(decided.LEFT_OUT.values())


def test_no_secret_is_exported():
    models = {Client: decided.CLIENT, AuditEntry: decided.LOOKS}
    models |= {model: names for model, names in decided.PARTS.values()}
    secret = [n for m, names in models.items() for n in names if m.field_classes[n] == "secret"]
    assert secret == []


def test_the_file_for_programs_says_everything(ana, mara):
    said = json.loads(parts(taken(ana, mara).content)["record.json"])

    assert (said["format"], said["version"]) == ("rapport.client", 1)
    assert said["client"]["legal_name"] == "Mara <b>Lind</b>"
    assert (said["client"]["address"], said["client"]["birth_on"]) == ("Elm Road 3", "1990-05-01")
    assert said["contacts"][0]["value"] == "Mara@example.org"
    assert said["related_people"][0]["name"] == "Otto Lind"
    assert said["episodes"][0]["responsible"]["name"] == ana.display_name
    assert said["care_team"][0]["staff"]["id"] == str(ana.pk)
    assert said["looks"][0]["by"]["name"] == ana.display_name


def test_the_page_to_read_stands_alone_and_runs_nothing(ana, mara):
    page = parts(taken(ana, mara).content)["record.html"]

    assert '<html lang="en' in page
    assert 'dir="ltr"' in page
    assert "Mara &lt;b&gt;Lind&lt;/b&gt;" in page
    assert "Rings twice." in page
    assert not any(word in page for word in ("<script", "src=", "href=", "http://", "https://"))


def test_no_file_name_says_a_name(ana, mara):
    made = taken(ana, mara)

    assert made.name.startswith("rapport-export-")
    assert "mara" not in made.name.lower()
    assert set(parts(made.content)) == {"record.html", "record.json", "README.txt"}
    assert taken(ana, mara).name != made.name


def test_a_member_whom_one_may_not_know_of_is_not_in_it(ana):
    family = ClientOf(care_team=[ana], kind="FAMILY")
    known, unknown = ClientOf(care_team=[ana]), ClientOf()
    for one in (known, unknown):
        family.members.create(member=one)

    said = json.loads(parts(taken(ana, family).content)["record.json"])

    assert [row["member"]["id"] for row in said["members"]] == [str(known.pk)]


def test_a_colleague_who_does_not_treat_the_client_is_refused_and_that_is_kept(ana, mara):
    fay = Colleague(roles=["FRONT_DESK"], at=[mara.place])

    with pytest.raises(policy.Denied):
        taken(fay, mara)

    assert AuditEntry.objects.filter(verb="client.export", allowed=False).exists()


def test_the_desk_hands_out_the_file_and_records_it(ana, mara):
    answer = inside(ana.account).post(f"/desk/clients/{mara.pk}/export/")

    assert answer["Content-Type"] == "application/zip"
    assert "rapport-export-" in answer["Content-Disposition"]
    assert "record.html" in parts(answer.content)
    entry = AuditEntry.objects.filter(verb="client.export").first()
    assert (entry.allowed, entry.about) == (True, mara.pk)


def test_the_desk_asks_for_a_fresh_proof_first(ana, mara):
    import time_machine

    browser = inside(Account.objects.get(pk=ana.account.pk))
    from rapport.web.desk.views import export as view

    assert view.export.step_up
    with time_machine.travel(_in_ten_minutes()):
        answer = browser.post(f"/desk/clients/{mara.pk}/export/")
    assert answer.status_code == 403
    assert not AuditEntry.objects.filter(verb="client.export").exists()


def _in_ten_minutes():
    from datetime import timedelta

    from rapport.core import time as clock

    return clock.now() + timedelta(minutes=10)
