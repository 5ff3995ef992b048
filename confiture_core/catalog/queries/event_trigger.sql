select
    e.tableoid,
    e.oid,
    e.evtname as name,
    pg_get_userbyid(e.evtowner) as owner,
    concat_ws(
        ' ',
        format('CREATE EVENT TRIGGER %I ON %s', e.evtname, e.evtevent),
        (
            select 'WHEN TAG IN (' || string_agg(quote_literal(t.tag), ', ' order by t.n) || ')'
            from unnest(e.evttags) with ordinality t (tag, n)
        ),
        format('EXECUTE FUNCTION %s()', e.evtfoid::regproc)
    ) as definition,
    e.evtenabled as enabled
from pg_event_trigger e
where not exists (
    select from extension_member m where m.classid = e.tableoid and m.objid = e.oid
)
order by e.evtname
