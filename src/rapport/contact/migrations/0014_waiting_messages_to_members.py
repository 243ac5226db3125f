"""A couple or family on the waiting list may be told by several messages, one to each member."""

from django.db import migrations, models

LIVES = models.Q(("state__in", ["PLANNED", "SENDING", "SENT", "UNSURE"]))


class Migration(migrations.Migration):
    dependencies = [("contact", "0013_ask_us")]

    operations = [
        migrations.RemoveConstraint(model_name="waitingmessage", name="offer_is_told_once"),
        migrations.RemoveConstraint(model_name="waitingmessage", name="question_is_told_once"),
        migrations.AddConstraint(
            model_name="waitingmessage",
            constraint=models.UniqueConstraint(
                condition=LIVES, fields=("kind", "offer", "client"), name="offer_is_told_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingmessage",
            constraint=models.UniqueConstraint(
                condition=LIVES, fields=("entry", "asked_at", "client"),
                name="question_is_told_once",
            ),
        ),
    ]
