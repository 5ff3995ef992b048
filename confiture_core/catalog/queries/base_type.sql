-- Types with input and output functions of their own, and shell types.
select
    t.tableoid,
    t.oid,
    n.name as schema,
    t.typname as name,
    pg_get_userbyid(t.typowner) as owner,
    case when t.typisdefined then
        coalesce(t.typacl, acldefault('T', t.typowner))::text[]
    end as acl,
    format('CREATE TYPE %s.%I', n.quoted, t.typname) || case
        when t.typisdefined then format(
            E' (\n    %s\n)',
            concat_ws(
                E',\n    ',
                'INPUT = ' || t.typinput,
                'OUTPUT = ' || t.typoutput,
                'RECEIVE = ' || nullif(t.typreceive, 0)::regproc,
                'SEND = ' || nullif(t.typsend, 0)::regproc,
                'TYPMOD_IN = ' || nullif(t.typmodin, 0)::regproc,
                'TYPMOD_OUT = ' || nullif(t.typmodout, 0)::regproc,
                'ANALYZE = ' || nullif(t.typanalyze, 0)::regproc,
                'SUBSCRIPT = ' || nullif(t.typsubscript, 0)::regproc,  -- pg >= 14
                'INTERNALLENGTH = ' || coalesce(nullif(t.typlen, -1)::text, 'VARIABLE'),
                case when t.typbyval then 'PASSEDBYVALUE' end,
                'ALIGNMENT = ' || case t.typalign
                    when 'c' then 'char'
                    when 's' then 'int2'
                    when 'i' then 'int4'
                    when 'd' then 'double'
                end,
                'STORAGE = ' || case t.typstorage
                    when 'p' then 'plain'
                    when 'e' then 'external'
                    when 'x' then 'extended'
                    when 'm' then 'main'
                end,
                'CATEGORY = ' || quote_literal(nullif(t.typcategory::text, 'U')),
                case when t.typispreferred then 'PREFERRED = true' end,
                'DEFAULT = ' || quote_literal(t.typdefault),
                'ELEMENT = ' || format_type(nullif(t.typelem, 0), null),
                'DELIMITER = ' || quote_literal(nullif(t.typdelim::text, ',')),
                case when t.typcollation <> 0 then 'COLLATABLE = true' end
            )
        )
        else ''
    end as definition
from pg_type t
join namespace n on n.oid = t.typnamespace
where t.oid >= 16384
    and (t.typtype = 'b' or not t.typisdefined)
    and t.typinput <> 'array_in'::regproc
    and not exists (
        select from extension_member m where m.classid = t.tableoid and m.objid = t.oid
    )
order by n.name, t.typname
