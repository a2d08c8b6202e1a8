-- SPDX-License-Identifier: Apache-2.0
-- Where a page of a desk's list begins: after what, and as the list was when. taken is null for what is no place. Internal.
create or replace function xuqi.review_place(
    in_tab text, in_after text, out taken timestamptz, out after_order bigint, out after_no text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    taken := now();
    after_order := case in_tab when 'done' then 9223372036854775807 else 0 end;
    after_no := '';
    if in_after ~ '^[0-9]{1,17}[.][0-9]{1,17}[.]01[0-9]{15,16}$' then
        taken := from_micros(split_part(in_after, '.', 1)::bigint);
        after_order := split_part(in_after, '.', 2)::bigint;
        after_no := split_part(in_after, '.', 3);
    elsif in_after <> '' then
        after_no := in_after;
        select case in_tab
                   when 'done' then (select max(s.id) from review_step as s
                                      where s.renewal_no = r.renewal_no and s.kind in ('approve', 'return', 'reject'))
                   when 'sample' then micros((select drawn_at from review_sample as d where d.renewal_no = r.renewal_no))
                   else micros(r.review_order) end into after_order
          from renewal as r where r.renewal_no = in_after;
        taken := case when after_order is not null then now() end;
    end if;
end
$$;
