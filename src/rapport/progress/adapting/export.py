"""What of adaptive tests goes into a client's exported record. Words of items stay here."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(
    parts.Part("adaptive_tests", _("Adaptive tests: how each result came about"),
               "progress.AdaptiveTest")
)  # fmt: skip
words.add(
    {
        "below_se": _("stops below this standard error"),
        "least": _("questions at least"),
        "most": _("questions at most"),
        "result": _("result"),
    }
)
