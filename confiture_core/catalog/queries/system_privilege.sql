-- Of what PostgreSQL brings with it: privileges that were granted or revoked since. What those of
-- the information schema were at first is not kept: everyone may read what the standard knows.
select
    o.tableoid,
    o.oid,
    o.subid,
    case when o.subid = 0 then o.target else 'COLUMN ' || o.path end as name,
    o.target,
    o.column,
    pg_get_userbyid(o.owner) as owner,
    pg_get_userbyid(o.owner) as system_owner,
    o.acl::text[] as acl,
    coalesce(i.initprivs, o.initial_acl)::text[] as initial_acl
from (
    select
        c.tableoid,
        c.oid,
        0 as subid,
        'TABLE ' || n.nspname || '.' || quote_ident(c.relname) as target,
        null as path,
        null as column,
        c.relowner as owner,
        c.relacl as acl,
        case
            when n.nspname = 'information_schema' and c.relname !~ '^(_pg_|transforms$|sql_parts$)'
                then acldefault('r', c.relowner) || makeaclitem(0, c.relowner, 'SELECT', false)
            else acldefault('r', c.relowner)
        end as initial_acl
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid < 16384 and c.relacl is not null
    union all
    select
        c.tableoid,
        c.oid,
        a.attnum,
        'TABLE ' || n.nspname || '.' || quote_ident(c.relname),
        concat_ws('.', n.nspname, quote_ident(c.relname), quote_ident(a.attname)),
        a.attname,
        c.relowner,
        a.attacl,
        acldefault('c', c.relowner)
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where a.attrelid < 16384 and a.attacl is not null
    union all
    select
        p.tableoid,
        p.oid,
        0,
        case p.prokind when 'p' then 'PROCEDURE ' else 'FUNCTION ' end
        || format('%s.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)),
        null,
        null,
        p.proowner,
        p.proacl,
        acldefault('f', p.proowner)
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where p.oid < 16384 and p.proacl is not null
    union all
    select
        t.tableoid,
        t.oid,
        0,
        'TYPE ' || n.nspname || '.' || quote_ident(t.typname),
        null,
        null,
        t.typowner,
        t.typacl,
        acldefault('T', t.typowner)
    from pg_type t
    join pg_namespace n on n.oid = t.typnamespace
    where t.oid < 16384 and t.typacl is not null
    union all
    select
        n.tableoid,
        n.oid,
        0,
        'SCHEMA ' || n.nspname,
        null,
        null,
        n.nspowner,
        n.nspacl,
        case
            when n.nspname = 'information_schema'
                then acldefault('n', n.nspowner) || makeaclitem(0, n.nspowner, 'USAGE', false)
            else acldefault('n', n.nspowner)
        end
    from pg_namespace n
    where n.oid < 16384 and n.nspname <> 'public' and n.nspacl is not null
    union all
    select
        l.tableoid,
        l.oid,
        0,
        'LANGUAGE ' || quote_ident(l.lanname),
        null,
        null,
        l.lanowner,
        l.lanacl,
        acldefault('l', l.lanowner)
    from pg_language l
    where l.oid < 16384 and l.lanacl is not null
) o
left join pg_init_privs i on i.classoid = o.tableoid and i.objoid = o.oid and i.objsubid = o.subid
where o.acl is distinct from i.initprivs
    and not exists (
        select from extension_member m where m.classid = o.tableoid and m.objid = o.oid
    )
order by name
