from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_consents"),
    ]

    operations = [
        migrations.AddField(
            model_name="place",
            name="region",
            field=models.CharField(
                blank=True,
                default="",
                help_text="ISO 3166-2, without the country; whose holidays hold.",
                max_length=20,
            ),
            preserve_default=False,
        ),
    ]
