"""Images: stopped clusters with the layers of a project, from which its next run starts.

An image lies in the cache, beside a note of what is in it and by what it was made. As a server of
ours does not wait for the disk, an image from before the last start of the machine may be torn: it
is used once its checksum was found right.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import tempfile
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from confiture_core.server.account import reachable_binaries, server_account
from confiture_core.server.binaries import find_binaries
from confiture_core.server.cache import cache_directory, prune_unused
from confiture_core.server.cluster import copy_cluster, image_name
from confiture_core.server.run_directory import read_boot_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confiture_core.server.account import Account
    from confiture_core.server.binaries import Binaries
    from confiture_core.server.server import Server

# To copy more at each start takes as long as to build most schemas.
_MAX_BYTES = 256 << 20

NOTE = "image.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is in an image, and what has to be the same for it to be used."""

    made_by: str
    layers: tuple[str, ...]
    files: int
    checksum: int
    boot: str


def image_path(binaries: Binaries, cache: Path, project: Path) -> Path:
    """Give the place of the image of a project."""
    key = hashlib.sha256(os.fsencode(project.resolve())).hexdigest()[:16]
    return cache / "images" / f"{image_name(binaries)}-{key}"


def project_image(
    environ: Mapping[str, str], project: Path, *, pg_ctl: Path | None = None
) -> tuple[Binaries, Path] | None:
    """Find the PostgreSQL that a run of the project would start, and the place of its image."""
    cache = cache_directory(environ)
    if cache is None:
        return None
    found = find_binaries(environ=environ, given=pg_ctl)
    binaries = reachable_binaries(found, server_account(), cache=cache)
    return binaries, image_path(binaries, cache, project)


def start_from(image: Path, data: Path, account: Account) -> bool:
    """Fill a data directory from an image, if there is one that can be used."""
    note = read_note(image)
    if note is None or not is_whole(image, note):
        # Else what its note says would not be kept again.
        shutil.rmtree(image, ignore_errors=True)
        return False
    os.utime(image)
    copy_cluster(image / "data", data, account)
    return True


def has_news(server: Server, image: Path) -> bool:
    """Say whether a server has layers that the image has not; drop all else from it if so."""
    note = read_note(image)
    try:
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            found = connection.execute(
                "select datname, datistemplate, pg_catalog.pg_database_size(oid)"
                " from pg_catalog.pg_database where oid >= 16384 order by oid"
            ).fetchall()
            layers = {name: size for name, is_template, size in found if is_template}
            if not layers.keys() - set(note.layers if note else ()):
                return False
            return _tidy(connection, layers, [row[0] for row in found if not row[1]])
    except psycopg.Error:
        # Someone is still at work there, or it has ended: it is not for us to wait.
        return False


def keep_image(data: Path, image: Path, binaries: Binaries) -> None:
    """Make an image of a cluster that was stopped, in the place of an older one."""
    # A full disk, a home that cannot be written, another run that does the same: the next run
    # builds its layers, that is all.
    with suppress(OSError):
        image.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        prune_unused(image.parent.iterdir())
        with tempfile.TemporaryDirectory(prefix="unfinished-", dir=image.parent) as folder:
            made = Path(folder) / "image"
            made.mkdir(mode=0o700)
            copy_cluster(data, made / "data")
            layers = (data / "layers").read_text().split()
            _write_note(made, made_by=made_by(binaries), layers=tuple(layers))
            put_image(made, image)


def note_layers(server: Server, data: Path) -> None:
    """Note in a data directory which layers are in it."""
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        rows = connection.execute(
            "select datname from pg_catalog.pg_database where datistemplate and oid >= 16384"
        )
        (data / "layers").write_text("\n".join(name for (name,) in rows))


def _tidy(connection: psycopg.Connection[Any], layers: dict[str, int], others: list[str]) -> bool:
    """Drop what is no layer, and the oldest layers where all are too large; False if all are."""
    for name in others:
        connection.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))
    size = sum(layers.values())
    for name in list(layers)[:-1]:
        if size <= _MAX_BYTES:
            break
        identifier = sql.Identifier(name)
        connection.execute(sql.SQL("alter database {} is_template false").format(identifier))
        connection.execute(sql.SQL("drop database {}").format(identifier))
        size -= layers[name]
    return size <= _MAX_BYTES


def read_note(image: Path) -> Note | None:
    """Read the note of an image; None where there is no image."""
    try:
        facts = json.loads((image / NOTE).read_text())
        return Note(**{**facts, "layers": tuple(facts["layers"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write_note(image: Path, *, made_by: str, layers: tuple[str, ...]) -> None:
    note = Note(
        made_by=made_by,
        layers=layers,
        files=_count_files(image / "data"),
        checksum=_checksum(image / "data"),
        boot=read_boot_id(),
    )
    (image / NOTE).write_text(json.dumps(asdict(note)))


def is_whole(image: Path, note: Note) -> bool:
    """Say whether all of it is there: after a start of the machine, also whether it is right."""
    if _count_files(image / "data") != note.files:
        return False
    if note.boot == read_boot_id():
        return True
    if _checksum(image / "data") != note.checksum:
        return False
    with suppress(OSError):
        _write_note(image, made_by=note.made_by, layers=note.layers)
    return True


def _count_files(data: Path) -> int:
    return sum(len(names) for _, _, names in os.walk(data))


def _checksum(data: Path) -> int:
    checksum = 0
    for folder, folders, names in os.walk(data):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            checksum = zlib.crc32(str(path.relative_to(data)).encode(), checksum)
            checksum = zlib.crc32(path.read_bytes(), checksum)
    return checksum


def made_by(binaries: Binaries) -> str:
    """Name all that the files of a cluster depend on."""
    shown = subprocess.run(
        [binaries.program("postgres"), "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()
    libc = os.confstr("CS_GNU_LIBC_VERSION") if "CS_GNU_LIBC_VERSION" in os.confstr_names else ""
    return f"{shown}, {platform.machine()}, {libc}"


def put_image(made: Path, image: Path) -> None:
    """Put an image in the place of an older one."""
    if image.exists():
        shutil.rmtree(image, ignore_errors=True)
    made.rename(image)
