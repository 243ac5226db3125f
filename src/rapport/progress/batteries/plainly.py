"""A result in plain words for the person who was tested: no raw score, no word of a trade."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.science.norms import in_ten

SAID = {
    ("higher", True): lambda n: _("%(what)s: better than about %(n)s in 10 people of the same "
                                  "age.") % n,
    ("higher", False): lambda n: _("%(what)s: better than about %(n)s in 10 people.") % n,
    ("", True): lambda n: _("%(what)s: higher than about %(n)s in 10 people of the same age.") % n,
    ("", False): lambda n: _("%(what)s: higher than about %(n)s in 10 people.") % n,
}  # fmt: skip


def sentence(row: Mapping[str, Any]) -> str:
    """What a row says, to begin with; "" where no table was asked or it holds nothing."""
    result = row["result"]
    if result is None or result["missing"]:
        return ""
    way = "higher" if row["version"]["better"] == "higher" else ""
    given = {"what": row["scale"], "n": in_ten(result["percentile"])}
    return SAID[way, result["ages"]](given)
