-- Raw addresses: the reader knows what each stands for.
select json_build_array(
    d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
) as edge
from pg_depend d
where (d.objid >= 16384 and d.deptype in ('n', 'a', 'i', 'P', 'S', 'x')) or d.deptype = 'e'
order by d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
