"""What happens to measures and alerts, as ids."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class MeasureAsked:
    asked_id: uuid.UUID


@dataclass(frozen=True)
class ScoreRecorded:
    sheet_id: uuid.UUID


@dataclass(frozen=True)
class AlertRaised:
    alert_id: uuid.UUID


@dataclass(frozen=True)
class AlertPassedOn:
    """Its clock ran out: to the deputy, then to the whole care team (``stage``)."""

    alert_id: uuid.UUID
    stage: str


@dataclass(frozen=True)
class AlertAcknowledged:
    alert_id: uuid.UUID
