"""Where an expression is answered: DuckDB in this process, or Spark for a national service."""

from functools import lru_cache
from typing import Any

import ibis
import pyarrow as pa

from .tables import Columns

TABLES = ("episodes", "scores", "ends", "clinicians")


@lru_cache(maxsize=64)
def _statement(operation: Any) -> tuple[str, pa.Schema]:
    """DuckDB's for an expression, and what it answers: composed once, as that takes long."""
    expression = operation.to_expr()
    statement = ibis.to_sql(expression, dialect="duckdb", pretty=False)
    return str(statement), expression.schema().to_pyarrow()


class Duck:
    """DuckDB over tables in memory; it writes no file."""

    def __init__(self, columns: Columns, *, threads: int | None = None) -> None:
        given = {"threads": threads} if threads else {}
        self._at = ibis.duckdb.connect(":memory:", temp_directory="", **given)
        for name in TABLES:
            self.put(name, getattr(columns, name))

    def put(self, name: str, table: pa.Table) -> None:
        """A table that expressions may name; nothing is copied."""
        self._at.con.register(name, table)

    def answer(self, expression: Any) -> pa.Table:
        """What it comes to."""
        statement, schema = _statement(expression.op())
        return self._at.con.sql(statement).to_arrow_table().cast(schema)


class Spark:
    """Spark over the same tables.

    Args:
        session: a Spark session. Whoever runs a national service makes it, with what their
            cluster needs.
    """

    def __init__(self, columns: Columns, session: Any) -> None:
        self._session = session
        self._at = ibis.pyspark.connect(session)
        for name in TABLES:
            self.put(name, getattr(columns, name))

    def put(self, name: str, table: pa.Table) -> None:
        """A table that expressions may name."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def answer(self, expression: Any) -> pa.Table:
        """What it comes to."""
        return self._at.to_pyarrow(expression)


Engine = Duck | Spark
