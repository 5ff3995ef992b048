"""Reading what the open transaction has changed, found by the locks that it holds.

Whoever changes what belongs to a relation has locked it until the transaction ends; whoever drops
an object has locked that. Privileges alone are changed without a lock: they are rows of pg_class
and pg_attribute that were updated, which PostgreSQL counts. So what is read, and the time it
takes, hangs on what was changed and not on what there is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from confiture_core.catalog import looking
from confiture_core.catalog.dependencies import PG_CLASS
from confiture_core.catalog.looking import Look, Seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confiture_core.catalog.looking import Known

# What may be touched in these is not found by a lock: they are looked at.
LOOKED_AT = frozenset({*looking.RARELY_TOUCHED, "pg_proc", looking.PG_DESCRIPTION})
# Updates of these are counted apart.
_UPDATED = ("pg_class", "pg_attribute")
# Inside a transaction that has an id, ages are counted from it; those behind savepoints are less.
_NEW = "pg_catalog.age({0}.xmin) <= 0"

_HELD = """
held as materialized (
    select l.locktype, l.classid, coalesce(l.relation, l.objid) as oid, l.mode
    from pg_lock_status() l
    where l.pid = pg_backend_pid() and l.granted and l.locktype in ('relation', 'object')
        and l.database = (select oid from pg_database where datname = current_database())
        and l.mode not in ('AccessShareLock', 'RowShareLock')
),
changed as materialized (
    select oid from held
    where locktype = 'relation' and oid >= 16384 and mode <> 'RowExclusiveLock'
    union
    select c.oid from pg_class c where (select {class_}) and {new_class} and c.oid::int8 >= 16384
    union
    select a.attrelid from pg_attribute a
    where (select {attribute}) and {new_attribute} and a.attrelid::int8 >= 16384
    union
    select unnest($4)
),
touched as materialized (
    select oid from changed
    union
    select x.indrelid from pg_index x where x.indexrelid = any(array(select oid from changed))
    union
    select d.refobjid from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = any(array(select oid from changed))
        and d.refclassid = 'pg_class'::regclass and d.deptype = 'i'
    union
    select r.ev_class
    from pg_depend d
    join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    where d.refclassid = 'pg_class'::regclass
        and d.refobjid = any(array(select oid from changed))
),
wanted as materialized (
    select c.oid, {rare_class} as is_rare
    from pg_class c
    where c.oid = any(array(
        select oid from touched
        union
        -- Sequences that are part of a column.
        select d.objid from pg_depend d
        where d.refclassid = 'pg_class'::regclass
            and d.refobjid = any(array(select oid from touched))
            and d.classid = 'pg_class'::regclass and d.deptype = 'i'
    ))
),
pg_proc as materialized (
    select p.*, p.tableoid from pg_catalog.pg_proc p
    where (select {proc}) and p.oid >= 16384 and {new_proc}
)
"""
_EDGES = """
select json_build_array(
    d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
) as edge
from (
    select 'pg_class'::regclass, oid from wanted
    union all select 'pg_proc'::regclass, oid from pg_proc
    union all
    select x.tableoid, x.oid from wanted w join pg_constraint x on x.conrelid = w.oid
    union all select x.tableoid, x.oid from wanted w join pg_attrdef x on x.adrelid = w.oid
    union all select x.tableoid, x.oid from wanted w join pg_trigger x on x.tgrelid = w.oid
    union all select x.tableoid, x.oid from wanted w join pg_rewrite x on x.ev_class = w.oid
    union all select x.tableoid, x.oid from wanted w join pg_policy x on x.polrelid = w.oid
    union all
    select t.tableoid, x.oid from wanted w join pg_class c on c.oid = w.oid
    join pg_type t on t.oid = c.reltype cross join lateral (values (t.oid), (t.typarray)) x (oid)
) o (class_, oid)
cross join lateral (
    -- Row by row, by the index.
    select * from pg_depend d where d.classid = o.class_ and d.objid = o.oid offset 0
) d
where d.deptype in ('n','a','i','P','S','x')
"""
# Of each kind of row that has everything read again: how many there are, and whether one is new.
_RARE = """
select
    (select json_build_array(count(*), coalesce(bool_or({new_constraint}), false))
        from pg_constraint con where con.conrelid = 0 and con.contypid <> 0) as pg_constraint,
    (select json_build_array(count(*), coalesce(bool_or({new_depend}), false))
        from pg_depend d
        where d.refclassid = 'pg_extension'::regclass and d.deptype in ('e', 'x')) as pg_depend,
    (select bool_or({rare_type}) from pg_type t where (select {type}) and {new_type}) as pg_type,
    exists (
        select from pg_class c where (select {class_}) and {new_class} and c.oid::int8 < 16384
    ) or exists (
        select from pg_attribute a
        where (select {attribute}) and {new_attribute} and a.attrelid::int8 < 16384
    ) as of_the_system,
    -- Some rows of catalogs were written by hand: that holds a lock on the catalog.
    exists (
        select from held where locktype = 'relation' and oid = any('{{{catalogs}}}'::regclass[])
    ) as by_hand,
    -- The migration has ended the transaction it runs in, and begun another one.
    pg_catalog.age($1) <> 0 as is_another
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What a transaction has locked and written."""

    written: tuple[str, ...]  # catalogs
    relations: frozenset[int]  # locked, or with other privileges; some of them may be gone
    wanted: frozenset[int]  # relations to be read, all of which are there
    types: frozenset[int]  # locked
    counters: tuple[int, ...]  # now; () where the migration has turned counting off
    is_rare: bool  # something was touched that has everything read again

    def added_to(self, look: Look) -> Look:
        """Give a look at the other catalogs with what was found by locks."""
        known = {
            name: each
            if name not in self.written or name in LOOKED_AT
            else replace(each, is_stale=True)
            for name, each in look.known.items()
        }
        gone = {(PG_CLASS, str(oid)) for oid in self.relations - self.wanted}
        relations = Seen(0, 0, self.relations | self.wanted)
        return replace(
            look,
            seen={**look.seen, "pg_class": relations},
            known=known,
            gone=look.gone | gone,
        )


@lru_cache(maxsize=16)
def counted(version: int) -> tuple[str, ...]:
    """Name what is counted: rows written to a catalog, and of some those updated."""
    return (*looking.catalogs(version), *(f"{name} updated" for name in _UPDATED))


@lru_cache(maxsize=16)
def held_statement(version: int) -> str:
    """Write the reading of what the open transaction has changed, as PREPARE takes it.

    Its parameters are the transaction's id, the counters before it, and of the last such reading
    the counters and the relations that had changed. What was updated until then is not looked for
    again: that takes the longer, the more there is.
    """
    places = {name: number for number, name in enumerate(counted(version), start=1)}
    gates = {
        key: f"now[{places[name]}] <> {since}[{places[name]}] from counters"
        for key, name, since in (
            ("class_", "pg_class updated", "$3"),
            ("attribute", "pg_attribute updated", "$3"),
            ("proc", "pg_proc", "$2"),
            ("type", "pg_type", "$2"),
        )
    }
    aliases = [("class", "c"), ("attribute", "a"), ("proc", "p"), ("type", "t")]
    aliases += [("constraint", "con"), ("depend", "d")]
    new = {f"new_{name}": _NEW.format(alias) for name, alias in aliases}
    by_hand = set(looking.catalogs(version)) - {looking.PG_DESCRIPTION}
    rare = {
        "rare_class": f"coalesce({looking.RARE['pg_class']}, false)",
        "rare_type": looking.RARE["pg_type"],
        "catalogs": ",".join(sorted(by_hand)),
    }
    first = f"with counters as materialized (select ({counters(version)}) as now),"
    texts = looking.texts_of_relations(version)
    scope = texts.pop("scope")
    texts["dependency"] = _EDGES
    texts["wanted"] = "select oid::int8, is_rare from wanted"
    texts["counters"] = "select now from counters"
    texts["rare"] = _RARE.format(**gates, **new, **rare)
    texts["changed"] = "select oid::int8 from changed"
    texts["type_locks"] = (
        "select oid::int8 from held where locktype = 'object' and classid = 'pg_type'::regclass"
    )
    started = _HELD.format(**gates, **new, **rare).rstrip()
    return f"(xid, int8[], int8[], oid[]) as {first}{started},\n{scope}\n{looking.joined(texts)}"


@lru_cache(maxsize=16)
def counters(version: int) -> str:
    """Write the query for how many rows the open transaction has written.

    What it has taken back counts, too. Nothing is known where PostgreSQL does not count.
    """
    catalogs = looking.catalogs(version)
    oids, updated = (
        ",".join(f"pg_catalog.{name}" for name in names) for names in (catalogs, _UPDATED)
    )
    plus = "operator(pg_catalog.+)"
    return f"""
