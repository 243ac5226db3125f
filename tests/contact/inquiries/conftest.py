"""The house in which people ask for help: Ana treats, Ben too, Fay answers, Olga owns."""

from types import SimpleNamespace

import pytest

from tests.factories import APlace, APractice, Colleague


@pytest.fixture
def house(db):
    APractice(country="DE")
    here, elsewhere = APlace(), APlace()
    return SimpleNamespace(
        here=here,
        elsewhere=elsewhere,
        ana=Colleague(at=[here]),
        ben=Colleague(at=[here]),
        fay=Colleague(roles=["FRONT_DESK"], at=[here]),
        flo=Colleague(roles=["FRONT_DESK"], at=[elsewhere]),
        bill=Colleague(roles=["BILLER"], at=[here]),
        olga=Colleague(roles=["OWNER"], at=[here], display_name="Olga"),
    )
