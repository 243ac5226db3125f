"""FHIR's own models take every form, and responses and scores of every example in the library."""

import json
import uuid
from types import SimpleNamespace

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from rapport.core.vault import Destroyed
from rapport.people.export.record import collected  # noqa: F401
from rapport.progress.fhir import bundle, codes
from rapport.progress.fhir.observation import Scored, observations
from rapport.progress.fhir.questionnaire import questionnaire
from rapport.progress.fhir.response import Filled, response
from rapport.progress.measures import instruments, scored
from tests.factories import NOW, AScore, ASheet

EVERY = instruments.INSTRUMENTS.find()
PATIENT, SHEET = f"urn:uuid:{uuid.UUID(int=1)}", f"urn:uuid:{uuid.UUID(int=2)}"


def test_smoke():
    for id, filed in EVERY.items():
        Questionnaire.model_validate(questionnaire(filed))
