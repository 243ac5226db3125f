"""Every diary's hours become rows of the week, one for each weekday."""

from django.db import migrations


def write_down(apps, _editor):
    Diary, Hours = apps.get_model("meeting", "Diary"), apps.get_model("meeting", "WorkingHours")
    said = set(Hours.objects.values_list("staff", flat=True))
    Hours.objects.bulk_create(
        Hours(staff_id=one.staff_id, weekday=day, from_at=one.day_from, until_at=one.day_until)
        for one in Diary.objects.exclude(staff__in=said)
        for day in sorted(set(one.weekdays))
        if day in range(1, 8)
    )


def take_back(apps, _editor):
    """One stretch a day is all a diary can say: from the first to the last of a clinician."""
    Diary, Hours = apps.get_model("meeting", "Diary"), apps.get_model("meeting", "WorkingHours")
    for one in Diary.objects.all():
        rows = list(Hours.objects.filter(staff=one.staff_id))
        if rows:
            one.day_from = min(row.from_at for row in rows)
            one.day_until = max(row.until_at for row in rows)
        one.weekdays = sorted({row.weekday for row in rows})
        one.save(update_fields=["day_from", "day_until", "weekdays"])
    Hours.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("meeting", "0002_scheduling"),
        ("people", "0005_place_region"),
    ]

    operations = [migrations.RunPython(write_down, take_back)]
