"""What a client did by a link is known as theirs."""

from django.db import migrations, models


def known_so_far(apps, schema_editor):
    """Calling off is all that could be done by a link until now."""
    off = apps.get_model("meeting", "Change").objects.filter(what="CANCELLED", by=None)
    off.filter(appointment__cancelled_by="CLIENT").update(by_link=True)


class Migration(migrations.Migration):
    dependencies = [("meeting", "0016_heard_by")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="by_link",
            field=models.BooleanField(
                default=False, help_text="By whoever held a client's link."
            ),
        ),
        migrations.RunPython(known_so_far, migrations.RunPython.noop),
    ]
