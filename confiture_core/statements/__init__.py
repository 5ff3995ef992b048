"""The statements of an SQL text, as PostgreSQL's own grammar (pglast) cuts and names them.

This is the one place where users' SQL is split, and the one that says what a statement is; it
decides by node classes and enums of the parse tree, never by a pattern.
"""

from __future__ import annotations

from confiture_core.statements.beyond import (
    is_beyond_schema,
    may_name_database,
    refuse_beyond_database,
)
from confiture_core.statements.classify import (
    is_access_statement,
    is_pg_dump,
    may_leave_transaction,
    only_defines,
    runs_in_transaction,
    transaction_control,
    turned_off_time_out,
)
from confiture_core.statements.csv_rows import copy_of_csv
from confiture_core.statements.defined import DefinedObject, defined_object
from confiture_core.statements.mentioned import mentioned_names
from confiture_core.statements.roles import (
    administers_roles,
    created_role,
    may_mention_roles,
    mentioned_roles,
)
from confiture_core.statements.split import Statement, split_statements

__all__ = [
    "DefinedObject",
    "Statement",
    "administers_roles",
    "copy_of_csv",
    "created_role",
    "defined_object",
    "is_access_statement",
    "is_beyond_schema",
    "is_pg_dump",
    "may_leave_transaction",
    "may_mention_roles",
    "may_name_database",
    "mentioned_names",
    "mentioned_roles",
    "only_defines",
    "refuse_beyond_database",
    "runs_in_transaction",
    "split_statements",
    "transaction_control",
    "turned_off_time_out",
]
