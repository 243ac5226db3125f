"""What calendar programs read at a secret address: when, under a title that gives nobody away."""

import hashlib
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from rapport.contact.calendars import feeds
from rapport.core import time as clock
from rapport.web.calendars import KIND
from rapport.web.page import PUBLIC, page


@page(PUBLIC)
@require_safe
def feed(request: Any, token: str) -> HttpResponse:
    """The meetings; an address that opens nothing any more is one that never was."""
    made = feeds.read(token=token, now=clock.now())
    if made is None:
        raise Http404
    tag = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    answer = HttpResponse(made, content_type=KIND, headers=headers)
    return get_conditional_response(request, etag=tag, response=answer) or answer
