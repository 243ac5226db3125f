"""The questions of the service view on a local Spark: the same answer as DuckDB's.

A stage of its own in ``rapport test``: Spark needs Java, and half a minute to wake up.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from rapport.progress.extract.engines import Duck, Spark
from rapport.progress.outcomes import by_columns

from .columns import columns
from .test_by_columns import JUDGE, MEANS, OF_MEANS, QUESTIONS


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession  # noqa: PLC0415  for this stage alone

    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield made
    made.stop()


@pytest.mark.parametrize("name", QUESTIONS)
def test_spark_answers_as_duckdb_does(name: str, session: Any) -> None:
    found = columns(Random(7), clients=150)
    given: Any = {"asked": QUESTIONS[name], "judge": JUDGE, "me": "staff 1"}

    one = by_columns.grouped(Spark(found, session), found, **given)
    other = by_columns.grouped(Duck(found, threads=1), found, **given)

    assert one == other
    assert one[0].clients or name == "nobody"


@pytest.mark.parametrize("name", OF_MEANS)
def test_spark_answers_as_duckdb_does_of_means_of_two(name: str, session: Any) -> None:
    found = columns(Random(5), clients=200, many=(2, 3, 9, 12), forms=12)
    given: Any = {"asked": QUESTIONS[name], "judge": MEANS, "me": ""}

    one = by_columns.grouped(Spark(found, session), found, **given)
    assert one == by_columns.grouped(Duck(found, threads=1), found, **given)
