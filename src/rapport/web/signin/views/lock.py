"""Locking the desk when one turns away, and opening it again."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from rapport.web.page import page

from .. import audit, forms, gate, keep
from .prove import onwards, proved


@page("me.signin", look=False)
@require_POST
def lock(request: Any) -> HttpResponse:
    """Close the desk at once; whatever is open in other tabs is locked too."""
    request.session.lock()
    audit.locked(request)
    if gate.is_fetch(request):
        return HttpResponse(status=204)
    return redirect("/desk/")


@page("me.signin", look=False)
@require_POST
def awake(request: Any) -> HttpResponse:
    """Somebody is typing: a script says so once a minute, so that writing is no idleness."""
    return HttpResponse(status=204)


@page("me.signin", look=False)
@sensitive_post_parameters("password")
@require_POST
def open_(request: Any) -> HttpResponse:
    """Open with password, passkey or code; a script gets 204 or 422, a page goes on."""
    form = forms.Proof(request.POST)
    go_on = keep.safe_next(request, "/desk/")
    kept = keep.carried(request)
    if form.is_valid() and proved(request, form):
        request.session.unlock()
        audit.unlocked(request)
        if gate.is_fetch(request):
            return HttpResponse(status=204)
        return onwards(request, go_on, kept)
    if gate.is_fetch(request):
        said = [str(text) for texts in form.errors.values() for text in texts]
        return JsonResponse({"error": " ".join(said)}, status=422)
    context = {"form": form, "next": go_on, "kept": kept}
    return render(request, "signin/locked.html", context, status=422)
