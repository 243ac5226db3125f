"""How coarse numbers for research must be."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.research import rules


class Coarse(forms.Form):
    """How many people must be alike in what others may know of them."""

    k = forms.IntegerField(
        label=_("People who must be alike"), min_value=rules.LEAST, max_value=rules.MOST,
        initial=rules.USUAL,
        help_text=_("In age, problem, kind of help and year. The more, the safer and the coarser. "
                    "Your ethics committee may name a number."),
    )  # fmt: skip
