"""Our shorter way to an address leads where Django's own tag does."""

import uuid

import pytest
from django.template import Context, Engine
from django.test import override_settings
from django.urls import NoReverseMatch

DJANGO = Engine()
OURS = Engine(builtins=["rapport.web.templatetags.ui"])
ONE, OTHER = uuid.UUID(int=7), uuid.UUID(int=2**127 + 11)

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def desk():
    with override_settings(ROOT_URLCONF="rapport.web.desk.urls"):
        yield


@pytest.mark.parametrize(
    "said",
    [
        "{% url 'desk_today' %}",
        "{% url 'desk_client' one %}",
        "{% url 'desk_client' typed %}",
        "{% url 'desk_client' client_id=one %}",
        "{% url 'desk_client' one as kept %}[{{ kept }}]",
        "{% url name %}",
        "{% url 'desk_none' as kept %}[{{ kept }}]",
    ],
)
def test_both_lead_there(said):
    context = {"one": ONE, "typed": str(OTHER), "name": "desk_staff"}

    ours, djangos = (e.from_string(said).render(Context(context)) for e in (OURS, DJANGO))
    assert ours == djangos


def test_each_id_stands_in_its_own_address():
    page = OURS.from_string("{% for one in all %}{% url 'desk_client' one %} {% endfor %}")

    found = page.render(Context({"all": [ONE, OTHER, ONE]})).split()
    assert found == [f"/desk/clients/{one}/" for one in (ONE, OTHER, ONE)]


@pytest.mark.parametrize("said", ["{% url 'desk_none' %}", "{% url 'desk_client' %}",
                                  "{% url 'desk_client' one one %}"])  # fmt: skip
def test_an_address_that_is_none_is_told(said):
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            OURS.from_string(said).render(Context({"one": ONE}))


def test_doors_do_not_share_their_addresses():
    words = "{% url 'desk_today' %}"
    OURS.from_string(words).render(Context({}))

    with (
        override_settings(ROOT_URLCONF="rapport.web.portal.urls"),
        pytest.raises(NoReverseMatch),
    ):
        OURS.from_string(words).render(Context({}))
