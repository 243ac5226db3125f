"""The parts that pages are made of."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client as Browser
from django.test import override_settings

from rapport.web.kit.views import Sample

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "src/rapport/web/templates").rglob("*.html"))
INLINE = re.compile(r"""\s(?:style|on[a-z]+|hx-on[\w:-]*)\s*=\s*["']""", re.I)


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def drawn(form, name):
    template = engines["django"].from_string("{% ui_field field %}")
    return Tags(template.render({"field": form[name]})).found


def ids(tags):
    return {attributes["id"] for _tag, attributes in tags if "id" in attributes}


@pytest.mark.parametrize("name", ["name", "way", "when", "safe", "agreed"])
def test_a_field_that_is_wrong_says_so_where_the_control_is(name):
    tags = drawn(Sample({}), name)

    described = [
        attributes["aria-describedby"]
        for _t, attributes in tags
        if "aria-describedby" in attributes
    ]
    assert described
    assert f"id_{name}_error" in described[0].split()
    assert set(" ".join(described).split()) <= ids(tags)


def test_a_wrong_control_is_marked_invalid():
    control = next(attributes for tag, attributes in drawn(Sample({}), "name") if tag == "input")

    assert control["aria-invalid"] == "true"


@pytest.mark.parametrize("name", Sample.base_fields)
def test_nothing_points_at_what_is_not_there(name):
    for form in (Sample(), Sample({})):
        tags = drawn(form, name)
        wanted = {
            attributes["for"] for tag, attributes in tags if tag == "label" and "for" in attributes
        }
        for _tag, attributes in tags:
            wanted |= set((attributes.get("aria-describedby") or "").split())
        assert wanted <= ids(tags)


@pytest.mark.parametrize("name", ["born", "remark"])
def test_what_may_stay_empty_says_so(name):
    template = engines["django"].from_string("{% ui_field field %}")

    assert "optional" in template.render({"field": Sample()[name]})


def test_no_template_holds_an_inline_style_or_handler():
    assert TEMPLATES
    assert [str(t.relative_to(ROOT)) for t in TEMPLATES if INLINE.search(t.read_text())] == []
    assert [t.name for t in TEMPLATES if re.search(r"<style\b", t.read_text())] == []


def test_every_icon_that_a_page_names_is_in_the_sprite():
    listed = set((ROOT / "frontend/icons.txt").read_text().split())
    named = {n for t in TEMPLATES for n in re.findall(r'ui_icon "([^"]+)"', t.read_text())}

    assert named - listed == set()


@pytest.mark.django_db
def test_the_living_page_shows_every_theme():
    for theme in ("light", "dark", "contrast"):
        assert f'data-theme="{theme}"' in Browser().get(f"/_ui/?theme={theme}").content.decode()
    assert "data-theme" not in Browser().get("/_ui/?theme=system").content.decode()
    assert 'data-theme="x' not in Browser().get('/_ui/?theme=x"><b>').content.decode()


@pytest.mark.django_db
def test_the_living_page_is_not_there_in_a_real_practice():
    with override_settings(KIT=False):
        assert Browser().get("/_ui/").status_code == 404


@pytest.mark.django_db
def test_a_missing_page_is_written_in_the_language_it_declares():
    page = Browser().get("/nowhere/", headers={"accept-language": "ar"}).content.decode()

    assert '<html lang="ar" dir="rtl">' in page
