"""Parts of questionnaires without a total become scores of their own, of old sheets too; and the
practice's plan may ask others about a client."""

import django.db.models.deletion
from django.db import migrations, models

MANY = 500


def of_the_whole(apps, schema_editor):
    """Every score there is by now is of a whole sheet."""
    score = apps.get_model("progress", "Score")
    score._base_manager.update(whole_id=models.F("sheet_id"))
    _settled(schema_editor)


def _settled(schema_editor):
    """PostgreSQL alters no table of which keys are still to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def parts(apps, schema_editor):
    """Write down each part of what was answered before, as it was added up then."""
    from rapport.progress.measures import alone, instruments, scored

    score = apps.get_model("progress", "Score")
    for id, item in instruments.INSTRUMENTS.find().items():
        named = {one.partition(alone.SIGN)[2]: one for one in alone.names(item.content)}
        rows = score._base_manager.filter(instrument=id) if named else []
        made = []
        for row in rows.iterator(chunk_size=MANY) if named else ():
            made += [_part(score, row, name, row.subscales[part], scored.above(
                         item.content, part, row.subscales[part]["total_rounded"]))
                     for part, name in named.items() if part in row.subscales]  # fmt: skip
            if len(made) >= MANY:
                score._base_manager.bulk_create(made)
                made = []
        score._base_manager.bulk_create(made)
    _settled(schema_editor)


def _part(score, row, name, part, above):
    return score(
        client_id=row.client_id, sheet_id=row.sheet_id, informant_id=row.informant_id,
        instrument=name, at=row.at, status=part["status"], total=part["total"],
        total_rounded=part["total_rounded"], band=part.get("band", ""), subscales={},
        above_cutoff=above,
    )  # fmt: skip


def without_parts(apps, schema_editor):
    """Back again there is one score a sheet."""
    apps.get_model("progress", "Score")._base_manager.filter(whole=None).delete()
    _settled(schema_editor)


def nothing(apps, schema_editor):
    """The column goes."""


class Migration(migrations.Migration):

    dependencies = [
        ("progress", "0022_judged_and_found"),
    ]

    operations = [
        migrations.AlterField(
            model_name="score", name="sheet",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="progress.sheet"),
        ),
        migrations.AlterField(
            model_name="score", name="instrument",
            field=models.CharField(help_text="Library id, of a part its name.", max_length=60),
        ),
        migrations.AddField(
            model_name="score", name="whole",
            field=models.OneToOneField(help_text="The same sheet, where this is what all of it comes to; null is a part.", null=True, on_delete=django.db.models.deletion.CASCADE, related_name="score", to="progress.sheet"),
        ),
        migrations.RunPython(of_the_whole, nothing),
        migrations.RunPython(parts, without_parts),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(fields=("sheet", "instrument"), name="each_part_of_a_sheet_scored_once"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(condition=models.Q(("whole", None), ("whole", models.F("sheet")), _connector="OR"), name="score_is_of_the_whole_of_its_sheet"),
        ),
        migrations.RemoveConstraint(model_name="planline", name="plan_line_stands_once"),
        migrations.AddField(
            model_name="planline", name="whom",
            field=models.CharField(blank=True, choices=[("PARENTS", "parents and guardians of a minor"), ("TEACHERS", "teachers of a minor"), ("PARTNER", "the partner")], default="", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("occasion", "instrument", "count", "whom"), name="plan_line_stands_once"),
        ),
    ]
