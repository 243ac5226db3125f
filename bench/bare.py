"""The yardstick: what Django itself takes for a page, without anything of ours around it."""

import os
import sys
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from rapport.core import time as clock
from rapport.core.models import Job
from rapport.people.models import Client

ROWS = 27
TABLE = engines["django"].from_string(
    "<table>{% for name, status, on in rows %}<tr><td>{{ name }}</td><td>{{ status }}</td>"
    "<td>{{ on|date }}</td></tr>{% endfor %}</table>"
)


def nothing(_request: Any) -> HttpResponse:
    """A few bytes."""
    return HttpResponse("nothing")


def rows(_request: Any) -> HttpResponse:
    """A table of rows from the database."""
    found = Client.objects.order_by("sort_name").values_list("legal_name", "status", "birth_on")
    return HttpResponse(TABLE.render({"rows": list(found[:ROWS])}))


def about(_request: Any) -> JsonResponse:
    """The serving process itself, and how many jobs are due or being done."""
    heavy = [name for name in ("scipy",) if name in sys.modules]
    going = Q(state=Job.State.RUNNING) | Q(state=Job.State.QUEUED, run_at__lte=clock.now())
    due = Job.objects.filter(going).count()
    return JsonResponse({"pid": os.getpid(), "heavy": heavy, "due": due})


urlpatterns = [
    path("bare/", nothing),
    path("bare/rows/", rows),
    path("bare/about/", about),
]
