"""Seeds held against the schema, and keys for them that say what they are."""

from __future__ import annotations

from confiture_core.seeds.check import SeedReport, check_seeds
from confiture_core.seeds.uuids import parse_seed_uuid, seed_uuid

__all__ = ["SeedReport", "check_seeds", "parse_seed_uuid", "seed_uuid"]
