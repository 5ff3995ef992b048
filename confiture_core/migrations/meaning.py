"""Texts of migrations compared by what they mean, not by how they are written.

Comments, spacing, line endings and the case of keywords are no meaning: a formatter or an editor
that touches an applied migration is no tampering.
"""

from __future__ import annotations

import ast
import hashlib
import warnings

from pglast import parser

# What a migration calls with SQL.
_CALLS = frozenset({"copy", "execute", "in_batches"})
_COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})


def digest(text: str) -> str:
    """Digest a text, whatever its line endings."""
    return hashlib.sha256(_unix(text).encode()).hexdigest()


def same_sql(one: str, other: str) -> bool:
    """Tell whether two texts are the same SQL."""
    return one == other or sql_tokens(one) == sql_tokens(other)


def same_up(one: str, other: str) -> bool:
    """Tell whether two Python migrations do the same in `up`.

    What `down` does is left out: correcting the way back of an applied migration is no tampering.
    """
    return one == other or up_meaning(one) == up_meaning(other)


def parse_python(text: str) -> ast.Module:
    """Parse Python without a word on what it warns of: the author hears that elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(_unix(text))


def sql_tokens(text: str) -> tuple[str, ...]:
    """Read the tokens of SQL without its comments; text that is no SQL is one token."""
    text = _unix(text)
    try:
        tokens = parser.scan(text)
    except parser.ParseError:
        return (text.strip(),)
    kept = [
        _folded(text[token.start : token.end + 1])
        for token in tokens
        if token.name not in _COMMENTS
    ]
    while kept and kept[-1] == ";":
        kept.pop()
    return tuple(kept)


def _folded(token: str) -> str:
    # Literals and quoted names keep their case: 'a', E'a', U&"a", "a", $$a$$.
    is_literal = "'" in token or '"' in token or token.startswith("$")
    return token if is_literal else token.lower()


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def up_meaning(text: str) -> str:
    """Write down what a Python migration is but for `down`; text that is no Python is itself."""
    try:
        tree = parse_python(text)
    except (SyntaxError, ValueError):
        return text
    return ast.dump(_Meaning().visit(tree))


class _Meaning(ast.NodeTransformer):
    """Takes out of a module what does not bear on `up`."""

    def visit(self, node: ast.AST) -> ast.AST:
        """Take docstrings and `down` out, and SQL apart."""
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            node.body = [part for part in node.body if not _is_left_out(part)]
        elif isinstance(node, ast.Call) and _is_execute(node):
            node.args[0] = _as_tokens(node.args[0])
        return self.generic_visit(node)


def _is_left_out(part: ast.stmt) -> bool:
    if isinstance(part, ast.Expr):
        return isinstance(part.value, ast.Constant)  # a docstring, or an ellipsis
    return isinstance(part, ast.FunctionDef) and part.name == "down"


def _is_execute(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS and bool(node.args)


def _as_tokens(argument: ast.expr) -> ast.expr:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return ast.Constant(value="\n".join(sql_tokens(argument.value)))
    return argument
