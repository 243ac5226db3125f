"""What of mails about questions goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(
    parts.Part("questions_told", _("Mails that said that questions wait"),
               "contact.QuestionsTold", order=("at", "pk"))
)  # fmt: skip

words.add({"of": _("of what was asked")})
