from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_imports'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='careteammember',
            name='care_team_by_staff',
        ),
        migrations.AddIndex(
            model_name='careteammember',
            index=models.Index(fields=['staff', 'client', 'from_on', 'until_on'], name='care_team_seen'),
        ),
    ]
