from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0011_others_by_itself'),
    ]

    operations = [
        migrations.AddField(
            model_name='careteammember',
            name='by_meeting',
            field=models.BooleanField(default=False, help_text='Joined because they meet; leaves when that is taken back.'),
        ),
    ]
