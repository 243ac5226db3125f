"""Every table says who may see its rows, and every column what becomes of it."""

from django.apps import apps

from rapport.people.models import Client

CLASSES = {"id", "code", "time", "name", "sealed", "contact", "setting", "link", "secret", "score"}


def ours():
    return [m for m in apps.get_models() if m.__module__.startswith("rapport.")]


def leads_to_a_client(model, seen=()):
    if model is Client:
        return True
    return any(
        leads_to_a_client(f.related_model, (*seen, model))
        for f in model._meta.get_fields()
        if f.many_to_one and f.related_model in ours() and f.related_model not in (*seen, model)
    )


def test_every_field_has_a_class_for_scrubbing_and_export():
    undecided = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if getattr(model, "field_classes", {}).get(field.name) not in CLASSES
    ]
    assert undecided == []


def test_no_class_is_given_to_a_field_that_is_not_there():
    stray = [
        f"{model._meta.label}.{name}"
        for model in ours()
        for name in getattr(model, "field_classes", {})
        if name not in {f.name for f in model._meta.get_fields()}
    ]
    assert stray == []


def test_every_model_that_leads_to_a_client_has_a_scope():
    linked = [m for m in ours() if leads_to_a_client(m)]
    assert Client in linked
    without = [
        m._meta.label
        for m in linked
        if not (hasattr(m.objects.all(), "visible_to") or hasattr(m.objects.all(), "clinical_to"))
    ]
    assert without == []


def test_every_primary_key_is_made_before_insertion():
    numbered = {"AuditEntry", "AuditHead", "Certificate", "Tick"}  # named or numbered by nature
    auto = [
        m._meta.label
        for m in ours()
        if m.__name__ not in numbered and not m._meta.auto_created and not m._meta.pk.has_default()
        and m._meta.pk.remote_field is None
    ]  # fmt: skip
    assert auto == []


def test_nothing_that_prints_says_a_name():
    for model in ours():
        assert "__str__" in vars(model), f"{model._meta.label} has no __str__ of its own"
