"""The canonical form of a schema: what makes it, from its catalog alone.

The same schema gives the same text, whoever made it, where, and in which order. The text was run
on an empty database, and what came of it gives the text again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.catalog.reader import read_catalog
from confiture_core.errors import Unsupported
from confiture_core.settling import fill

if TYPE_CHECKING:
    from confiture_core.catalog.model import Catalog
    from confiture_core.diff.operation import Step
    from confiture_core.factory.shadows import Shadows
    from confiture_core.proof import State

# PostgreSQL words some expressions anew when their own text is run: two rounds end it.
_ROUNDS = 4


def dump(state: State, shadows: Shadows) -> tuple[Catalog, tuple[Step, ...]]:
    """Return the catalog that the schema settles at, and the steps that make it.

    Raises Unsupported, naming the object, where there are none.
    """
    catalog = state.catalog
    for _ in range(_ROUNDS):
        database = shadows.make()
        with shadows.connect(database) as connection:
            steps = fill(catalog, connection)
            made = read_catalog(connection)
        shadows.drop(database)
        if lost := catalog.objects.keys() - made.objects.keys():
            raise Unsupported(f"{min(lost)} is not there when the schema is made from its own text")
        if made == catalog:
            return made, steps
        before, catalog = catalog, made
    differing = sorted(
        identity
        for identity in before.objects.keys() | catalog.objects.keys()
        if before.objects.get(identity) != catalog.objects.get(identity)
    )
    raise Unsupported(f"{differing[0]} is not the same again when it is made from its own text")
