"""Images as files: to be carried from one machine to another, as in the cache of a CI."""

from __future__ import annotations

import gzip
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.errors import ServerError
from confiture_core.server.image import NOTE, is_whole, made_by, put_image, read_note

if TYPE_CHECKING:
    from confiture_core.server.binaries import Binaries

# The next levels take twice as long to write for a tenth less.
_GZIP_LEVEL = 1


def save_image(image: Path, file: Path) -> tuple[str, ...]:
    """Write an image as one compressed file; give the names of its layers."""
    note = read_note(image)
    if note is None:
        raise ServerError(
            "there is no image of this project to save",
            hint="run its tests once, without CONFITURE_SERVER_URL or PG*",
        )
    with tarfile.open(file, "w:gz", compresslevel=_GZIP_LEVEL) as archive:
        for name in (NOTE, "data"):
            archive.add(image / name, arcname=name, filter=_anonymous)
    return note.layers


def load_image(file: Path, image: Path, binaries: Binaries) -> tuple[str, ...]:
    """Put an image that was saved in its place; give the names of its layers."""
    image.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=image.parent) as folder:
        made = Path(folder) / "image"
        made.mkdir(mode=0o700)
        try:
            with tarfile.open(file, "r:gz") as archive:
                _extract(archive, made)
        except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as exc:
            raise ServerError(f'"{file}" is no image: {exc}') from exc
        note = read_note(made)
        if note is None or not is_whole(made, note):
            raise ServerError(f'"{file}" is no image, or a part of one is missing')
        if note.made_by != made_by(binaries):
            raise ServerError(
                f'the image "{file}" was made by another PostgreSQL',
                detail=f"made by {note.made_by}\nhere is {made_by(binaries)}",
            )
        put_image(made, image)
    return note.layers


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Extract an archive, none of whose members may lie elsewhere."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(folder, filter="data")
        return
    # Python before 3.11.4 has no filters. An image holds files and folders alone.
    for member in archive.getmembers():
        path = Path(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f'it holds "{member.name}"')
    archive.extractall(folder)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
