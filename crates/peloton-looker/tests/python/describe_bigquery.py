"""Prints the columns of every table of a dataset, nested ones too: `table.column TYPE`, a line each.

Usage: describe_bigquery.py PROJECT DATASET
"""

import sys

import emulator


def describe(name, fields):
    for field in fields:
        is_list = field.mode == "REPEATED"
        print(f"{name}.{field.name} {'REPEATED' if is_list else field.field_type}")
        describe(f"{name}.{field.name}", field.fields)


def main(project, dataset):
    client = emulator.client(project)
    for table in client.list_tables(f"{project}.{dataset}"):
        describe(table.table_id, client.get_table(table).schema)


if __name__ == "__main__":
    main(*sys.argv[1:])
