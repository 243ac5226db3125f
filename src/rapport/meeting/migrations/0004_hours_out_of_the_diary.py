"""The diary says how a clinician works; when, the week says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meeting", "0003_hours_written_down"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="diary", name="diary_day_ends_after_it_starts"),
        migrations.RemoveField(model_name="diary", name="day_from"),
        migrations.RemoveField(model_name="diary", name="day_until"),
        migrations.RemoveField(model_name="diary", name="weekdays"),
        migrations.AddConstraint(
            model_name="diary",
            constraint=models.CheckConstraint(
                condition=models.Q(("lunch_from", None), ("lunch_until", None))
                | models.Q(("lunch_until__gt", models.F("lunch_from"))),
                name="diary_lunch_ends_after_it_starts",
            ),
        ),
    ]
