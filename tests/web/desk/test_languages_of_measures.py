"""In which language it is asked and keyed, and what was answered in which before."""

import pytest

from rapport.core import time
from rapport.progress.informants import actions as others
from rapport.progress.keying import actions as keying
from rapport.progress.measures import asking, calendar
from rapport.progress.models import Ask, Asked, Keyed, Sheet
from tests.factories import AConsent, APractice, AScore, ASheet, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
NINE = {f"item-{n}": "1" for n in range(1, 10)}


@pytest.fixture
def ana():
    APractice()
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], languages=["de"])


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def at(mara, path):
    return f"/desk/clients/{mara.pk}/measures/{path}"


def ask(desk, mara, **given):
    said = {"instruments": ["phq-9"], "when": "NOW", "way": "LINK", "hours_before": "24"} | given
    return desk.post(at(mara, "ask/"), said)


def test_it_is_asked_in_the_clients_language_unless_another_is_chosen(desk, mara):
    ask(desk, mara)
    ask(desk, mara, instruments=["gad-7"], language="en")
    found = {one.instrument: one.language for one in Asked.objects.all()}
    assert found == {"phq-9": "de", "gad-7": "en"}


def test_a_language_without_words_is_refused_at_its_field(desk, mara):
    answer = ask(desk, mara, instruments=["phq-9", "phq-15"], language="de")
    assert answer.status_code == 422
    assert "There are no words of PHQ-15 in this language." in answer.content.decode()
    assert not Asked.objects.exists()
    assert ask(desk, mara, language="xx").status_code == 422


@pytest.mark.parametrize("when", ["EACH", "DAYS", "MONTH"])
def test_what_stands_keeps_the_language(desk, mara, when):
    assert ask(desk, mara, when=when, every_days="7", language="en").status_code == 302
    rule = Ask.objects.get()
    assert rule.language == "en"
    if when == "DAYS":
        calendar.ask_due(by=asking.BY, client_id=mara.pk, now=time.now())
        assert Asked.objects.get().language == "en"


def test_somebody_else_is_asked_in_theirs(ana, mara):
    AConsent(client=mara, kind="OTHERS")
    given = {"by": ana.account, "client": mara, "forms": ["phq-9"], "role": "PARTNER"}
    (put,) = others.ask(**given, language="en", now=time.now())
    assert put.asked.language == "en"
    (rule,) = others.stand(**given, occasion="SESSION", language="en", now=time.now())
    assert rule.language == "en"
    with pytest.raises(asking.CannotAsk, match="no words"):
        others.ask(**given | {"forms": ["gad-7"]}, language="ar", now=time.now())


def test_the_page_says_in_which_language_it_was_answered_before(desk, mara):
    for name, language in (("phq-9", "en"), ("gad-7", "de")):
        AScore(sheet=ASheet(client=mara, instrument=name, language=language))
    text = desk.get(at(mara, "ask/")).content.decode()
    assert "Answered last: GAD-7 in German; PHQ-9 in English." in text
    assert "only between answers in one language" in text
    text = desk.get(at(mara, "enter/?instrument=phq-9")).content.decode()
    assert "Answered last: PHQ-9 in English." in text and "GAD-7" not in text


def test_a_paper_is_keyed_in_its_language_and_not_compared_with_another(desk, mara):
    day = {"source": "PAPER", "answered_on": time.today().isoformat()}
    first = {"source": "PAPER", "answered_on": (time.today() - time.timedelta(days=9)).isoformat()}
    enter = at(mara, "enter/?instrument=phq-9")
    desk.post(enter, first | NINE | {"language": "en"})
    desk.post(enter, day | NINE | {"language": "de"})
    assert sorted(one.language for one in Sheet.objects.all()) == ["de", "en"]
    text = desk.get(at(mara, "")).content.decode()
    assert "asked in another language, not compared" in text
    assert desk.post(enter, day | NINE | {"language": "xx"}).status_code == 422


def test_a_paper_that_is_keyed_twice_keeps_its_language(desk, ana, mara):
    keying.key_twice(by=Colleague(roles=["OWNER"]).account, wanted=True, now=time.now())
    day = {"source": "PAPER", "answered_on": time.today().isoformat()}
    desk.post(at(mara, "enter/?instrument=phq-9"), day | NINE | {"language": "en"})
    assert Keyed.objects.get().asked.language == "en"


def test_an_interview_is_begun_in_the_language_that_is_chosen(desk, mara):
    begin = f"/desk/clients/{mara.pk}/measures/interview/"
    assert 'name="language"' in desk.get(begin).content.decode()
    refused = desk.post(begin, {"instrument": "phq-15", "language": "de"})
    assert refused.status_code == 422
    assert "There are no words of PHQ-15 in this language." in refused.content.decode()
    desk.post(begin, {"instrument": "phq-9", "language": "en"})
    desk.post(begin, {"instrument": "gad-7"})
    assert {one.instrument: one.language for one in Asked.objects.all()} == {
        "phq-9": "en", "gad-7": "de",
    }  # fmt: skip


def test_of_one_language_there_is_nothing_to_choose(desk, mara):
    assert 'name="language"' not in desk.get(at(mara, "enter/?instrument=phq-15")).content.decode()
