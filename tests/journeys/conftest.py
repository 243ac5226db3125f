"""A browser for a file of journeys; a practice with everything in it, and one just begun."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from .houses import begun, furnished

SLOW = 120_000  # milliseconds for a step, on a machine that has much else to do


@pytest.fixture(scope="module")
def chromium():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    expect.set_options(timeout=SLOW)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        browser.on("context", lambda context: context.set_default_timeout(SLOW))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def world():
    return furnished()


@pytest.fixture
def first_day():
    return begun()
