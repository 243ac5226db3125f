"""Forms of a client who books by themselves."""

from django import forms


class CallOff(forms.Form):
    """Calling a meeting off; whether the page said that it counts as late."""

    late = forms.BooleanField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
