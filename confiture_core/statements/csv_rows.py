"""A file of comma-separated values as the COPY that loads it."""

from __future__ import annotations

import csv
import io
import re

from confiture_core import names
from confiture_core.errors import SqlError
from confiture_core.statements.split import Statement

_NUMBER = re.compile(r"^\d+_(?=.)")  # says when the file is run, and is no part of the table's name


def copy_of_csv(text: str, name: str, *, shown: str | None = None) -> Statement:
    """Make the COPY of a file whose first line names the columns.

    `name` is the file's, without .csv: that of the table, `users` or `sales.orders`, with a number
    in front or not.
    """
    header = next(csv.reader(io.StringIO(text, newline="")), [])
    columns = [column.strip() for column in header]
    if not any(columns):
        raise SqlError("the file has no header: its first line names the columns", path=shown)
    if "" in columns:
        number = columns.index("") + 1
        raise SqlError(f"column {number} of the header has no name", path=shown, line=1)
    table = ".".join(names.quote(part) for part in _NUMBER.sub("", name).split(".", 1))
    listed = ", ".join(map(names.quote, columns))
    sql = f"COPY {table} ({listed}) FROM STDIN WITH (FORMAT csv, HEADER true)"
    return Statement(sql=sql, line=1, offset=0, shown=shown, copy_rows=text, is_csv=True)
