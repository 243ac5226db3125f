"""What a course says, in two sentences: for who treats, and for who answered."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.progress.measures.course import Course
from rapport.progress.picture.rules import Caveat, Moved, Reading

from . import courses, judging
from .counting import counted


def sentences(course: Course, reading: Reading) -> list[str]:
    """Two sentences for who treats: what changed, and where it stands now."""
    return [_changed(course, reading), _stands(course, reading)]


def _given(course: Course, reading: Reading) -> dict[str, str]:
    first = reading.first
    return {
        "day": courses.day(first.at if first else reading.last.at),
        "first": courses.number(course, first.points) if first else "",
        "last": courses.number(course, reading.last.points),
    }  # fmt: skip


def _changed(course: Course, reading: Reading) -> str:
    said: dict[Moved, str] = {
        "one": _("There is one score so far, of %(day)s; nothing can be compared yet."),
        "begun": _("It is the first score of this episode, of %(day)s; earlier ones are shown and "
                   "not compared."),
        "versions": _("The latest score and the earlier ones are of different versions or "
                      "languages of the form; they are not compared."),
        "same": _("It is the same as on %(day)s."),
        "within": _("Since %(day)s it went from %(first)s to %(last)s, no more than measurement "
                    "error explains: whether anything changed cannot be told."),
        "better": _("Since %(day)s it went from %(first)s to %(last)s, more than measurement "
                    "error explains: an improvement."),
        "worse": _("Since %(day)s it went from %(first)s to %(last)s, more than measurement "
                   "error explains: it got worse."),
        "unjudged": _("Since %(day)s it went from %(first)s to %(last)s; nothing is published to "
                      "tell such a change from measurement error."),
    }  # fmt: skip
    if reading.means is not None:
        return _of_means(reading)
    return said[reading.moved] % _given(course, reading)


def _of_means(reading: Reading) -> str:
    """The same, where the means of two scores at each end are compared."""
    first, last = reading.means or (0, 0)
    given = {"first": judging.number(first, 1), "last": judging.number(last, 1)}
    said: dict[Moved, str] = {
        "better": _("The first two scores average %(first)s and the last two %(last)s, more than "
                    "measurement error explains: an improvement."),
        "worse": _("The first two scores average %(first)s and the last two %(last)s, more than "
                   "measurement error explains: it got worse."),
    }  # fmt: skip
    within = _(
        "The first two scores average %(first)s and the last two %(last)s, no more apart than "
        "measurement error explains: whether anything changed cannot be told."
    )
    return said.get(reading.moved, within) % given


def _stands(course: Course, reading: Reading) -> str:
    given = {
        "points": courses.number(course, reading.last.points),
        "band": courses.band(course, course.points[-1]), "side": _side(course, reading),
    }  # fmt: skip
    if given["band"] and given["side"]:
        return _("It stands at %(points)s, %(band)s, %(side)s.") % given
    if given["band"]:
        return _("It stands at %(points)s, %(band)s; no cut-off says more.") % given
    if given["side"]:
        return _("It stands at %(points)s, %(side)s.") % given
    return _("It stands at %(points)s; no cut-off says more.") % given


def _side(course: Course, reading: Reading) -> str:
    """On which side of the cut-off it lies, and whether that is new."""
    cutoffs, clinical = course.instrument.cutoffs, reading.last.clinical
    if clinical is None or not cutoffs:
        return ""
    above = (cutoffs[0].at_least is not None) is clinical
    number = cutoffs[0].at_least if cutoffs[0].at_least is not None else cutoffs[0].at_most
    among = [one for one in cutoffs if one.name == cutoffs[0].name]
    if len(among) > 1:  # which of them holds depends on the person
        said = {
            (True, True): _("now above the cut-off"), (True, False): _("above the cut-off"),
            (False, True): _("now below the cut-off"), (False, False): _("below the cut-off"),
        }  # fmt: skip
        return said[above, reading.crossed]
    cut = courses.scale_number(number or 0)
    if number == reading.last.points:
        return _("just at the cut-off of %(cut)s") % {"cut": cut}
    said = {
        (True, True): _("now above the cut-off of %(cut)s"),
        (True, False): _("above the cut-off of %(cut)s"),
        (False, True): _("now below the cut-off of %(cut)s"),
        (False, False): _("below the cut-off of %(cut)s"),
    }
    return said[above, reading.crossed] % {"cut": cut}


def keep_in_mind(reading: Reading) -> list[str]:
    """What limits the reading, one sentence each."""
    return [_caveat(one, reading) for one in reading.caveats]


def _caveat(caveat: Caveat, reading: Reading) -> str:
    said: dict[Caveat, str] = {
        "few": _("Two scores are few: a single day can tip them."),
        "prorated": _("A score that counts here is prorated: not every question was answered."),
        "versions": _("Scores of another version or language of the form are shown and not "
                      "compared."),
        "no_room": _("The first score lay so near the healthy end that an improvement beyond "
                     "measurement error could not have shown."),
        "worst_end": _("The latest score is the end of the scale: it could be worse than the "
                       "form can say."),
        "old": _("The latest score is of %(day)s: it says little about today."),
        "disagree": _("The published rule and the arithmetic come to two verdicts: the change "
                      "lies close to the border."),
    }  # fmt: skip
    return said[caveat] % {"day": courses.day(reading.last.at)}


# In the portal ----------------------------------------------------------------------------


def kindly(course: Course, reading: Reading) -> list[str]:
    """Two sentences for the person who answered: what moved, and what to make of it."""
    return [_moved_plainly(course, reading), _what_now(reading.moved)]


def _moved_plainly(course: Course, reading: Reading) -> str:
    moved, points = reading.moved, abs(reading.points)
    many = counted(points)
    given = {"day": _given(course, reading)["day"], "points": courses.number(course, points)}
    if moved == "within" and reading.means is not None:
        return _("Since %(day)s your numbers moved by no more than the ups and downs every "
                 "questionnaire has.") % given  # fmt: skip
    if moved in ("within", "unjudged"):
        lower = ngettext(
            "Your number is %(points)s point lower than on %(day)s",
            "Your number is %(points)s points lower than on %(day)s", many,
        )  # fmt: skip
        higher = ngettext(
            "Your number is %(points)s point higher than on %(day)s",
            "Your number is %(points)s points higher than on %(day)s", many,
        )  # fmt: skip
        how = lower if reading.points < 0 else higher
        if moved == "within":
            why = _("a difference like this can come from the ups and downs every questionnaire "
                    "has")  # fmt: skip
        else:
            why = _("nobody has worked out how large a difference says something here")
        return _("%(how)s; %(why)s.") % {"how": how % given, "why": why}
    said: dict[Moved, str] = {
        "one": _("You have answered this once so far, on %(day)s."),
        "begun": _("In this time of care you have answered this once so far, on %(day)s."),
        "versions": _("The questionnaire itself or its language changed, so your earlier and "
                      "later numbers are not compared."),
        "same": _("Your number is the same as on %(day)s."),
        "better": _("On this questionnaire you are doing better than on %(day)s, by more than "
                    "the ups and downs every questionnaire has."),
        "worse": _("On this questionnaire it looks harder than on %(day)s, by more than the ups "
                   "and downs every questionnaire has."),
    }  # fmt: skip
    return said[moved] % given


def _what_now(moved: Moved) -> str:
    if moved == "better":
        return _("That is worth noticing: in your next session you could ask what helped, and "
                 "how to keep it.")  # fmt: skip
    if moved == "worse":
        return _("That happens to many people during treatment, and it is nobody's failing: "
                 "bring it to your next session, and if it cannot wait, use the button "
                 "“Help now”.")  # fmt: skip
    if moved in ("within", "same"):
        return _("No clear change is no failing: if it does not fit how you feel, that is worth "
                 "saying in your next session.")  # fmt: skip
    return _("What you notice yourself counts as much as a number.")
