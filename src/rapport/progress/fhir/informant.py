"""Whoever answered about a client: an FHIR R4 ``RelatedPerson`` or ``Practitioner``, no name."""

from rapport.progress.fhir import codes
from rapport.progress.fhir.codes import Json
from rapport.progress.informants.models import Informant

ROLES = f"{codes.TERMS}v3-RoleCode"
Kind = Informant.Kind
SAID: dict[str, tuple[str, str]] = {
    Kind.PARENT: ("PRN", "parent"), Kind.GUARDIAN: ("GUARD", "guardian"),
    Kind.PARTNER: ("SIGOTHR", "significant other"), Kind.CHILD: ("CHILD", "child"),
}  # fmt: skip
"""HL7's codes of relations, where there is one."""
BARE: dict[str, str] = {Kind.TEACHER: "teacher", Kind.OTHER: "other"}


def informant(one: Informant, patient: str) -> Json:
    """The resource of whoever answered about ``patient``, a reference."""
    if one.rater_id is not None:
        return {"resourceType": "Practitioner", "id": str(one.rater_id)}
    code, said = SAID.get(one.relation, ("", BARE.get(one.relation, "")))
    coding = {"coding": [{"system": ROLES, "code": code, "display": said}]} if code else {}
    return {
        "resourceType": "RelatedPerson",
        "id": str(one.pk),
        "patient": {"reference": patient},
        "relationship": [coding | {"text": said}],
    }


def reference(one: Informant) -> str:
    """What a response names them by."""
    return f"urn:uuid:{one.rater_id or one.pk}"
