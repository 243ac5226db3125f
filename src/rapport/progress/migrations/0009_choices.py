"""By which published number change is judged."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_place_region'),
        ('progress', '0008_packs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('instrument', models.CharField(help_text='Library id.', max_length=60)),
                ('what', models.CharField(help_text='change:<name> or norm:<name> in its file.', max_length=80)),
                ('chosen_at', models.DateTimeField()),
                ('chosen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['instrument', '-chosen_at'], name='choice_by_instrument')],
            },
        ),
    ]
