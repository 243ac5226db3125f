from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0005_inquiries'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(condition=models.Q(('does', 'MOVE'), ('seen_at', None)), fields=['starts_at'], name='reply_that_waits'),
        ),
    ]
