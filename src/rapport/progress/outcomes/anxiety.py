"""By which measure anxiety is judged where the rules of NHS Talking Therapies are asked. Pure."""

from collections.abc import Sequence

from rapport.science import talking_therapies as nhs

INSTEAD = (
    ("TRAUMA", nhs.PCL_5), ("TRAUMA", nhs.IES_R), ("ANXIETY", nhs.SPIN), ("ANXIETY", nhs.OCI),
    ("ANXIETY", nhs.MOBILITY), ("ANXIETY", nhs.PDSS), ("ANXIETY", nhs.HEALTH_ANXIETY),
)  # fmt: skip
"""What takes the place of the GAD-7, by what an episode is about. The first with two scores counts.

An episode names no disorder, so the measure does: whoever answers the SPIN twice for anxiety is
treated for social anxiety.
"""


def judged_by(
    problem: str, usual: nhs.Scores, instead: Sequence[nhs.Scores]
) -> tuple[nhs.Measure, nhs.Scores]:
    """By which measure anxiety is judged, and its scores.

    Args:
        instead: in the order of INSTEAD.
    """
    for (about, measure), scores in zip(INSTEAD, instead, strict=True):
        if about == problem and None not in scores:
            return measure, scores
    return nhs.GAD_7, usual
