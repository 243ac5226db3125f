from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meeting", "0014_waiting_and_terms")]

    operations = [
        migrations.AddField(
            model_name="appointmenttype",
            name="needs_room",
            field=models.BooleanField(
                default=False,
                help_text="In person, others book it only where a room is free.",
            ),
        ),
    ]
