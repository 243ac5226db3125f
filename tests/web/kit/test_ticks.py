"""A box to tick reads as one looks at it: the box, what it says, then what that means."""

from django import forms
from django.template import Context, Template


class Ask(forms.Form):
    sure = forms.BooleanField(label="I am sure", help_text="It cannot be undone.")


def test_the_help_of_a_box_comes_after_its_label():
    page = Template("{% load ui %}{% ui_field form.sure %}").render(Context({"form": Ask()}))

    box, label, help = (page.index(one) for one in ("<input", "I am sure", "It cannot be undone."))
    assert box < label < help
    assert 'aria-describedby="id_sure_helptext"' in page and 'id="id_sure_helptext"' in page
