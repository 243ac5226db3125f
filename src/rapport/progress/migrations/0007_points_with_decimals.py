"""Means keep the decimals that their questionnaire declares."""

import math

import rapport.progress.measures.models
from django.db import migrations

MANY = 500


def keep_decimals(apps, schema_editor):
    """Round anew, half up, what was rounded to whole points; the total itself was kept whole."""
    from rapport.progress.measures import instruments

    score = apps.get_model("progress", "Score")
    for name, item in instruments.INSTRUMENTS.find().items():
        grain = 10**item.content.score.total.decimals
        rows = score.objects.filter(instrument=name, total__isnull=False)
        if grain == 1 or not rows.exists():
            continue
        changed = []
        for row in rows.only("pk", "total", "total_rounded").iterator(chunk_size=MANY):
            row.total_rounded = math.floor(round(row.total * grain, 6) + 0.5) / grain
            changed.append(row)
            if len(changed) == MANY:
                score.objects.bulk_update(changed, ["total_rounded"])
                changed = []
        score.objects.bulk_update(changed, ["total_rounded"])


def whole(apps, schema_editor):
    """Back again the points are whole; the column can hold no others."""


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0006_marks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='score',
            name='total_rounded',
            field=rapport.progress.measures.models.PointsField(help_text='Half up, to the decimals of the questionnaire; the band is of this.', null=True),
        ),
        migrations.RunPython(keep_decimals, whole),
    ]
