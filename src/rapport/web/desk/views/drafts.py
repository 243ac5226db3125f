"""What a page needs to keep unsaved words in its browser, sealed."""

from base64 import b64encode
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

from rapport.record.notes import drafts
from rapport.web.page import page


@page("draft.key")
@require_safe
def key(request: Any) -> HttpResponse:
    """The person's own key, and the token with which their words are sent.

    Like every page it is refused to who is not signed in or has locked the desk, and no
    cache keeps it.
    """
    answer = JsonResponse(
        {
            "key": b64encode(drafts.key(by=request.user)).decode(),
            "whose": str(request.user.pk),
            "token": get_token(request),
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
