"""A page that cannot be is a calm page, in the person's language."""

import pytest
from django.test import Client as Browser

from tests.factories import APractice, Colleague

from .stepping import inside

pytestmark = pytest.mark.django_db


def test_a_buttons_address_says_that_it_is_one():
    answer = Browser().post("/help-now/")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "Nothing was changed." in answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/html")


def test_behind_the_door_and_in_arabic():
    APractice()
    olga = Colleague(roles=["OWNER"])
    olga.account.language = "ar"
    olga.account.save()

    answer = inside(olga.account).get(f"/desk/staff/{olga.pk}/invite/")

    assert answer.status_code == 405
    assert 'lang="ar" dir="rtl"' in answer.content.decode()


def test_a_forged_form_is_answered_in_words():
    answer = Browser(enforce_csrf_checks=True).post("/desk/signin/", {"mail": "a@b.example"})

    assert answer.status_code == 403
    assert "Nothing was changed." in answer.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "500"])
def test_each_stands_alone_without_any_context(name):
    from django.template.loader import render_to_string

    page = render_to_string(f"{name}.html")

    assert page.count("<h1>") == 1 and "<h1></h1>" not in page and "<p></p>" not in page
