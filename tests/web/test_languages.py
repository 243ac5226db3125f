"""Pages speak the person's language, in its direction."""

from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import ngettext

from rapport.cli import source, texts
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


def test_every_text_has_its_german_and_no_catalogue_is_behind_the_source():
    assert list(texts.problems(source.root())) == []


@pytest.mark.parametrize(
    ("n", "says"),
    [(0, "لا عميل مطابق"), (1, "عميل واحد مطابق"), (2, "عميلان مطابقان"), (3, "3 عملاء مطابقون"),
     (11, "11 عميلًا مطابقًا"), (102, "102 عميل مطابق")],
)  # fmt: skip
def test_arabic_counts_in_its_six_ways(n, says):
    with translation.override("ar"):
        assert ngettext("%(n)s client fits", "%(n)s clients fit", n) % {"n": n} == says


def test_a_day_is_not_lost_in_a_language_that_writes_it_otherwise():
    APractice()
    ana = Colleague()
    ana.account.language = "de"
    ana.account.save()
    mara = ClientOf(care_team=[ana], birth_on=date(1990, 7, 1))

    page = inside(ana.account).get(f"/desk/clients/{mara.pk}/edit/").content.decode()

    assert 'value="1990-07-01"' in page
