"""A practice in which notes are written: Ana's client Mara, and Ines, whom Sam supervises."""

import uuid
from types import SimpleNamespace

import pytest

from rapport.core import time as clock
from rapport.record.notes import actions
from tests.factories import APlace, APractice, ClientOf, Colleague, SupervisedBy


@pytest.fixture
def house(db):
    """Ana treats Mara; Ines treats Jonas and is supervised by Sam; Ben is a stranger to both."""
    APractice()
    here = APlace()
    ana, ben = (Colleague(at=[here], legal_name=name) for name in ("Ana Berg", "Ben Koch"))
    ines = Colleague(at=[here], roles=["INTERN"], legal_name="Ines Roth")
    sam = Colleague(at=[here], roles=["SUPERVISOR"], legal_name="Sam Wolf")
    supervision = SupervisedBy(supervisor=sam, supervisee=ines)
    mara = ClientOf(care_team=[ana], place=here, legal_name="Mara Lindgren")
    jonas = ClientOf(care_team=[ines], place=here, legal_name="Jonas Weber")
    return SimpleNamespace(
        ana=ana, ben=ben, ines=ines, sam=sam, supervision=supervision, mara=mara, jonas=jonas
    )


@pytest.fixture
def begin(house):
    """Open a draft: ``begin()`` is Ana's about Mara, a phone call in the free form."""

    def open_(author=None, client=None, kind="PHONE", template="free", **more):
        author, client = author or house.ana, client or house.mara
        return actions.open_(
            by=author.account, client=client, kind=kind, template=template, now=clock.now(), **more
        )

    return open_


@pytest.fixture
def write():
    """Save words into a draft by its author, from the revision that it has."""

    def save(note, text="Slept better.", /, *, revision=None, window=None, times=None, **sections):
        given = sections or {"note": text}
        return actions.save(
            by=note.author.account, note=note, sections=given,
            revision=revision or note.revision, window=window or uuid.uuid4(), now=clock.now(),
            times=times,
        )  # fmt: skip

    return save
