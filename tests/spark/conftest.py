"""A Spark session on this computer, where pyspark and Java are there."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from theograph.opportunities.workbench import open_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HOW_TO_GET = "no Spark: pip install theograph[spark], and install Java 17"
# Stores here are small, so that working out how to run a query takes longer than running it.
FOR_SMALL_STORES = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
# Java that starts at once: a run is over before the better compiler has paid for itself.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
# What pyspark itself raises: a socket to its own Java left open, and doubts about pandas 3.
PYSPARKS_OWN = (
    "ignore:unclosed <socket.socket .*'127.0.0.1':ResourceWarning",
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and let pass in it what pyspark itself raises."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.spark)
            for warning in PYSPARKS_OWN:
                item.add_marker(pytest.mark.filterwarnings(warning))


def has_java() -> bool:
    """Whether Java is there, where pyspark looks for it."""
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which(str(Path(home) / "bin" / "java") if home else "java"))


@pytest.fixture(scope="session")
def has_spark() -> None:
    """Skips with one line when there is no Spark here, or fails where Spark is required."""
    if importlib.util.find_spec("pyspark") and has_java():
        return
    if os.environ.get("THEOGRAPH_REQUIRE_SPARK") == "1":
        pytest.fail(HOW_TO_GET)
    pytest.skip(HOW_TO_GET)


@pytest.fixture(scope="session")
def session(has_spark: None) -> Iterator[SparkSession]:
    """One session for the whole run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JDK_JAVA_OPTIONS", QUICK_JAVA)
        with open_spark() as opened:
            for name, value in FOR_SMALL_STORES.items():
                opened.conf.set(name, value)
            yield opened
