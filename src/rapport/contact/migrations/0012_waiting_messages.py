import django.db.models.deletion
import rapport.core.vault.text
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0011_daily_reminder'),
        ('meeting', '0014_waiting_and_terms'),
        ('people', '0012_joined_by_meeting'),
    ]

    operations = [
        migrations.CreateModel(
            name='WaitingMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('OFFER', 'an hour on offer'), ('GONE', 'the hour is taken'), ('STILL', 'still looking?')], max_length=5)),
                ('asked_at', models.DateTimeField(help_text='When it was offered, or the question was asked.')),
                ('channel', models.CharField(max_length=20)),
                ('contact_id', models.UUIDField(help_text="A client's number or address.")),
                ('state', models.CharField(choices=[('PLANNED', 'waiting'), ('SENDING', 'on its way'), ('SENT', 'sent'), ('UNSURE', 'perhaps sent'), ('FAILED', 'failed'), ('BOUNCED', 'came back'), ('DROPPED', 'not needed any more')], default='PLANNED', max_length=7)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, help_text='Class of the last error.', max_length=100)),
                ('path', rapport.core.vault.text.SealedText(blank=True, editable=True, key='client.data_key', name='waiting_message.path')),
                ('planned_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.client')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='meeting.waitingentry')),
                ('offer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='meeting.offer')),
            ],
            options={
                'indexes': [models.Index(fields=['client', '-planned_at'], name='waiting_message_of_client'), models.Index(fields=['state', 'planned_at'], name='waiting_message_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('offer', None), ('entry', None), _connector='XOR'), name='waiting_message_is_about_one_thing'), models.UniqueConstraint(condition=models.Q(('state__in', ['PLANNED', 'SENDING', 'SENT', 'UNSURE'])), fields=('kind', 'offer'), name='offer_is_told_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['PLANNED', 'SENDING', 'SENT', 'UNSURE'])), fields=('entry', 'asked_at'), name='question_is_told_once')],
            },
        ),
    ]
