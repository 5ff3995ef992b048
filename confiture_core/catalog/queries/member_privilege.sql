-- Of members of extensions: what was granted or revoked after the extension was made.
select
    m.extension,
    o.member,
    pg_get_userbyid(o.owner) as owner,
    o.acl::text[] as acl,
    coalesce(i.initprivs, o.initial)::text[] as initial_acl
from (
    select
        c.tableoid as classid,
        c.oid as objid,
        case c.relkind when 'S' then 'SEQUENCE ' else 'TABLE ' end || c.oid::regclass as member,
        c.relowner as owner,
        c.relacl as acl,
        acldefault(case c.relkind when 'S' then 's'::"char" else 'r' end, c.relowner) as initial
    from pg_class c
    where c.relacl is not null
    union all
    select
        p.tableoid,
        p.oid,
        case p.prokind when 'p' then 'PROCEDURE ' else 'FUNCTION ' end || p.oid::regprocedure,
        p.proowner,
        p.proacl,
        acldefault('f', p.proowner)
    from pg_proc p
    where p.proacl is not null
    union all
    select
        t.tableoid,
        t.oid,
        'TYPE ' || t.oid::regtype,
        t.typowner,
        t.typacl,
        acldefault('T', t.typowner)
    from pg_type t
    where t.typacl is not null
    union all
    select
        l.tableoid,
        l.oid,
        'LANGUAGE ' || quote_ident(l.lanname),
        l.lanowner,
        l.lanacl,
        acldefault('l', l.lanowner)
    from pg_language l
    where l.lanacl is not null
    union all
    select
        w.tableoid,
        w.oid,
        'FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname),
        w.fdwowner,
        w.fdwacl,
        acldefault('F', w.fdwowner)
    from pg_foreign_data_wrapper w
    where w.fdwacl is not null
) o
join extension_member m on m.classid = o.classid and m.objid = o.objid
left join pg_init_privs i on i.classoid = o.classid and i.objoid = o.objid and i.objsubid = 0
where o.acl is distinct from i.initprivs
order by m.extension, o.member
