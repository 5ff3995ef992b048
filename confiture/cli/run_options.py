"""The options of the commands that run migrations."""

from __future__ import annotations

from typing import Annotated

import typer

Steps = Annotated[
    int | None, typer.Option("--steps", metavar="N", help="Only that many, by default all.")
]
DownSteps = Annotated[
    int | None, typer.Option("--steps", metavar="N", help="That many, by default one.")
]
UpTo = Annotated[
    str | None, typer.Option("--to", metavar="VERSION", help="The last version to apply.")
]
DownTo = Annotated[
    str | None, typer.Option("--to", metavar="VERSION", help="The version that stays; 0: none.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Write the SQL that would be run, and run none of it.")
]
Trial = Annotated[
    bool,
    typer.Option(
        "--dry-run-execute",
        help="Run it, say which locks it takes, and roll everything back; also --dry-run=execute.",
    ),
]
Output = Annotated[
    str | None,
    typer.Option("--output", metavar="FILE", help="Write the SQL of a dry run into a new file."),
]
OutOfOrder = Annotated[
    bool,
    typer.Option("--out-of-order", help="Apply what is older than the newest that is applied."),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force", help="Take what cannot be rolled back out of the history all the same."
    ),
]
Wait = Annotated[
    float,
    typer.Option("--wait", metavar="SECONDS", help="How long to wait for another runner to end."),
]
LockTimeout = Annotated[
    str | None,
    typer.Option(
        "--lock-timeout",
        metavar="DURATION",
        help="How long a statement waits for a lock: 500ms, 10s; 0: for ever.",
    ),
]
LogJson = Annotated[
    bool,
    typer.Option(
        "--log-json",
        help="Write a line of JSON for each event to stdout; to stderr where --json is given.",
    ),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Do not ask where the environment is protected."),
]
Through = Annotated[
    str | None,
    typer.Option("--through", "--to", metavar="VERSION", help="The last version to record."),
]
Detect = Annotated[
    bool,
    typer.Option("--detect", help="Find the last version by comparing the whole schema."),
]
