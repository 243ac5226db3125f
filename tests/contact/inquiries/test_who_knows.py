"""Who may know of an inquiry, whichever way it was found."""

import pytest

from rapport.contact.models import Inquiry
from rapport.core import policy
from tests.factories import AnInquiry, APlace, Colleague

pytestmark = pytest.mark.django_db


def test_an_inquiry_found_by_itself_is_known_to_its_places_front_desk_alone():
    here, elsewhere = APlace(), APlace()
    made = AnInquiry(client__place=here, client__care_team=[Colleague(at=[here])])
    found = Inquiry.objects.select_related("client").get(pk=made.pk)
    fay, flo = (Colleague(roles=["FRONT_DESK"], at=[at]).account for at in (here, elsewhere))

    assert policy.allows("inquiry.open", fay, inquiry=found)
    assert not policy.allows("inquiry.open", flo, inquiry=found)


@pytest.mark.parametrize("permission", ["inquiry.open", "inquiry.edit"])
def test_of_no_inquiry_nobody_knows(permission):
    fay = Colleague(roles=["FRONT_DESK"], at=[APlace()])
    assert not policy.allows(permission, fay.account)
