"""Whether somebody has changed by more than the questionnaire errs, and where that leads.

``reliable_change`` (Jacobson and Truax) is the default. The alternatives answer the same question
with other knowledge: of the mean that scores drift back to, of a group's practice or course, of
the client's own scatter. Every answer carries what it was made of.
"""

from rapport.science.change.alternatives import (
    Judged,
    edwards_nunnally,
    gulliksen_lord_novick,
    practice_corrected,
    regression_based,
)
from rapport.science.change.comparing import Comparison, Sheet, comparable
from rapport.science.change.cutoffs import Criteria, criteria
from rapport.science.change.groups import Sample, Spread, Twice
from rapport.science.change.hageman_arrindell import (
    GroupChange,
    Place,
    hageman_arrindell,
    hageman_arrindell_group,
    hageman_arrindell_place,
)
from rapport.science.change.outcomes import (
    Better,
    Class,
    Outcome,
    outcome,
    remission,
    response,
)
from rapport.science.change.reliable import (
    Z_90,
    Z_95,
    Change,
    Norm,
    changed_by,
    reliable_change,
)
from rapport.science.change.series import OwnError, idiographic_change, means_change, own_error

__all__ = [
    "Z_90",
    "Z_95",
    "Better",
    "Change",
    "Class",
    "Comparison",
    "Criteria",
    "GroupChange",
    "Judged",
    "Norm",
    "Outcome",
    "OwnError",
    "Place",
    "Sample",
    "Sheet",
    "Spread",
    "Twice",
    "changed_by",
    "comparable",
    "criteria",
    "edwards_nunnally",
    "gulliksen_lord_novick",
    "hageman_arrindell",
    "hageman_arrindell_group",
    "hageman_arrindell_place",
    "idiographic_change",
    "means_change",
    "outcome",
    "own_error",
    "practice_corrected",
    "regression_based",
    "reliable_change",
    "remission",
    "response",
]
