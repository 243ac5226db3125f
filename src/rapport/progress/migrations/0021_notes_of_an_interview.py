from django.db import migrations

import rapport.core.vault.text


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0020_daily_pause'),
    ]

    operations = [
        migrations.AddField(
            model_name='sheet',
            name='notes',
            field=rapport.core.vault.text.SealedJSON(blank=True, editable=True, help_text='What an interviewer noted to answers, by item; never scored.', key='client.data_key', name='sheet.notes', null=True),
        ),
    ]
