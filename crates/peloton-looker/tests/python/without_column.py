"""Takes a column away from a table, as an older program would have left it.

Usage: without_column.py PROJECT DATASET TABLE COLUMN
"""

import sys

import emulator
from google.cloud import bigquery


def main(project, dataset, table, column):
    client = emulator.client(project)
    name = f"{project}.{dataset}.{table}"
    before = client.get_table(name)
    client.delete_table(name)
    fields = [field for field in before.schema if field.name != column]
    client.create_table(bigquery.Table(name, schema=fields))


if __name__ == "__main__":
    main(*sys.argv[1:])
