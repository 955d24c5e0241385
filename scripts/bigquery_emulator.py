"""Starts bqemulator on a free port of loopback and prints its address.

Some of its gaps are closed here, so that what it does right can be tested: it wants extensions of
DuckDB from the network when it starts; it takes Parquet columns by position, where BigQuery takes them by
name; columns that a table is patched with exist in its catalogue only; its threads share a connection
to DuckDB, so that a list of rows may be what another request asked for; and it does not know how DuckDB
calls a week that begins on Monday.
"""

import asyncio
import os
import socket
import sys
import threading
import time
import urllib.request

# What it logs, from its first import on, is not for whoever reads the address.
OUT = os.dup(1)
os.dup2(2, 1)

from bqemulator.api.routes import tables
from bqemulator.catalog.memory_repository import MemoryCatalogRepository
from bqemulator.domain.result import Ok
from bqemulator.jobs import executor
from bqemulator.sql.translator import SQLTranslator
from bqemulator.storage.engine import DuckDBEngine
from fastapi import routing


def without_spatial(self):
    """Nothing here is a geography."""


def load_by_name(path, target, context):
    context.engine.execute(
        f"INSERT INTO {target} BY NAME SELECT * FROM read_parquet(?)", [path]
    )


async def without_thread(call, *arguments, **named):
    """Between its statement and the rows of it no other request comes."""
    return call(*arguments, **named)


def with_iso_weeks(translate):
    last = {}

    def translated(self, sql, **context):
        # A dry run and the run after it want the same, and it takes most of their time.
        asked = (sql, repr(context))
        if asked not in last:
            last.clear()
            last[asked] = translate(self, sql, **context)
        result = last[asked]
        if not result.is_ok():
            return result
        # DuckDB's weeks are those of ISO 8601.
        return Ok(result.value.replace("DATE_TRUNC('ISOWEEK',", "DATE_TRUNC('WEEK',"))

    return translated


def with_new_columns(update_table):
    def update(self, table):
        known = self.get_table(table.project_id, table.dataset_id, table.table_id)
        names = {field.name for field in known.schema_.fields} if known else set()
        added = [field for field in table.schema_.fields if field.name not in names]
        target = tables.quoted_table_ref(table.project_id, table.dataset_id, table.table_id)
        if known and added:
            fields = [tables._field_to_rest(field) for field in added]
            for name, kind in tables.bq_schema_to_duckdb_columns(fields):
                self._engine.execute(f'ALTER TABLE {target} ADD COLUMN "{name}" {kind}')
        return update_table(self, table)

    return update


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def say_when_it_answers(port):
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/bigquery/v2/projects/p/datasets", timeout=5).read()
            os.write(OUT, f"{address}\n".encode())
            os.close(OUT)
            return
        except OSError:
            time.sleep(0.05)
    os._exit(1)


def end_with_parent():
    """The test that started it holds the other end of standard input."""
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    os.environ["BQEMU_ENABLE_FORMAT_EXTENSIONS"] = "false"
    DuckDBEngine._load_spatial = without_spatial
    executor._LOAD_FORMAT_HANDLERS["PARQUET"] = load_by_name
    routing.run_in_threadpool = without_thread
    SQLTranslator.translate = with_iso_weeks(SQLTranslator.translate)
    MemoryCatalogRepository.update_table = with_new_columns(MemoryCatalogRepository.update_table)
    port = free_port()
    threading.Thread(target=say_when_it_answers, args=(port,), daemon=True).start()
    threading.Thread(target=end_with_parent, daemon=True).start()

    from bqemulator.cli import main as bqemulator

    arguments = ["start", "--rest-port", str(port), "--grpc-port", "0", "--ephemeral"]
    bqemulator(arguments)


if __name__ == "__main__":
    main()
