"""What stands in the database, made into Python's: a page reads thousands of ids."""

import uuid
from typing import Any

from django.db.backends.sqlite3 import operations as stock


class DatabaseOperations(stock.DatabaseOperations):
    """Django's, where an id takes half the steps: it stands as 32 digits and in no other way."""

    def convert_uuidfield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else uuid.UUID(int=int(value, 16))
