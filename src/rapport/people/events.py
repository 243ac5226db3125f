"""What happens to people, as ids."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class ClientAdmitted:
    client_id: uuid.UUID


@dataclass(frozen=True)
class CareTeamChanged:
    client_id: uuid.UUID


@dataclass(frozen=True)
class BreakGlassOpened:
    break_glass_id: uuid.UUID


@dataclass(frozen=True)
class StaffEnded:
    staff_id: uuid.UUID


@dataclass(frozen=True)
class EpisodeOpened:
    """A stretch of care began, or will on the day it says."""

    episode_id: uuid.UUID


@dataclass(frozen=True)
class EpisodeClosed:
    """A stretch of care ended, or will on the day it says."""

    episode_id: uuid.UUID


@dataclass(frozen=True)
class EpisodeReopened:
    """Its end was taken back."""

    episode_id: uuid.UUID


@dataclass(frozen=True)
class ConsentGiven:
    consent_id: uuid.UUID
    client_id: uuid.UUID


@dataclass(frozen=True)
class ConsentWithdrawn:
    consent_id: uuid.UUID


@dataclass(frozen=True)
class ConsentStandsAgain:
    """Its withdrawal was taken back."""

    consent_id: uuid.UUID


@dataclass(frozen=True)
class CircleChanged:
    """Somebody around a client was noted, or what they may know changed."""

    client_id: uuid.UUID


@dataclass(frozen=True)
class MembersChanged:
    """Somebody belongs to a couple or family, or does so no more."""

    client_id: uuid.UUID
