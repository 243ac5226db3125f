"""The living page of the kit, in demo and tests only."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rapport.web.page import PUBLIC, page

THEMES = ("system", "light", "dark", "contrast")
WAYS = [("phone", _("by phone")), ("mail", _("by mail")), ("post", _("by post"))]


class Sample(forms.Form):
    """One field for each control that pages use."""

    name = forms.CharField(label=_("Name"), help_text=_("As the person says it."))
    born = forms.DateField(
        label=_("Born on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    way = forms.ChoiceField(label=_("Best way to reach"), choices=WAYS)
    when = forms.ChoiceField(
        label=_("First try"), choices=WAYS, widget=forms.RadioSelect, help_text=_("One of them.")
    )
    safe = forms.MultipleChoiceField(
        label=_("Safe ways"), choices=WAYS, widget=forms.CheckboxSelectMultiple
    )
    remark = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label=_("Knows how the practice works"))


@page(PUBLIC)
@require_safe
def living(request: HttpRequest) -> HttpResponse:
    """Every part of the kit; ``?theme=dark`` shows another theme."""
    if not settings.KIT:
        raise Http404
    asked = request.GET.get("theme")
    context: dict[str, Any] = {
        "themes": THEMES,
        "fresh": Sample(prefix="fresh"),
        "wrong": Sample({}, prefix="wrong"),
        "page": Paginator(range(60), 20).page(2),
    }
    if asked in THEMES:
        context["theme"] = asked
    return render(request, "kit/page.html", context)
