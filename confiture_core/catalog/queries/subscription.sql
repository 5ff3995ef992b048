-- Asked only of those who may read it: the connection string is for superusers.
select
    s.tableoid,
    s.oid,
    s.subname as name,
    pg_get_userbyid(s.subowner) as owner,
    s.subconninfo as connection,
    s.subpublications as publications,
    array[
        array['slot_name', coalesce(s.subslotname, 'NONE')],
        array['synchronous_commit', s.subsynccommit]
        -- pg >= 14
        , array['binary', s.subbinary::text]
        -- pg 14 15
        , array['streaming', s.substream::text]
        -- pg >= 16
        , array[
            'streaming',
            case s.substream when 't' then 'on' when 'p' then 'parallel' else 'off' end
        ]
        , array['password_required', s.subpasswordrequired::text]
        , array['run_as_owner', s.subrunasowner::text]
        , array['origin', s.suborigin]
        -- pg >= 15
        , array['two_phase', (s.subtwophasestate <> 'd')::text]
        , array['disable_on_error', s.subdisableonerr::text]
        -- pg >= 17
        , array['failover', s.subfailover::text]
        -- pg all
    ] as options,
    s.subenabled as is_enabled
from pg_subscription s
where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
order by s.subname
