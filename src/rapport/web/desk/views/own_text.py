"""The desk's page on which the text of a shell is typed in by whoever holds a licence for it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.core import time as clock
from rapport.progress.adapting import queries as adapting
from rapport.progress.own import licensing, queries
from rapport.progress.own import typed as shells
from rapport.progress.own.saying import CannotKeep
from rapport.web.desk.forms.own import LicensedText
from rapport.web.page import page


@page("form.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def typed(request: Any, shell: str) -> HttpResponse:
    """Title, instruction, items and answers on one page, and who holds the licence."""
    item = shells.shells().get(shell)
    if item is None:
        raise Http404
    by, now = request.user, clock.now()
    row = queries.licensed(by=by, shell=shell)
    versions = queries.versions(by=by, form=row) if row is not None else []
    form = LicensedText(
        request.POST or None, item=item, sets=shells.sets(item.content), corrects=bool(versions),
        initial=_start(request, row, versions),
    )  # fmt: skip
    if form.is_valid():
        given = form.cleaned_data
        if request.POST.get("do") == "keep":
            _keep(form, by, shell, now)
            messages.info(request, _("The draft is kept. It is not asked yet."))
            return redirect("desk_own_text", shell=shell)
        try:
            version = licensing.type_in(
                by=by, shell=shell, language=given["language"], said=form.said(),
                licence={"held": given["held"], "reference": given["reference"].strip()},
                same=bool(given.get("same")), now=now,
            )  # fmt: skip
            words = _("Kept as version %(n)s. It can be asked like any other.")
            messages.info(request, words % {"n": version.number})
            return redirect("desk_own")
        except CannotKeep as problem:
            form.refused(problem)
            _keep(form, by, shell, now)
    offer = adapting.offer_of(shell) if item.content.is_adaptive else None
    context = {"item": item, "form": form, "versions": versions, "offer": offer}
    return render(request, "desk/own/text.html", context, status=422 if form.errors else 200)


def _keep(form: LicensedText, by: Any, shell: str, now: Any) -> None:
    """Nothing that was typed is lost, though it cannot be asked yet."""
    texts = {n: str(v) for n, v in form.data.items() if n in form.fields and n != "held"}
    licensing.keep(by=by, shell=shell, typed_in=texts, now=now)


def _start(request: Any, row: Any, versions: list[Any]) -> dict[str, Any]:
    """The draft, else the newest version in the language that is asked for."""
    spoken = request.GET.get("language") or (get_language() or "en").split("-")[0]
    if row is not None and row.draft:
        return dict(row.draft)
    words = versions[0].content["words"] if versions else {}
    if not words:
        return {"language": spoken}
    language = spoken if spoken in words or "language" in request.GET else next(iter(words))
    if language not in words:
        return {"language": language}
    return LicensedText.start(words[language], language) | {
        "reference": versions[0].licence.get("reference", "")
    }
