"""Migrations as the text of files.

Whatever the SQL holds, the file gives back exactly that SQL: it is indented only where no literal
spans lines, and every Python literal is read back before it is used.
"""

from __future__ import annotations

import ast
import keyword
import re
from typing import TYPE_CHECKING

from pglast import parser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_INDENT = " " * 8
_COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})


def render_python_migration(  # noqa: PLR0913 - the seven things a file says
    version: str,
    name: str,
    up: Sequence[str],
    down: Sequence[str],
    *,
    transactional: bool = True,
    irreversible: str | None = None,
    notes: Sequence[str] = (),
) -> str:
    """Write the Python file of a migration from the statements of its two directions.

    Without statements for `down`, a migration that gives its reason to be irreversible has no
    such method.
    """
    lines = [
        f'"""Migration: {name}',
        "",
        f"Version: {version}",
        '"""',
        "",
        "from confiture.models.migration import Migration",
        "",
        "",
        f"class {class_name(name)}(Migration):",
        f'    """Migration: {name}."""',
        "",
        f'    version = "{version}"',
        f'    name = "{name}"',
    ]
    if not transactional:
        lines.append("    transactional = False")
    if irreversible is not None:
        lines.append(f"    irreversible = {python_literal(irreversible)}")
    lines += ["", *_method("up", "Apply migration.", up, notes)]
    if down or irreversible is None:
        lines += ["", *_method("down", "Rollback migration.", down, ())]
    return "\n".join(lines) + "\n"


def render_sql_migration(  # noqa: PLR0913 - the seven things a pair of files says
    version: str,
    name: str,
    up: Sequence[str],
    down: Sequence[str],
    *,
    transactional: bool = True,
    irreversible: str | None = None,
    notes: Sequence[str] = (),
) -> tuple[str, str | None]:
    """Write the texts of an `.up.sql` and a `.down.sql` file.

    There is no down file where there are no statements for it and a reason why.
    """
    header = [f"-- Migration: {name}", f"-- Version: {version}"]
    options = [] if transactional else ["-- confiture: transactional: false"]
    reason = [] if irreversible is None else [f"-- confiture: irreversible: {_flat(irreversible)}"]
    comments = [f"-- {line}".rstrip() for line in _lines(notes)]
    up_text = _script([*header, *options, *reason, *comments], up)
    if not down and irreversible is not None:
        return up_text, None
    return up_text, _script([*header, *options], down)


def class_name(name: str) -> str:
    """Name the class of a migration: create_users_table gives CreateUsersTable."""
    words = [word for word in re.split(r"\W|_", name) if word]
    joined = "".join(word[0].upper() + word[1:] for word in words)
    if not joined.isidentifier() or keyword.iskeyword(joined) or joined == "Migration":
        return f"Migration{joined}"
    return joined


def python_literal(text: str) -> str:
    """Write a one-line Python literal of exactly this text, in double quotes where it can be."""
    prefix = _prefix(text)
    return _exact([f'{prefix}"{text}"', f"{prefix}'{text}'"], text) or repr(text)


def _method(name: str, doc: str, statements: Sequence[str], notes: Sequence[str]) -> Iterator[str]:
    yield f"    def {name}(self) -> None:"
    yield f'        """{doc}"""'
    for line in _lines(notes):
        yield f"{_INDENT}# {line}".rstrip()
    for statement in statements:
        yield f"{_INDENT}self.execute({_argument(statement)})"


def _argument(statement: str) -> str:
    if "\n" not in statement:
        return python_literal(statement)
    body = _indented(statement) if _can_be_indented(statement) else statement
    text = f"\n{body}\n{_INDENT}"
    prefix = _prefix(text)
    candidates = [f'{prefix}"""{text}"""', f"{prefix}'''{text}'''"]
    return _exact(candidates, text) or repr(statement)


def _prefix(text: str) -> str:
    return "r" if "\\" in text else ""


def _can_be_indented(statement: str) -> bool:
    """Tell whether no literal, quoted name or body of a function spans lines."""
    try:
        tokens = parser.scan(statement)
    except parser.ParseError:
        return False
    return not any(
        "\n" in statement[token.start : token.end + 1]
        for token in tokens
        if token.name not in _COMMENTS
    )


def _indented(statement: str) -> str:
    pad = _INDENT + " " * 4
    return "\n".join(pad + line if line.strip() else "" for line in statement.split("\n"))


def _exact(candidates: Iterable[str], text: str) -> str | None:
    for candidate in candidates:
        try:
            # Python reads \r and \r\n in a literal as \n: only what comes back is right.
            value = ast.literal_eval(candidate)
        except (SyntaxError, ValueError):
            continue
        if value == text:
            return candidate
    return None


def _script(header: Sequence[str], statements: Sequence[str]) -> str:
    return "\n\n".join(["\n".join(header), *map(_terminated, statements)]) + "\n"


def _terminated(statement: str) -> str:
    statement = statement.rstrip()
    return f"{statement}\n;" if _ends_in_line_comment(statement) else f"{statement};"


def _ends_in_line_comment(statement: str) -> bool:
    try:
        tokens = parser.scan(statement)
    except parser.ParseError:
        return False
    return bool(tokens) and tokens[-1].name == "SQL_COMMENT"


def _lines(notes: Iterable[str]) -> list[str]:
    return [line for note in notes for line in note.splitlines()]


def _flat(text: str) -> str:
    return " ".join(text.split())
