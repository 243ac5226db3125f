"""Points in templates: ``{% load scores %}``, then ``{{ total|points:instrument }}``
and ``{{ latest.apart|apart }}``."""

from django import template

from rapport.web import measures

register = template.Library()


@register.filter
def points(value: float | None, name: str) -> str:
    """Points with the decimals of the questionnaire called ``name``; a dash for none."""
    return "–" if value is None else measures.number(value, name)


@register.filter
def apart(why: str) -> str:
    """Why two scores are not compared, in words."""
    return str(measures.APART[why])
