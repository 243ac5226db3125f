import django.db.models.deletion
import rapport.core.vault.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meeting', '0006_self_booking'),
        ('people', '0004_consents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FreedHour',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('ways', models.JSONField(default=list, help_text='Of Appointment.Way.')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('OPEN', 'nobody was asked yet'), ('RUNNING', 'being offered'), ('GIVEN', 'given'), ('KEPT', 'kept free'), ('GONE', 'taken otherwise'), ('OVER', 'nobody took it')], default='OPEN', max_length=7)),
                ('how', models.CharField(blank=True, choices=[('IN_TURN', 'one after the other'), ('AT_ONCE', 'to several at once; the first who accepts gets it')], max_length=7)),
                ('hold', models.UUIDField(help_text='Of the Hold that keeps it while it is offered.', null=True)),
                ('could_take', models.PositiveIntegerField(default=0, help_text='Counted every minute.')),
                ('round', models.PositiveSmallIntegerField(default=1, help_text='Grows when it is free again.')),
                ('freed_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('clinician', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.staff')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.place')),
                ('room', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='meeting.room')),
            ],
        ),
        migrations.CreateModel(
            name='WaitingEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('wants', models.CharField(choices=[('FIRST', 'a first place'), ('HOUR', 'an earlier or another hour')], max_length=5)),
                ('ways', models.JSONField(default=list, help_text='Of Appointment.Way; none means any.')),
                ('weekdays', models.JSONField(default=list, help_text='1 Monday to 7 Sunday; none means any.')),
                ('parts', models.JSONField(default=list, help_text='Of Part; none means any.')),
                ('from_at', models.TimeField(help_text="On the practice's clock.", null=True)),
                ('until_at', models.TimeField(null=True)),
                ('notice_hours', models.PositiveSmallIntegerField(default=3)),
                ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'urgent'), (2, 'soon'), (3, 'can wait')], default=3)),
                ('since', models.DateTimeField()),
                ('remark', rapport.core.vault.text.SealedText(blank=True, editable=True, key='client.data_key', name='waiting.remark')),
                ('state', models.CharField(choices=[('WAITING', 'waiting'), ('OFFERED', 'offered an hour'), ('PLACED', 'has an hour'), ('WITHDRAWN', 'taken off the list'), ('LAPSED', 'did not say whether they still look')], default='WAITING', max_length=9)),
                ('confirmed_at', models.DateTimeField(help_text='When they last said that they look.')),
                ('confirm_on', models.DateField(help_text='The day they are asked again.')),
                ('asked_at', models.DateTimeField(help_text='Asked and not answered since.', null=True)),
                ('asked_how', models.CharField(blank=True, help_text='MAIL, or PAGE: by nobody.', max_length=4)),
                ('token', models.BinaryField(help_text="Digest of the last question's link.", max_length=32, null=True, unique=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='people.client')),
                ('clinicians', models.ManyToManyField(blank=True, related_name='+', to='people.staff')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('places', models.ManyToManyField(blank=True, related_name='+', to='people.place')),
                ('types', models.ManyToManyField(blank=True, related_name='+', to='meeting.appointmenttype')),
            ],
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('round', models.PositiveSmallIntegerField(default=1, help_text="The hour's, when it began.")),
                ('position', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('IN_LINE', 'in line'), ('OFFERED', 'asked'), ('ACCEPTED', 'accepted'), ('DECLINED', 'declined'), ('LAPSED', 'no answer in time'), ('GONE', 'somebody else took it'), ('WITHDRAWN', 'taken back')], default='IN_LINE', max_length=9)),
                ('way', models.CharField(choices=[('HERE', 'in person'), ('VIDEO', 'by video'), ('PHONE', 'by phone')], max_length=5)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('because', models.JSONField(default=list, help_text='What was wished for and is met.')),
                ('token', models.BinaryField(help_text="Digest of the link's secret.", max_length=32, null=True, unique=True)),
                ('offered_at', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
                ('told', models.CharField(blank=True, help_text='MAIL, or PAGE: not written to.', max_length=4)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('appointment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='meeting.appointment')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.client')),
                ('hour', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='meeting.freedhour')),
                ('type', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meeting.appointmenttype')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='meeting.waitingentry')),
            ],
        ),
        migrations.CreateModel(
            name='WaitingSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('confirm_weeks', models.PositiveSmallIntegerField(default=6)),
                ('answer_minutes', models.PositiveSmallIntegerField(default=60, help_text='To answer an offer.')),
                ('by_itself', models.BooleanField(default=False, help_text='Offers without asking the desk.')),
                ('how', models.CharField(choices=[('IN_TURN', 'one after the other'), ('AT_ONCE', 'to several at once; the first who accepts gets it')], default='IN_TURN', max_length=7)),
                ('most_at_once', models.PositiveSmallIntegerField(default=5)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='waiting_settings_are_one')],
            },
        ),
        migrations.AddIndex(
            model_name='freedhour',
            index=models.Index(fields=['state', 'starts_at'], name='hour_by_state'),
        ),
        migrations.AddConstraint(
            model_name='freedhour',
            constraint=models.UniqueConstraint(fields=('clinician', 'starts_at'), name='hour_falls_free_once'),
        ),
        migrations.AddConstraint(
            model_name='freedhour',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='hour_ends_after_it_starts'),
        ),
        migrations.AddIndex(
            model_name='waitingentry',
            index=models.Index(fields=['state', 'since'], name='waiting_by_state'),
        ),
        migrations.AddConstraint(
            model_name='waitingentry',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['WAITING', 'OFFERED', 'LAPSED'])), fields=('client',), name='client_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(fields=('hour', 'round', 'entry'), name='hour_is_offered_to_each_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ACCEPTED')), fields=('hour', 'round'), name='hour_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'OFFERED')), fields=('entry',), name='one_offer_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'OFFERED'), _negated=True), ('answer_by__isnull', False), _connector='OR'), name='offer_has_a_time_to_answer'),
        ),
    ]
