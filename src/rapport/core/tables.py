"""The tables of a practice: all at once in an empty database, in steps in an older one.

Every migration in turn takes ten times as long as the tables it ends at. That both ways lead to
the same tables is held by a test; what a migration does to rows, an empty database has no use for.
"""

from django.apps import apps
from django.core.management import call_command
from django.db import connection, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def bring_up() -> None:
    """Bring the database to this version's tables, and put up what stands beside them."""
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        _found(recorder)
    call_command("migrate", verbosity=0, interactive=False)  # it also tells whoever waits for it


def _found(recorder: MigrationRecorder) -> None:
    """Make every table at once, or none."""
    models = [
        model
        for config in apps.get_app_configs()
        for model in router.get_migratable_models(config, connection.alias)
        if model._meta.can_migrate(connection)  # it has a table of its own
    ]
    with connection.schema_editor() as editor:
        editor.create_model(recorder.Migration)
        for model in models:
            editor.create_model(model)
        stand_for_every_migration(recorder)


def stand_for_every_migration(recorder: MigrationRecorder) -> None:
    """Write down that the tables are those that every migration in turn leads to."""
    for app, name in MigrationLoader(None).graph.nodes:
        recorder.record_applied(app, name)
