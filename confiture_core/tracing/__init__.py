"""Tracing: what migrations lock, rewrite and read, measured while they run."""

from __future__ import annotations
