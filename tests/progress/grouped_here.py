"""Groups that answered the PHQ-9 twice, as an owner types them; figures invented for the tests."""

from rapport.progress.chosen import entering
from tests.factories import NOW

WAITED = {
    "people": "Adults on a waiting list", "source": "Invented (2014), table 2", "year": "2014",
    "note": "", "n": "27", "apart": "6", "unit": "weeks", "earlier_mean": "16",
    "earlier_sd": "5", "later_mean": "15", "later_sd": "4", "correlation": "0.75",
    "reliability": "",
}  # fmt: skip
TREATED = WAITED | {
    "people": "Adults in cognitive therapy", "n": "80", "apart": "90", "unit": "days",
    "later_mean": "10", "later_sd": "5", "correlation": "0.4", "reliability": "0.84",
}  # fmt: skip


def entered(by, instrument="phq-9", *, treated=False, now=NOW, **more):
    """The figures of a group as they are kept."""
    given = (TREATED if treated else WAITED) | more
    return entering.enter(by=by, instrument=instrument, treated=treated, given=given, now=now)
