from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0013_informants'),
    ]

    operations = [
        migrations.AddField(
            model_name='signalstep',
            name='once',
            field=models.UUIDField(help_text='Tells a form sent twice from two forms.', null=True),
        ),
    ]
