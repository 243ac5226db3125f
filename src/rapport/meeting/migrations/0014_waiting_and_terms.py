"""Terms accepted on paper or by word; hours of who is away; how people on the list were told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def by_any_way(apps, _editor):
    """What was written to somebody went by mail alone so far."""
    apps.get_model("meeting", "Offer").objects.filter(told="MAIL").update(told="SENT")
    apps.get_model("meeting", "WaitingEntry").objects.filter(asked_how="MAIL").update(
        asked_how="SENT"
    )


def by_mail(apps, _editor):
    apps.get_model("meeting", "Offer").objects.filter(told="SENT").update(told="MAIL")
    apps.get_model("meeting", "WaitingEntry").objects.filter(asked_how="SENT").update(
        asked_how="MAIL"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('meeting', '0013_video_before'),
        ('people', '0012_joined_by_meeting'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='accepted',
            name='how',
            field=models.CharField(choices=[('ONLINE', 'when booking'), ('PAPER', 'on paper'), ('WORD', 'by word')], default='ONLINE', max_length=6),
        ),
        migrations.AddField(
            model_name='accepted',
            name='noted_at',
            field=models.DateTimeField(help_text='By somebody here; else none.', null=True),
        ),
        migrations.AddField(
            model_name='accepted',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='accepted',
            name='appointment',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='accepted', to='meeting.appointment'),
        ),
        migrations.AlterField(
            model_name='freedhour',
            name='state',
            field=models.CharField(choices=[('OPEN', 'nobody was asked yet'), ('RUNNING', 'being offered'), ('GIVEN', 'given'), ('KEPT', 'kept free'), ('GONE', 'taken otherwise'), ('AWAY', 'the clinician is away'), ('OVER', 'nobody took it')], default='OPEN', max_length=7),
        ),
        migrations.AlterField(
            model_name='offer',
            name='told',
            field=models.CharField(blank=True, choices=[('SENT', 'written to'), ('PAGE', 'could not be written to'), ('CALL', 'called')], help_text='PAGE: the time to answer does not run.', max_length=4),
        ),
        migrations.AlterField(
            model_name='waitingentry',
            name='asked_how',
            field=models.CharField(blank=True, choices=[('SENT', 'written to'), ('PAGE', 'could not be written to'), ('CALL', 'called')], max_length=4),
        ),
        migrations.AddConstraint(
            model_name='accepted',
            constraint=models.CheckConstraint(condition=models.Q(('how', 'ONLINE'), ('appointment', None), _connector='XOR'), name='accepted_when_booking_or_noted_here'),
        ),
        migrations.RunPython(by_any_way, by_mail),
    ]
