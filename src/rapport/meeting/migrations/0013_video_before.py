from django.db import migrations

import rapport.core.vault.text


class Migration(migrations.Migration):
    dependencies = [("meeting", "0012_day_sheet")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="video_url",
            field=rapport.core.vault.text.SealedText(
                blank=True,
                editable=True,
                help_text="What it was before, where it changed.",
                key="client.data_key",
                name="appointment_change.video_url",
                null=True,
            ),
        ),
    ]
