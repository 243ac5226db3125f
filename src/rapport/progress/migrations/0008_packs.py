"""Who accepted the conditions of which pack of questionnaires, and when."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_place_region'),
        ('progress', '0007_points_with_decimals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('pack', models.CharField(help_text='Library id.', max_length=60)),
                ('version', models.PositiveSmallIntegerField(help_text='Of the conditions that were read.')),
                ('use', models.CharField(choices=[('FREE', 'Nobody pays for it here: a public or charitable service'), ('PAID', 'A practice or service that is paid for'), ('RESEARCH', 'Research or teaching alone')], max_length=8)),
                ('permission', models.CharField(blank=True, help_text='Who permitted a use that the conditions leave out.', max_length=300)),
                ('accepted_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('pack',), name='a_pack_is_accepted_once')],
            },
        ),
    ]
