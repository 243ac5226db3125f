"""Where an expression is answered: DuckDB in this process, or Spark for a national service."""

from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from .tables import Columns

TABLES = ("episodes", "scores", "ends", "clinicians")


class Duck:
    """DuckDB over tables in memory; it writes no file."""

    def __init__(self, columns: Columns, *, threads: int | None = None) -> None:
        given = {"threads": threads} if threads else {}
        self._at = ibis.duckdb.connect(":memory:", temp_directory="", **given)
        self.tables = {name: self.put(name, getattr(columns, name)) for name in TABLES}

    def put(self, name: str, table: pa.Table) -> Any:
        """A table that expressions may name; nothing is copied."""
        self._at.con.register(name, table)
        return self._at.table(name)

    def answer(self, expression: Any) -> pa.Table:
        """What it comes to."""
        return self._at.to_pyarrow(expression)


class Spark:
    """Spark over the same tables.

    Args:
        session: a Spark session. Whoever runs a national service makes it, with what their
            cluster needs.
    """

    def __init__(self, columns: Columns, session: Any) -> None:
        self._session = session
        self._at = ibis.pyspark.connect(session)
        self.tables = {name: self.put(name, getattr(columns, name)) for name in TABLES}

    def put(self, name: str, table: pa.Table) -> Any:
        """A table that expressions may name."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)
        return self._at.table(name)

    def answer(self, expression: Any) -> pa.Table:
        """What it comes to."""
        return self._at.to_pyarrow(expression)


Engine = Duck | Spark
Tables = Mapping[str, Any]
