"""What SQLCipher's SQLite can do: asked of its own library, not of Python's."""

from django.db.backends.sqlite3 import features as stock
from sqlcipher3 import dbapi2 as Database

VERSION = Database.sqlite_version_info


class DatabaseFeatures(stock.DatabaseFeatures):
    """Django computes these from the standard library's SQLite, and for one in memory."""

    can_alter_table_drop_column = VERSION >= (3, 35, 5)
    can_return_columns_from_insert = VERSION >= (3, 35)
    can_return_rows_from_bulk_insert = VERSION >= (3, 35)
    supports_json_field = True  # known, so that the first page does not spend statements asking
    can_introspect_json_field = True
    has_json_object_function = True
    max_query_params = 32766
    test_db_allows_multiple_connections = True
