"""`python -m confiture`."""

from __future__ import annotations

from confiture.cli import main

raise SystemExit(main())
