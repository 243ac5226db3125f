from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0017_daily'),
    ]

    operations = [
        migrations.AddField(
            model_name='asked',
            name='in_interview',
            field=models.BooleanField(default=False, help_text='Somebody here asks and taps the answers; nothing is put to anybody.'),
        ),
    ]
