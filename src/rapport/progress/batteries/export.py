"""What of assessments goes into a client's exported record. Norm tables are the practice's own."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(
    parts.Part("assessments", _("Assessments"), "progress.Assessment", order=("made_at", "pk"))
)
parts.declare(
    parts.Part(
        "planned_tests", _("Tests of assessments"), "progress.PlannedTest",
        order=("assessment", "place"),
        left_out={"table": _("norm tables belong to the practice and their makers; a result says "
                             "which one it was looked up in")},
    )
)  # fmt: skip
parts.declare(
    parts.Part("assessment_reports", _("Reports of assessments"), "progress.AssessmentReport",
               order=("assessment", "number"))
)  # fmt: skip
words.add(
    {
        "question": _("what is to be found out"),
        "finished_at": _("finished"),
        "assessment": _("assessment"),
        "title": _("title"),
        "scales": _("scales"),
        "minutes": _("minutes planned"),
        "times": _("started and stopped"),
        "note": _("note"),
        "done_on": _("done on"),
        "results": _("results"),
    }
)
