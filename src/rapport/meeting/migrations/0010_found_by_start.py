from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meeting', "0009_hours_until_midnight"),
    ]

    operations = [
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('status', 'REQUESTED')), fields=['starts_at'], name='appointment_asked_for'),
        ),
        migrations.AddIndex(
            model_name='occupancy',
            index=models.Index(fields=['kind', 'starts_at'], name='occupancy_by_start'),
        ),
    ]
