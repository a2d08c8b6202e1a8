-- SPDX-License-Identifier: Apache-2.0
-- What business record stands on this posting, '' for none: such a posting is undone by what undoes the record, never on
-- its own. Any table that refers to postings counts, those to come as well. Internal.
create or replace function xuqi.posting_held(in_posting_id bigint) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    holder record;
    held   boolean;
begin
    if exists (select from posting where id = in_posting_id
                  and event_type in ('invoice', 'gateway', 'issue', 'cancel', 'credit_use', 'return', 'refund_failed', 'reverse')) then
        return 'order';
    end if;
    for holder in
        select c.conrelid::regclass as place, a.attname as name
          from pg_constraint as c join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
         where c.contype = 'f' and c.confrelid = 'posting'::regclass
           and c.conrelid not in ('posting'::regclass, 'reversal'::regclass)
         order by 1, 2
    loop
        execute format('select exists (select from %s where %I = $1)', holder.place, holder.name) into held using in_posting_id;
        if held then
            return holder.place::text;
        end if;
    end loop;
    return '';
end
$$;
