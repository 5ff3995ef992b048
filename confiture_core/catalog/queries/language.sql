select
    l.tableoid,
    l.oid,
    l.lanname as name,
    pg_get_userbyid(l.lanowner) as owner,
    coalesce(l.lanacl, acldefault('l', l.lanowner))::text[] as acl,
    concat_ws(
        ' ',
        format(
            'CREATE %sLANGUAGE %I', case when l.lanpltrusted then 'TRUSTED ' else '' end, l.lanname
        ),
        'HANDLER ' || nullif(l.lanplcallfoid, 0)::regproc,
        'INLINE ' || nullif(l.laninline, 0)::regproc,
        'VALIDATOR ' || nullif(l.lanvalidator, 0)::regproc
    ) as definition
from pg_language l
where l.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = l.tableoid and m.objid = l.oid
    )
order by l.lanname
