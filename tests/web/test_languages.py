"""Pages speak the person's language, in its direction."""

import re
from datetime import date

import pytest
from babel.messages.pofile import read_po

from rapport.config.settings import LOCALE_PATHS
from tests.factories import APractice, ClientOf, Colleague

from .stepping import inside

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "direction", "says"), [("en", "ltr", "Today"), ("de", "ltr", "Heute"),
                                        ("ar", "rtl", "اليوم")]
)  # fmt: skip
def test_a_page_in_the_persons_own_language(language, direction, says):
    APractice()
    ana = Colleague()
    ana.account.language = language
    ana.account.save()

    page = inside(ana.account).get("/desk/").content.decode()

    assert f'lang="{language}" dir="{direction}"' in page
    assert says in page


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_translation_keeps_every_placeholder(language):
    path = LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
    wrong = []
    for message in read_po(path.open("rb"), locale=language):
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        asked = message.id[-1] if isinstance(message.id, tuple) else message.id
        if message.id and all(said):
            holes = set(re.findall(r"%\(\w+\)s", asked))
            wrong += [m for m in said if set(re.findall(r"%\(\w+\)s", m)) != holes]
    assert wrong == []


def test_a_day_is_not_lost_in_a_language_that_writes_it_otherwise():
    APractice()
    ana = Colleague()
    ana.account.language = "de"
    ana.account.save()
    mara = ClientOf(care_team=[ana], birth_on=date(1990, 7, 1))

    page = inside(ana.account).get(f"/desk/clients/{mara.pk}/edit/").content.decode()

    assert 'value="1990-07-01"' in page
