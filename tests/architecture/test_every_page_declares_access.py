"""A page nobody decided about is a hole; this finds it before a stranger does."""

from django.http import HttpResponse
from django.urls import path

from rapport.core import policy
from rapport.core.action import REGISTERED
from rapport.web.desk import urls as desk
from rapport.web.page import PUBLIC

from .walk import routes


def undeclared():
    answered = policy.known() | {PUBLIC}
    return [str(route) for route in routes() if route.permission not in answered]


def test_every_page_declares_a_permission_that_has_a_rule():
    assert routes()
    assert undeclared() == []


def test_an_undeclared_page_would_be_found(monkeypatch):
    hole = path("desk/hole/", lambda request: HttpResponse("x"), name="hole")
    monkeypatch.setattr(desk, "urlpatterns", [*desk.urlpatterns, hole])
    from django.urls import clear_url_caches

    clear_url_caches()
    try:
        assert undeclared() == ["desk: desk/hole/ (hole)"]
    finally:
        monkeypatch.undo()
        clear_url_caches()


def test_every_action_has_a_rule():
    assert REGISTERED
    assert {name: p for name, p in REGISTERED.items() if p not in policy.known()} == {}
