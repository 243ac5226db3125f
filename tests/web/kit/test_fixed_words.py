"""Our shorter way to say fixed words says what Django's own tag says."""

import pytest
from django.template import Context, Engine
from django.utils import translation

DJANGO = Engine(builtins=["django.templatetags.i18n"])
OURS = Engine(builtins=["django.templatetags.i18n", "rapport.web.templatetags.ui"])


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize(
    "said",
    [
        "{% translate 'Clients' %}",
        '{% translate "Sign out" %}',
        "{% translate '100 % <b>sure</b> & more' %}",
        "{% translate 'Clients' as kept %}[{{ kept }}]",
        "{% translate 'Clients' noop %}",
        "{% translate 'Clients'|upper %}",
        "{% translate typed %}",
        "{% translate 'May' context 'month' %}",
        "{% translate '' %}",
    ],
)
def test_both_say_the_same(said, language):
    context = {"typed": "<i>Clients</i>"}

    with translation.override(language):
        ours, djangos = (
            engine.from_string(said).render(Context(context)) for engine in (OURS, DJANGO)
        )
    assert ours == djangos
