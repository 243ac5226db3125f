import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0024_plan_in_a_language'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='choice',
            name='what',
            field=models.CharField(blank=True, help_text='change:<name>, norm:<name> or group:<name> in its file, or of an own group.', max_length=80),
        ),
        migrations.CreateModel(
            name='ComparisonGroup',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('instrument', models.CharField(help_text='Library id, of a part its name.', max_length=60)),
                ('treated', models.BooleanField(help_text='Whether they were treated in between.')),
                ('ended_at', models.DateTimeField(help_text='Offered no more from then on.', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['instrument'], name='group_by_instrument')],
            },
        ),
        migrations.CreateModel(
            name='ComparisonVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(help_text='From 1 on.')),
                ('form_version', models.PositiveIntegerField(help_text='Of the questionnaire as it was then.')),
                ('people', models.CharField(help_text='What kind of people they were.', max_length=500)),
                ('source', models.CharField(help_text='Where the figures come from.', max_length=500)),
                ('year', models.PositiveSmallIntegerField(help_text='Of the source.')),
                ('note', models.CharField(blank=True, max_length=500)),
                ('days', models.PositiveSmallIntegerField(help_text='From the first answer to the second.')),
                ('n', models.PositiveIntegerField(help_text='How many answered both times.')),
                ('earlier_mean', models.FloatField(help_text='In scale points, as are all means and deviations.')),
                ('earlier_sd', models.FloatField()),
                ('later_mean', models.FloatField()),
                ('later_sd', models.FloatField()),
                ('correlation', models.FloatField(help_text='Between the two times, above -1 and below 1.')),
                ('reliability', models.FloatField(help_text='The first time, of a treated group.', null=True)),
                ('made_at', models.DateTimeField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='progress.comparisongroup')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='choice',
            name='group',
            field=models.ForeignKey(help_text='The figures it goes by, where the practice entered them.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='progress.comparisonversion'),
        ),
        migrations.AddConstraint(
            model_name='comparisonversion',
            constraint=models.UniqueConstraint(fields=('group', 'number'), name='group_version_stands_once'),
        ),
    ]
