"""The interface kit, as templates use it (built in: nothing to load).

{% asset "app.css" %}          address of a built file, with a fingerprint of its content
{% ui_icon "users" %}          an icon from the sprite, hidden from screen readers
{% ui_field form.name %}       label, help, control, errors tied together
{% ui_errors form %}           what is wrong with a form, first on the page
{% ui_pages page %}            links to the other pages of a list
{% include "_ui/empty.html" with text="…" url="…" label="…" %}
{% include "_ui/notice.html" with text="…" kind="warning" %}   kind: "", "warning", "error"
{% include "_ui/risk.html" with text="…" %}                    the reserved colour, icon and word
{% include "_ui/back.html" with url="…" label="…" %}
{% include "_ui/copy.html" with id="…" label="…" value="…" %}
{% include "_ui/find.html" with url="…" label="…" target="found" q=q %}

Card, page head, tag, rows, facts, table and timeline are classes; /_ui shows each of them.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.forms import CheckboxInput
from django.templatetags.i18n import do_translate
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()

TURNS = frozenset({"chevron-right", "log-out", "undo-2"})
"""Icons that point along the line, and turn where lines run from the right."""


@register.tag
def translate(parser: Any, token: Any) -> template.Node:
    """Django's tag; where it only says fixed words, they are looked up and nothing else.

    A page says sixty of them, and the general way takes four times as many steps.
    """
    node = do_translate(parser, token)
    words = node.filter_expression.var
    fixed = isinstance(words, template.base.Variable) and isinstance(words.literal, str)
    if not fixed or node.filter_expression.filters or node.noop or node.asvar:
        return node
    return node if node.message_context else _Said(words.literal)


class _Said(template.Node):
    """Fixed words in the reader's language."""

    def __init__(self, words: str) -> None:
        self.words = str(words).replace("%", "%%")

    def render(self, context: Any) -> str:
        return gettext(self.words).replace("%%", "%")


@register.simple_tag
@cache
def asset(name: str) -> str:
    """The address of a built asset; it changes with the content, so browsers may keep it.

    Asked once per process: the server keeps what it has served until it is started again.
    """
    address: str = static(f"rapport/{name}")
    found = finders.find(f"rapport/{name}")
    if not found:
        return address
    return f"{address}?v={hashlib.sha256(Path(str(found)).read_bytes()).hexdigest()[:12]}"


@register.simple_tag
@cache
def ui_icon(name: str) -> SafeString:
    """An icon beside a word; the word says it, so screen readers pass over it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        " icon--turns" if name in TURNS else "",
        asset("icons.svg"),
        name,
    )


@register.inclusion_tag("_ui/field.html")
def ui_field(field: Any) -> dict[str, Any]:
    """One field of a form with its label, help and errors."""
    widget = field.field.widget
    return {
        "field": field,
        "tick": isinstance(widget, CheckboxInput),
        "group": field.use_fieldset,
    }


@register.inclusion_tag("_ui/errors.html")
def ui_errors(form: Any) -> dict[str, Any]:
    """Everything wrong with a form, each linked to its field."""
    return {"form": form, "wrong": [f for f in form if f.errors]}


@register.inclusion_tag("_ui/pages.html", takes_context=True)
def ui_pages(context: dict[str, Any], page: Any) -> dict[str, Any]:
    """Links to the previous and next page that keep the other parameters."""
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    rest = asked.urlencode()
    return {"page": page, "rest": f"&{rest}" if rest else ""}
