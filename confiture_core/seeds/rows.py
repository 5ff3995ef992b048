"""A statement of seeds taken apart into its rows, each as a statement of its own."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pglast import ast, parse_sql
from pglast.parser import scan
from pglast.stream import RawStream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.statements import Statement


def rows_of(statement: Statement) -> tuple[Statement, ...]:
    """Give a statement for each row that it inserts; none where it cannot be told."""
    if statement.copy_rows is None:
        return tuple(_of_insert(statement))
    if "csv" in statement.sql.lower():
        return tuple(_of_csv(statement, statement.copy_rows))
    return tuple(_of_text(statement, statement.copy_rows))


def _of_text(statement: Statement, rows: str) -> Iterator[Statement]:
    for number, row in enumerate(rows.splitlines(keepends=True), start=1):
        line = statement.line_of_row(number)
        yield replace(statement, copy_rows=row, line=line)


def _of_csv(statement: Statement, rows: str) -> Iterator[Statement]:
    lines = rows.splitlines(keepends=True)
    reader = csv.reader(lines)
    has_header = "header" in statement.sql.lower()
    header, begin = "", 0
    for number, _ in enumerate(reader):
        record = "".join(lines[begin : reader.line_num])
        line, begin = statement.line_of_row(begin + 1), reader.line_num
        if number == 0 and has_header:
            header = record
        else:
            yield replace(statement, copy_rows=header + record, line=line, is_csv=False)


def _of_insert(statement: Statement) -> Iterator[Statement]:
    node: Any = parse_sql(statement.sql)[0].stmt
    if not isinstance(node, ast.InsertStmt) or not isinstance(node.selectStmt, ast.SelectStmt):
        return
    rows = node.selectStmt.valuesLists or ()
    if len(rows) < 2:
        return
    starts = _starts(statement.sql)
    if len(starts) != len(rows):
        return
    for row, start in zip(rows, starts, strict=True):
        node.selectStmt.valuesLists = (row,)
        yield replace(statement, sql=RawStream()(node), line=statement.line_at(start))


def _starts(sql: str) -> list[int]:
    """Find where the rows of VALUES begin: the tree does not say it of constants."""
    starts: list[int] = []
    depth, is_inside = 0, False
    for token in scan(sql):
        if token.name == "VALUES" and depth == 0:
            is_inside = True
        elif token.name == "ASCII_40":
            if is_inside and depth == 0:
                starts.append(token.start)
            depth += 1
        elif token.name == "ASCII_41":
            depth -= 1
        elif is_inside and depth == 0 and token.name in ("ON", "RETURNING"):
            break
    return starts
