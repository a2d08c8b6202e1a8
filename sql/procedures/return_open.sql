-- SPDX-License-Identifier: Apache-2.0
-- The fields of a renewal's present return, and those of them that were not corrected yet, in alphabetical order.
-- Internal; empty when it is not returned.
create or replace function xuqi.return_open(in_renewal_no text, out named text[], out uncorrected text[])
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    named := array(
        select i.name
          from renewal as r
          join return_item as i on i.renewal_no = r.renewal_no and i.round = r.returns
         where r.renewal_no = in_renewal_no and r.status = 'returned' and i.name not like 'materials.%'
         order by i.name);
    uncorrected := array(
        select open.name from unnest(named) as open (name)
         where not exists (select from renewal as r
                             join correction as c on c.renewal_no = r.renewal_no and c.round = r.returns
                             join correction_field as f on f.renewal_no = c.renewal_no and f.number = c.number
                            where r.renewal_no = in_renewal_no and f.name = open.name)
         order by open.name);
end
$$;
