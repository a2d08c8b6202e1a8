-- SPDX-License-Identifier: Apache-2.0
-- Makes the accounts that the platforms' files name known, each with its account in the ledger. What is known stays, and
-- so does its first name when a file says another. Safe to call again. Outcomes: added, known.
create or replace function xuqi.collecting_account_publish(
    in_banks text[], in_account_nos text[], in_account_names text[], out outcome text, out added bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    given record;
begin
    added := 0;
    for given in
        select distinct on (no) no, bank, name
          from unnest(in_banks, in_account_nos, in_account_names) with ordinality as a (bank, no, name, place)
         where no not in (select account_no from collecting_account)
         order by no, place
    loop
        insert into collecting_account (bank, account_no, account_name, account_id)
        values (given.bank, given.no, given.name, account_open('bank', given.no))
            on conflict (account_no) do nothing;
        if found then
            added := added + 1;
            insert into audit_event (actor, action, object, detail)
            values ('admin', 'collecting_account.add', 'collecting_account:' || given.no, given.bank);
        end if;
    end loop;
    outcome := case when added > 0 then 'added' else 'known' end;
end
$$;
