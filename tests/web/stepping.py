"""Standing inside a door without typing a password: a real visit, made by the program."""

from django.http import HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory

from rapport.web.signin.gate import STRONG
from rapport.web.signin.visit import hold_open


def inside(account, door="desk", *, strong=True):
    """A browser in which ``account`` has signed in at ``door``, with a second factor or without."""
    request, response = RequestFactory().get("/"), HttpResponse()
    hold_open(request, response, door, account, **{STRONG: strong})
    browser = Browser()
    browser.cookies.update(response.cookies)
    return browser
