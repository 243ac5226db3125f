"""Measures leave the desk: as tables of one's own clients, or one client's as FHIR."""

import io
import json
import zipfile

import pytest

from rapport.core import time
from rapport.core.models import AuditEntry
from tests.factories import NOW, APractice, AScore, ASheet, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
PAGE = "/desk/practice/measures/"


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice()
    with time.at(NOW):
        yield


@pytest.fixture
def ana():
    return Colleague()


@pytest.fixture
def mara(ana):
    one = ClientOf(care_team=[ana], legal_name="Mara Kern")
    AScore(sheet=ASheet(client=one))
    return one


def unpacked(answer):
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_tables_of_one_s_own_clients_stream_under_a_discreet_name(ana, mara):
    AScore(sheet=ASheet(client=ClientOf(legal_name="Ole Quxfeld"), instrument="gad-7"))
    browser = inside(ana.account)
    page = browser.get(PAGE).content.decode()
    assert "PHQ-9" in page and "GAD-7" not in page

    answer = browser.post(PAGE, {"form": "csv"})

    assert answer.streaming and "Kern" not in answer["Content-Disposition"]
    files = unpacked(answer)
    assert set(files) == {"phq-9.csv", "codebook.csv"}
    assert len(files["phq-9.csv"].splitlines()) == 2
    assert "Kern" not in str(files) and str(mara.pk) not in str(files)
    assert AuditEntry.objects.filter(verb="measure.take_out", allowed=True).exists()


def test_what_cannot_be_taken_out_is_said_beside_the_field(ana, mara):
    browser = inside(ana.account)
    answer = browser.post(PAGE, {"form": "word", "measures": ["phq-9"]})
    assert answer.status_code == 422
    assert 'value="phq-9"' in answer.content.decode() and "checked" in answer.content.decode()
    assert browser.post(PAGE, {"form": "csv", "measures": ["gad-7"]}).status_code == 422


def test_where_nobody_has_answered_it_says_so(ana):
    page = inside(ana.account).get(PAGE).content.decode()
    assert "None of the clients you treat has answered a measure yet." in page
    assert '<form method="post" class="form"' not in page


def test_a_client_s_measures_leave_as_fhir_for_the_care_team_alone(ana, mara):
    address = f"/desk/clients/{mara.pk}/export/fhir/"
    browser = inside(ana.account)
    assert address in browser.get(f"/desk/clients/{mara.pk}/").content.decode()

    answer = browser.post(address)

    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/fhir+json"
    assert said["resourceType"] == "Bundle" and "Kern" not in answer["Content-Disposition"]
    assert inside(Colleague().account).post(address).status_code == 404
