from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0009_informants'),
    ]

    operations = [
        migrations.AddField(
            model_name='practice',
            name='tablet_minutes',
            field=models.PositiveSmallIntegerField(default=3, help_text="Untouched for so long, a tablet in a client's hands covers itself."),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('tablet_minutes__range', (1, 10))), name='tablet_covers_itself_within_minutes'),
        ),
    ]
