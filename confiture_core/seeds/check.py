"""Seeds run on an empty database of the schema, row by row where they do not fit.

One file's rows are checked together at its end, as a build commits them: a constraint that is
deferred has to hold by then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg import errors

from confiture_core import names
from confiture_core.builder.runner import run_files
from confiture_core.builder.script import Script, StatementFailed, load_scripts, run_one
from confiture_core.errors import SqlError
from confiture_core.project import load_project
from confiture_core.seeds.rows import rows_of

if TYPE_CHECKING:
    from confiture_core.builder.access import MissingRole
    from confiture_core.config import Environment
    from confiture_core.factory.shadows import Shadows
    from confiture_core.project import SqlFile
    from confiture_core.reach import Connection
    from confiture_core.statements import Statement

_COMES_LATER = "what it refers to is in a later file: let this one come after that"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFinding:
    """A row or statement that does not fit."""

    message: str
    path: str
    line: int | None = None
    detail: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedReport:
    """What came of running all seeds."""

    files: int
    findings: tuple[SeedFinding, ...]


def check_seeds(environment: Environment, shadows: Shadows) -> SeedReport:
    """Run the schema and the seeds of an environment; an error in the schema itself is raised."""
    project = load_project(environment)
    database = shadows.make()
    with shadows.connect(database) as connection:
        on_missing_role: MissingRole = "create" if shadows.server.is_ephemeral else "skip"
        run_files(connection, project.schema_files, on_missing_role=on_missing_role)
        check = _Check(connection)
        for file in project.seed_files:
            check.run(file)
        check.look_for_later_rows()
    shadows.drop(database)
    return SeedReport(files=len(project.seed_files), findings=tuple(check.findings))


@dataclass(slots=True)
class _Check:
    """The findings so far, and what may fit once more rows are there."""

    connection: Connection
    findings: list[SeedFinding] = field(default_factory=list)
    _early: list[tuple[int, Statement]] = field(default_factory=list)

    def run(self, file: SqlFile) -> None:
        """Run a file; if it fails, run it again in parts and keep those that fit."""
        try:
            (script,) = load_scripts([file])
        except SqlError as exc:
            self._add(exc.message, file, exc.line, exc.detail)
            return
        try:
            run_files(self.connection, [file])
        except SqlError as exc:
            before = len(self.findings)
            self._run_apart(script)
            if len(self.findings) == before:
                self._add(exc.message, file, exc.line, exc.detail)

    def look_for_later_rows(self) -> None:
        """Say of what referred to rows that were not there whether they came later."""
        for number, statement in self._early:
            if self._failure(statement) is None:
                old = self.findings[number]
                self.findings[number] = SeedFinding(
                    message=old.message,
                    path=old.path,
                    line=old.line,
                    detail=old.detail,
                    hint=_COMES_LATER,
                )

    def _run_apart(self, script: Script) -> None:
        try:
            with self.connection.transaction():
                for statement in script.statements:
                    self._run_statement(statement, script.file)
                self._check_deferred(script)
        except psycopg.Error as exc:
            self._add_error(exc, script.file, None)
        self.connection.execute("reset all", prepare=False)

    def _run_statement(self, statement: Statement, file: SqlFile) -> None:
        failure = self._failure(statement)
        if failure is None:
            return
        rows = rows_of(statement)
        failures = [(row, self._failure(row)) for row in rows]
        if not any(one for _, one in failures):
            failures = [(statement, failure)]
        for row, one in failures:
            if one is None:
                continue
            if isinstance(one.cause, errors.ForeignKeyViolation):
                self._early.append((len(self.findings), row))
            line = one.line if row is statement else row.line
            self._add_error(one.cause, file, line)

    def _failure(self, statement: Statement) -> StatementFailed | None:
        try:
            with self.connection.transaction():
                run_one(self.connection, statement)
        except StatementFailed as failure:
            return failure
        return None

    def _check_deferred(self, script: Script) -> None:
        """Have each deferred constraint checked by itself; the rows stay only if all hold."""
        rows = self.connection.execute(
            "select n.nspname::text, c.conname::text, c.conrelid::pg_catalog.regclass::text"
            " from pg_catalog.pg_constraint c"
            " join pg_catalog.pg_namespace n on n.oid = c.connamespace"
            " where c.condeferrable and c.conparentid = 0 order by 1, 2",
            prepare=False,
        ).fetchall()
        is_broken = False
        for schema, name, table in rows:
            constraint = names.qualified(schema, name)
            try:
                with self.connection.transaction():
                    self.connection.execute(
                        f"set constraints {constraint} immediate".encode(), prepare=False
                    )
            except psycopg.Error as exc:
                is_broken = True
                self._add_error(exc, script.file, _last_line(script, table))
        if is_broken:
            raise psycopg.Rollback

    def _add_error(self, exc: psycopg.Error, file: SqlFile, line: int | None) -> None:
        message = exc.diag.message_primary or str(exc).strip()
        self._add(message, file, line, exc.diag.message_detail)

    def _add(self, message: str, file: SqlFile, line: int | None, detail: str | None) -> None:
        self.findings.append(
            SeedFinding(message=message, path=file.shown, line=line, detail=detail)
        )


def _last_line(script: Script, table: str) -> int | None:
    """Give the line of the last statement that speaks of a table."""
    name = table.rpartition(".")[2].strip('"')
    lines = [statement.line for statement in script.statements if name in statement.sql]
    return lines[-1] if lines else None
