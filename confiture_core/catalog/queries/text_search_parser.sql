select
    p.tableoid,
    p.oid,
    n.name as schema,
    p.prsname as name,
    format(
        E'CREATE TEXT SEARCH PARSER %s.%I (\n    %s\n)',
        n.quoted,
        p.prsname,
        concat_ws(
            E',\n    ',
            'START = ' || p.prsstart,
            'GETTOKEN = ' || p.prstoken,
            'END = ' || p.prsend,
            'HEADLINE = ' || nullif(p.prsheadline, 0)::regproc,
            'LEXTYPES = ' || p.prslextype
        )
    ) as definition
from pg_ts_parser p
join namespace n on n.oid = p.prsnamespace
where p.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = p.tableoid and m.objid = p.oid
    )
order by n.name, p.prsname
