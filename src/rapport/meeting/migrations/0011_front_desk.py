from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meeting', '0010_found_by_start'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='expected_at',
            field=models.DateTimeField(help_text='When the client said they come, if it is later than it begins.', null=True),
        ),
    ]
