"""The network goes, the desk locks, the server is killed: every word is there in the end."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.launcher.conftest import ROOT, environment, rapport
from tests.web.signin.conftest import PASSWORD, app_code

from .test_writing import ROWS, until

pytestmark = pytest.mark.journey

MADE = """
import sys
from pathlib import Path
from rapport.cli.setup import open_practice
open_practice(Path(sys.argv[1]))
from tests.factories import ANote, APlace, ClientOf
from tests.web.signin.conftest import make_staff
ana = make_staff().staff
mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], place=APlace())
print(ANote(client=mara, author=ana, sections={"note": ""}).pk)
"""
TOLD = """
import sys
from pathlib import Path
from rapport.cli.setup import open_practice
open_practice(Path(sys.argv[1]))
from rapport.record.models import Note, OtherDraft
print(Note.objects.get().sections["note"])
print(OtherDraft.objects.count())
"""


def port_of_its_own():
    """A port below those that the system gives to connections: free again after the server dies."""
    first = 20_000 + os.getpid() % 10_000
    for port in range(first, 32_000):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError(f"no port is free from {first} on")


class Server:
    """A practice served by a process of its own, which can be killed and started again."""

    def __init__(self, folder):
        self.folder = folder
        self.port = port_of_its_own()
        self.url = f"http://localhost:{self.port}"

    def start(self):
        given = ["serve", "--practice", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rapport", *given], cwd=ROOT, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                return urlopen(self.url, timeout=5).close()
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server did not start")

    def kill(self):
        """It and everything that it started, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def asked(script, folder):
    given = environment()
    given["PYTHONPATH"] += f"{os.pathsep}{ROOT}"
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, env=given, text=True,
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path / "practice")
    owner = ["--owner", "owner@example.org", "--owner-name", "Olive Owner"]
    begun = rapport("init", "--practice", str(made.folder), "--name", "Birch Street", *owner)
    assert begun.returncode == 0, begun.stderr
    made.note = asked(MADE, made.folder)[-1]
    made.start()
    yield made
    made.kill()


def sign_in(page, server):
    page.goto(f"{server.url}/desk/signin/?next=/desk/notes/{server.note}/")
    page.get_by_label("Mail address").fill("ana@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(app_code())
    with page.expect_request_finished(lambda one: one.url.endswith("/desk/me/draft-key/")):
        page.get_by_role("button", name="Sign in").click()
    page.locator(".prose-edit").get_by_role("textbox", name="Note").focus()


def test_250_words_survive_network_lock_and_a_killed_server(chromium, server):
    words = [f"word{n}" for n in range(250)]
    context = chromium.new_context(locale="en")
    page = context.new_page()
    page.clock.install()
    sign_in(page, server)
    page.keyboard.type(" ".join(words[:200]))
    stands = page.locator("[data-draft-state]")
    until(lambda: asked(TOLD, server.folder), [" ".join(words[:200]), "0"])
    until(lambda: page.evaluate(ROWS), [])  # and the page has heard of it
    expect(stands).to_contain_text("Saved at")

    context.set_offline(True)
    page.keyboard.type(" " + " ".join(words[200:]))
    expect(stands).to_contain_text("waits on this device, sealed")
    page.clock.fast_forward(15 * 60_000)
    expect(page.get_by_role("heading", name="Locked while you were away")).to_be_visible()
    server.kill()
    assert asked(TOLD, server.folder) == [" ".join(words[:200]), "0"]
    context.set_offline(False)
    server.start()
    page.locator("#veil-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".veil")).to_be_hidden()

    expect(stands).to_contain_text(re.compile("^Saved at"))
    until(lambda: asked(TOLD, server.folder), [" ".join(words), "0"])
    page.reload()
    expect(page.get_by_role("textbox", name="Note")).to_have_text(" ".join(words))
    context.close()


def test_words_typed_while_the_server_is_dead_are_saved_when_it_lives(chromium, server):
    context = chromium.new_context(locale="en")
    page = context.new_page()
    sign_in(page, server)
    server.kill()
    page.keyboard.type("The server is dead.")
    stands = page.locator("[data-draft-state]")
    expect(stands).to_contain_text("waits on this device, sealed")
    server.start()
    expect(stands).to_contain_text(re.compile("^Saved at"))
    assert asked(TOLD, server.folder) == ["The server is dead.", "0"]
    context.close()
