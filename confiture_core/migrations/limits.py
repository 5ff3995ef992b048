"""How long a run may wait and work."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from confiture_core.migrations.options import Options

# A runner that hangs, or whose host is gone, must not hold its locks for ever.
_IDLE_TIMEOUT_S = 600.0


class Limits(NamedTuple):
    """Time-outs in seconds; 0 is for ever, None what the server says."""

    lock_timeout_s: float | None = 5.0
    statement_timeout_s: float | None = None
    lock_attempts: int = 5  # how often a transaction is begun that does not get a lock
    wait_s: float = 60.0  # for another runner to end

    def of(self, options: Options, *, is_patient: bool) -> Limits:
        """Return the limits of one migration: its own come first."""
        lock_timeout_s = 0.0 if is_patient else self.lock_timeout_s
        said = (options.lock_timeout_s, options.statement_timeout_s)
        return self._replace(
            lock_timeout_s=lock_timeout_s if said[0] is None else said[0],
            statement_timeout_s=self.statement_timeout_s if said[1] is None else said[1],
        )

    def settings(self) -> dict[str, str]:
        """Return PostgreSQL's settings for a transaction."""
        said = {
            "lock_timeout": self.lock_timeout_s,
            "statement_timeout": self.statement_timeout_s,
            "idle_in_transaction_session_timeout": _IDLE_TIMEOUT_S,
        }
        return {name: f"{s * 1000:.0f}" for name, s in said.items() if s is not None}


# For work on databases of our own, which nobody else uses.
UNLIMITED = Limits(lock_timeout_s=None)
