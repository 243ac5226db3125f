"""What is printed is black on white, whatever the screen wears."""

import pytest

from rapport.record.notes import signing
from tests.factories import ANote, APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import coming_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

INKS = """() => { const paint = document.createElement('canvas').getContext('2d');
  const light = colour => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1); const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data;
    return a === 0 ? 255 : (r + g + b) / 3; };
  return [...document.querySelectorAll('main, main *')].filter(one => one.checkVisibility())
    .filter(one => { const style = getComputedStyle(one);
      return light(style.backgroundColor) < 250 || light(style.color) > 60; })
    .map(one => one.outerHTML.slice(0, 80)); }"""


@pytest.mark.parametrize("theme", ["dark", "contrast", "light", ""])
def test_ink_is_dark_and_paper_is_white(chromium, live_server, theme):
    APractice()
    ana = Colleague()
    ana.account.theme = theme
    ana.account.save(update_fields=["theme"])
    mara = ClientOf(care_team=[ana], legal_name="Mara Kühn", restricted=True)
    context = coming_in(chromium, live_server, inside(ana.account), color_scheme="dark")
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{mara.pk}/")
    page.emulate_media(media="print", color_scheme="dark")
    wrong, cards = page.evaluate(INKS), page.query_selector_all(".card-box")
    context.close()

    assert cards
    assert wrong == []


def test_a_signed_note_is_printed_with_its_seal_and_without_its_buttons(chromium, live_server):
    APractice()
    ana = Colleague()
    note = ANote(client=ClientOf(care_team=[ana]), author=ana, kind="PHONE")
    signing.sign(by=ana.account, note=note, revision=1, now=note.created_at)
    ana.account.theme = "dark"
    ana.account.save(update_fields=["theme"])
    context = coming_in(chromium, live_server, inside(ana.account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/notes/{note.pk}/")
    page.emulate_media(media="print")
    wrong, said = page.evaluate(INKS), page.inner_text("main")
    context.close()

    assert wrong == []
    assert "Slept better." in said and "rapport verify" in said
    assert "Add to this note" not in said and "PDF" not in said
