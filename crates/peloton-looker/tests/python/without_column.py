"""Takes a column away from a table, as an older program would have left it.

Usage: without_column.py PROJECT DATASET TABLE COLUMN
"""

import os
import sys

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery


def main(project, dataset, table, column):
    client = bigquery.Client(
        project=project,
        credentials=AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=os.environ["BIGQUERY_EMULATOR_HOST"]),
    )
    name = f"{project}.{dataset}.{table}"
    before = client.get_table(name)
    client.delete_table(name)
    fields = [field for field in before.schema if field.name != column]
    client.create_table(bigquery.Table(name, schema=fields))


if __name__ == "__main__":
    main(*sys.argv[1:])
