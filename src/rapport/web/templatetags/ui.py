"""The interface kit, as templates use it (built in: nothing to load).

{% asset "app.css" %}          address of a built file, with a fingerprint of its content
{% ui_icon "users" %}          an icon from the sprite, hidden from screen readers
{% ui_field form.name %}       label, help, control, errors tied together
{% ui_errors form %}           what is wrong with a form, first on the page
{% ui_pages page %}            links to the other pages of a list
{{ points|ui_counted }}       the number for a plural, of fractions too
{{ share|ui_held }}            a number and the % after it on one line
{% ui_alike "desk/_bar.html" a=a %}  what is the same for many people, rendered once for each look
{% include "_ui/empty.html" with text="…" url="…" label="…" %}
{% include "_ui/notice.html" with text="…" kind="warning" %}   kind: "", "warning", "error"
{% include "_ui/risk.html" with text="…" %}                    the reserved colour, icon and word
{% include "_ui/back.html" with url="…" label="…" %}
{% include "_ui/copy.html" with id="…" label="…" value="…" %}
{% include "_ui/find.html" with url="…" label="…" target="found" q=q %}

Card, page head, tag, rows, facts, table and timeline are classes; /_ui shows each of them.
"""

import hashlib
import uuid
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import CheckboxInput
from django.template.defaulttags import url as do_url
from django.templatetags.i18n import do_translate
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from rapport.web import stencil
from rapport.web.counting import counted

register = template.Library()
register.filter("ui_counted", counted)

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
        return _said(self.words, get_language())


@lru_cache(maxsize=8192)
def _said(words: str, _language: str | None) -> str:
    return gettext(words).replace("%%", "%")


@register.tag
def url(parser: Any, token: Any) -> template.Node:
    """Django's tag; an address that hangs on ids alone is looked up once, and they are put in.

    A page of the calendar sets sixty links, and finding each takes forty steps.
    """
    node = do_url(parser, token)
    name = node.view_name.var
    fixed = isinstance(name, str) and not node.view_name.filters
    return _Address(name, node) if fixed and not (node.kwargs or node.asvar) else node


class _Address(template.Node):
    """The address of a page that the template names."""

    def __init__(self, name: str, node: Any) -> None:
        self.name, self.node = name, node

    def render(self, context: Any) -> str:
        ids = [one.resolve(context) for one in self.node.args]
        if not all(isinstance(one, uuid.UUID) for one in ids):
            found: str = self.node.render(context)
            return found
        door = get_urlconf(settings.ROOT_URLCONF)
        return _address(self.name, len(ids), door, get_script_prefix()) % tuple(ids)


ANY = [str(uuid.UUID(int=n)) for n in range(9)]
"""Ids that nothing has, for addresses into which others are put."""


@cache
def _address(name: str, ids: int, _door: str, _prefix: str) -> str:
    """The address with gaps for that many ids, as ``%`` takes it."""
    found = escape(reverse(name, args=ANY[:ids])).replace("%", "%%")
    for one in ANY[:ids]:
        found = found.replace(one, "%s")
    return found


@register.simple_tag(takes_context=True)
def ui_alike(context: Any, name: str, waits: str = "", **look: Any) -> SafeString:
    """A part that says the same to everybody with this ``look``: rendered once for each language.

    It may print, and ask nothing of, what is different each time: ``csrf``, the ``name`` of
    who works here, ``whose`` account it is, and what ``waits`` for them.
    """
    me, user = context.get("me"), context["request"].user
    return stencil.cut(name, "csrf", "name", "whose", "waits", **look).filled(
        csrf=str(context["csrf_token"]), name=me.display_name if me else "", whose=str(user.pk),
        waits=waits,
    )  # fmt: skip


@register.filter
def ui_held(text: str) -> str:
    """``text`` with every % on the line of its number."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


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


@register.tag("ui_icon")
def _icon(parser: Any, token: Any) -> template.Node:
    return _Icon(parser.compile_filter(token.split_contents()[1]))


class _Icon(template.Node):
    """An icon; nearly always the template says which."""

    def __init__(self, name: Any) -> None:
        self.name = name

    def render(self, context: Any) -> str:
        return ui_icon(self.name.resolve(context))


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
def ui_errors(form: Any, *, saves: bool = True) -> dict[str, Any]:
    """Everything wrong with a form, each linked to its field.

    Args:
        saves: False where the form only opens something, so that nothing could be lost.
    """
    return {"form": form, "wrong": [f for f in form if f.errors], "saves": saves}


@register.inclusion_tag("_ui/pages.html", takes_context=True)
def ui_pages(context: dict[str, Any], page: Any) -> dict[str, Any]:
    """Links to the previous and next page that keep the other parameters."""
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    rest = asked.urlencode()
    return {"page": page, "rest": f"&{rest}" if rest else ""}
