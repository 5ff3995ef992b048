"""Verdicts remembered between runs: of what has not changed, and nothing before it.

A verdict is about one migration on the state that those before it give. So its key is a digest
of all that makes it up: the server, confiture, the files up to the migration, and its down.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from dataclasses import asdict, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from confiture_core.catalog.model import Identity
from confiture_core.migrations.meaning import parse_python, up_meaning
from confiture_core.verify.finding import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.finding import Law

# What a migration may import without its meaning hanging on a file that is not looked at.
_KNOWN_MODULES = frozenset({"confiture", "confiture_core", "psycopg", "__future__"})


class Store(Protocol):
    """Where verdicts are kept, by name."""

    def get(self, name: str) -> Any:
        """Give what was kept; None if there is nothing."""
        ...

    def set(self, name: str, value: Any) -> None:
        """Keep a value that JSON can hold."""
        ...


class Nowhere:
    """Keeps nothing."""

    def get(self, name: str) -> Any:
        """Give None."""
        return None

    def set(self, name: str, value: Any) -> None:
        """Do nothing."""


class Folder:
    """Keeps values as files of a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, name: str) -> Any:
        """Read a file; what cannot be read is not there."""
        try:
            return json.loads(self._path(name).read_bytes())
        except (OSError, ValueError):
            return None

    def set(self, name: str, value: Any) -> None:
        """Write a file, whole or not at all."""
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            written = path.with_suffix(".new")
            written.write_text(json.dumps(value), encoding="utf-8")
            written.replace(path)
        except OSError:
            # A cache that cannot be written to is none.
            return

    def _path(self, name: str) -> Path:
        return self._directory / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def store_of(cache: Path | None, directory: Path) -> Store:
    """Give where verdicts on a directory are kept: in a cache, if there is one."""
    if cache is None:
        return Nowhere()
    named = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:16]
    return Folder(cache / "verdicts" / named)


class Memory:
    """The verdicts on a directory of migrations."""

    def __init__(
        self, store: Store, migrations: Sequence[MigrationFile], *, server: str, more: str = ""
    ) -> None:
        self._store = store
        self.lasts = not isinstance(store, Nowhere)  # until the next run
        self._keys = _keys(migrations, f"{own_code()}\n{server}\n{more}")

    def recall(self, label: str) -> dict[Law, Verdict] | None:
        """Give the verdicts on a migration, if they are of what it is now."""
        kept, key = self._store.get(label), self._keys.get(label)
        if key is None or not isinstance(kept, dict) or kept.get("key") != key:
            return None
        verdicts = [_verdict(facts) for facts in kept["verdicts"]]
        return {verdict.law: verdict for verdict in verdicts}

    def facts(self, label: str) -> dict[str, Any] | None:
        """Give what the report says of a migration whose verdicts are remembered."""
        kept = self._store.get(label)
        facts = kept.get("facts") if isinstance(kept, dict) else None
        return facts if isinstance(facts, dict) else None

    def remember(
        self, label: str, verdicts: Mapping[Law, Verdict], seen: dict[str, Any] | None = None
    ) -> None:
        """Keep the verdicts on a migration that was reached, and what the report says of it."""
        key = self._keys.get(label)
        if key is None or any(verdict.unreachable for verdict in verdicts.values()):
            return
        facts = [asdict(replace(verdict, is_cached=False)) for verdict in verdicts.values()]
        self._store.set(label, {"key": key, "verdicts": facts, "facts": seen})


def _keys(migrations: Sequence[MigrationFile], beginning: str) -> dict[str, str]:
    keys = {}
    for file, ups in zip(migrations, up_digests(migrations), strict=False):
        facts = f"{beginning}\0{ups}\0{file.text}\0{file.down_shown}\0{file.down_text}"
        keys[file.label] = hashlib.sha256(facts.encode()).hexdigest()
    return keys


def up_digests(migrations: Sequence[MigrationFile]) -> Iterator[str]:
    """Give for each migration the digest of what is up to it, as far as texts tell all of it."""
    chain = hashlib.sha256()
    for file in migrations:
        is_python = file.kind == "py"
        if is_python and not _is_known_by_its_text(file.text):
            return
        up = up_meaning(file.text) if is_python else file.text
        chain.update(f"\0{file.label}\0{file.kind}\0{file.shown}\0{up}".encode())
        yield chain.hexdigest()


@cache
def own_code() -> str:
    """Tell this confiture from another, also from one that is being worked on."""
    root = Path(__file__).parents[1]
    stats = ((path, path.stat()) for path in sorted(root.rglob("*.py")))
    text = " ".join(f"{path.name} {one.st_size} {one.st_mtime_ns}" for path, one in stats)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=4096)
def _is_known_by_its_text(text: str) -> bool:
    """Tell whether a Python migration imports nothing of the project's."""
    try:
        nodes = list(ast.walk(parse_python(text)))
    except (SyntaxError, ValueError):
        return False
    modules = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            modules.add("." if node.level else node.module or ".")
        elif isinstance(node, ast.Name) and node.id in ("open", "__file__", "__import__"):
            return False
    known = _KNOWN_MODULES | sys.stdlib_module_names - {"pathlib", "os", "importlib", "io"}
    return all(module.partition(".")[0] in known for module in modules)


def _verdict(facts: dict[str, Any]) -> Verdict:
    findings = tuple(_finding(each) for each in facts["findings"])
    others = {name: _frozen(value) for name, value in facts.items() if name != "findings"}
    return Verdict(**{**others, "findings": findings, "is_cached": True})


def _finding(facts: dict[str, Any]) -> Finding:
    identity = facts["identity"]
    if identity is not None:
        named = {name: value for name, value in identity.items() if not name.startswith("_")}
        identity = Identity(**named)
    others = {name: _frozen(value) for name, value in facts.items() if name != "identity"}
    return Finding(**others, identity=identity)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
