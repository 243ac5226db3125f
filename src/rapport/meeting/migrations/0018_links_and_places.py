"""What a client did by a link is known as theirs; an hour can be free again and again."""

from django.db import migrations, models


def known_so_far(apps, schema_editor):
    """Calling off is all that could be done by a link until now."""
    off = apps.get_model("meeting", "Change").objects.filter(what="CANCELLED", by=None)
    off.filter(appointment__cancelled_by="CLIENT").update(by_link=True)


class Migration(migrations.Migration):
    dependencies = [("meeting", "0017_equipment")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="by_link",
            field=models.BooleanField(
                default=False, help_text="By whoever held a client's link."
            ),
        ),
        migrations.RunPython(known_so_far, migrations.RunPython.noop),
        migrations.AddField(
            model_name="freedhour",
            name="rule",
            field=models.CharField(
                blank=True,
                default="",
                help_text="RFC 5545: when it is free again; none: this once.",
                max_length=200,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="freedhour",
            name="holidays",
            field=models.CharField(
                blank=True,
                choices=[
                    ("KEEP", "meet on holidays too"),
                    ("SKIP", "leave holidays out"),
                    ("AFTER", "meet on the next working day instead"),
                ],
                default="",
                max_length=5,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="freedhour",
            name="standing",
            field=models.BooleanField(
                default=False, help_text="The place is offered, not one hour."
            ),
        ),
    ]
