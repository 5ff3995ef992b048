select
    p.tableoid,
    p.oid,
    p.pubname as name,
    pg_get_userbyid(p.pubowner) as owner,
    p.puballtables as all_tables,
    array[
        array[
            'publish',
            concat_ws(
                ', ',
                case when p.pubinsert then 'insert' end,
                case when p.pubupdate then 'update' end,
                case when p.pubdelete then 'delete' end,
                case when p.pubtruncate then 'truncate' end
            )
        ]
        -- pg >= 13
        , array['publish_via_partition_root', p.pubviaroot::text]
        -- pg >= 18
        , array[
            'publish_generated_columns', case p.pubgencols when 's' then 'stored' else 'none' end
        ]
        -- pg all
    ] as options,
    array(
        select format('TABLE %I.%I', n.nspname, c.relname)
        -- pg >= 15
            || coalesce(
                (
                    select ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')'
                    from pg_attribute a
                    where a.attrelid = c.oid and a.attnum = any (r.prattrs)
                ),
                ''
            )
            || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')
        -- pg all
        from pg_publication_rel r
        join pg_class c on c.oid = r.prrelid
        join pg_namespace n on n.oid = c.relnamespace
        where r.prpubid = p.oid
        -- pg >= 15
        union all
        select format('TABLES IN SCHEMA %I', n.nspname)
        from pg_publication_namespace pn
        join pg_namespace n on n.oid = pn.pnnspid
        where pn.pnpubid = p.oid
        -- pg all
        order by 1
    ) as members
from pg_publication p
order by p.pubname
