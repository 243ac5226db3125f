"""Texts and calls each have a gateway of their own; the one there was keeps what it did.

And of an inquiry that was removed it stays known whether it was answered in time.
"""

from django.db import migrations, models


def rename(apps, schema_editor):
    """What went by "web" goes by what that gateway made of it."""
    get = apps.get_model
    row = get('contact', 'Gateway').objects.first()
    way = row.reaches.lower() if row else 'text'
    for name in ('Delivery', 'WaitingMessage'):
        get('contact', name).objects.filter(channel='web').update(channel=way)
    for name in ('Reminding', 'Preference'):
        for one in get('contact', name).objects.all():
            if 'web' in one.channels:
                one.channels = [way if id == 'web' else id for id in one.channels]
                one.save(update_fields=['channels'])


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0014_waiting_messages_to_members'),
    ]

    operations = [
        migrations.AddField(
            model_name='pastinquiry',
            name='in_time',
            field=models.BooleanField(help_text='Whether that came as was promised.', null=True),
        ),
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='gateway',
            name='gateway_is_one',
        ),
        migrations.AddConstraint(
            model_name='gateway',
            constraint=models.UniqueConstraint(fields=('reaches',), name='gateway_is_one_for_each_way'),
        ),
        migrations.AddConstraint(
            model_name='gateway',
            constraint=models.CheckConstraint(condition=models.Q(('reaches__in', ['TEXT', 'CALL'])), name='gateway_texts_or_calls'),
        ),
    ]