select case when pg_catalog.current_setting('track_counts') operator(pg_catalog.=) 'on' then array(
    select pg_catalog.pg_stat_get_xact_tuples_inserted(catalog.oid)
        {plus} pg_catalog.pg_stat_get_xact_tuples_updated(catalog.oid)
        {plus} pg_catalog.pg_stat_get_xact_tuples_deleted(catalog.oid)
    from pg_catalog.unnest('{{{oids}}}'::pg_catalog.regclass[]) with ordinality as catalog (oid, n)
    order by catalog.n
) operator(pg_catalog.||) array(
    select pg_catalog.pg_stat_get_xact_tuples_updated(catalog.oid)
    from pg_catalog.unnest('{{{updated}}}'::pg_catalog.regclass[])
        with ordinality as catalog (oid, n)
    order by catalog.n
) end
"""


def conclude(
    found: Mapping[str, list[dict[str, Any]]],
    before: tuple[int, ...],
    known: Mapping[str, Known],
    version: int,
) -> Held:
    """Put together what was found."""
    (now,) = (row["now"] for row in found["counters"])
    (rare,) = found["rare"]
    # Nothing where the migration has turned counting off.
    pairs = zip(counted(version), before, now or [-1] * len(before), strict=True)
    written = tuple(name for name, old, new in pairs if old != new)
    relations = frozenset(row["oid"] for row in found["changed"])
    types = frozenset(row["oid"] for row in found["type_locks"])
    is_rare = (
        now is None
        or rare["is_another"]
        or rare["by_hand"]
        or rare["of_the_system"]
        or bool(rare["pg_type"])
        or any(
            rare[name] != [known[name].rare_count, False] for name in ("pg_constraint", "pg_depend")
        )
        or not known["pg_class"].rare.isdisjoint(relations)
        or not known["pg_type"].rare.isdisjoint(types)
        or any(row["is_rare"] for row in found["wanted"])
    )
    return Held(
        written=tuple(name for name in written if " " not in name),
        relations=relations,
        wanted=frozenset(row["oid"] for row in found["wanted"]),
        types=types,
        counters=tuple(now or ()),
        is_rare=is_rare,
    )
