"""Compares a dataset with the warehouse that it was published from, through Google's own client.

Usage: compare_bigquery.py WAREHOUSE PROJECT DATASET

Rows and sums of every column of every table, and of the nested seconds those of each workout, weighted by
their place in its list. Prints how many figures were compared; every difference is a line, and ends it with 1.
"""

import sys

import duckdb
import emulator

NUMBERS = {"INTEGER", "INT64", "FLOAT", "FLOAT64"}
NUMBER = {
    "bigquery": {
        "STRING": "LENGTH({})",
        "BOOLEAN": "CAST({} AS INT64)",
        "DATE": "UNIX_DATE({})",
        "TIMESTAMP": "UNIX_MICROS({})",
        "DATETIME": "UNIX_MICROS(TIMESTAMP({}))",
    },
    "duckdb": {
        "STRING": "length({})",
        "BOOLEAN": "CAST({} AS BIGINT)",
        "DATE": "({} - DATE '1970-01-01')",
        "TIMESTAMP": "epoch_us({})",
        "DATETIME": "epoch_us({})",
    },
}


def number(field, name, dialect):
    """What of a value can be summed up."""
    field_type = "BOOLEAN" if field.field_type == "BOOL" else field.field_type
    if field_type in NUMBERS:
        return name
    return NUMBER[dialect][field_type].format(name)


def figures(fields, quote, dialect):
    """An expression for each column: how often it is there, and what it sums up to."""
    for field in fields:
        name = quote(field.name)
        if field.mode == "REPEATED":
            length = "ARRAY_LENGTH" if dialect == "bigquery" else "len"
            yield field.name, f"SUM({length}({name}))"
            continue
        yield field.name, f"COUNT({name})"
        yield field.name, f"SUM({number(field, name, dialect)})"


def is_close(one, other):
    if one is None or other is None:
        return (one or 0) == (other or 0)
    return abs(float(one) - float(other)) <= 1e-9 * max(1.0, abs(float(one)))


class Comparison:
    def __init__(self, warehouse, project, dataset):
        self.duckdb = duckdb.connect(warehouse, read_only=True)
        self.duckdb.execute("SET TimeZone = 'UTC'")
        self.client = emulator.client(project)
        self.dataset = f"{project}.{dataset}"
        self.count = 0
        self.differences = []

    def ask(self, sql):
        return [tuple(row.values()) for row in self.client.query_and_wait(sql)]

    def same(self, what, names, here, there):
        for name, one, other in zip(names, here, there, strict=True):
            self.count += 1
            if not is_close(one, other):
                self.differences.append(f"{what}.{name}: {one} here, {other} there")

    def table(self, name):
        there = self.client.get_table(f"{self.dataset}.{name}")
        if not there.description or not all(field.description for field in there.schema):
            self.differences.append(f"{name}: a description is missing")
        self.columns(name, there.schema, f"`{self.dataset}.{name}`", f"main.{name}")
        for field in there.schema:
            if field.mode == "REPEATED":
                self.columns(
                    f"{name}.{field.name}",
                    field.fields,
                    f"(SELECT s.* FROM `{self.dataset}.{name}` AS w, UNNEST(w.{field.name}) AS s)",
                    f"(SELECT unnest({field.name}, recursive := true) FROM main.{name})",
                )
                self.lists(name, field)

    def lists(self, table, nested):
        """The items of each row, in their order."""

        def weighted(quote, dialect, place):
            for field in nested.fields:
                name = f"s.{quote(field.name)}"
                yield f"COUNT({name})"
                yield f"SUM({place} * {number(field, name, dialect)})"

        there = ", ".join(weighted(lambda name: f"`{name}`", "bigquery", "(place + 1)"))
        here = ", ".join(weighted(lambda name: f'"{name}"', "duckdb", "place"))
        there = self.ask(
            f"SELECT w.id, {there} FROM `{self.dataset}.{table}` AS w, "
            f"UNNEST(w.{nested.name}) AS s WITH OFFSET AS place GROUP BY w.id ORDER BY w.id"
        )
        here = self.duckdb.execute(
            f"SELECT id, {here} FROM (SELECT id, unnest({nested.name}) AS s, "
            f"generate_subscripts({nested.name}, 1) AS place FROM main.{table}) GROUP BY id ORDER BY id"
        ).fetchall()
        names = [f"{field.name} {figure}" for field in nested.fields for figure in ("count", "sum")]
        if [row[0] for row in here] != [row[0] for row in there]:
            self.differences.append(f"{table}.{nested.name}: other rows have items there")
            return
        for one, other in zip(here, there, strict=True):
            self.same(f"{table}.{nested.name} of {one[0]}", names, one[1:], other[1:])

    def columns(self, what, fields, source_there, source_here):
        there = list(figures(fields, lambda name: f"`{name}`", "bigquery"))
        here = list(figures(fields, lambda name: f'"{name}"', "duckdb"))
        names = ["rows", *(name for name, _ in here)]
        query = "SELECT COUNT(*), {} FROM {}"
        self.same(
            what,
            names,
            self.duckdb.execute(
                query.format(", ".join(sql for _, sql in here), source_here)
            ).fetchone(),
            self.ask(query.format(", ".join(sql for _, sql in there), source_there))[0],
        )


def main(warehouse, project, dataset):
    comparison = Comparison(warehouse, project, dataset)
    here = comparison.duckdb.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1"
    ).fetchall()
    there = {table.table_id for table in comparison.client.list_tables(comparison.dataset)}
    for (name,) in here:
        if name not in there:
            comparison.differences.append(f"{name} is not there")
        else:
            comparison.table(name)
    for difference in comparison.differences:
        print(difference)
    print(f"{comparison.count} figures of {len(here)} tables compared")
    sys.exit(bool(comparison.differences))


if __name__ == "__main__":
    main(*sys.argv[1:])
