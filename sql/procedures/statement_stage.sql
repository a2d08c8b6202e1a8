-- SPDX-License-Identifier: Apache-2.0
-- The lines of an upload as rows of the temporary table statement_staged, made ready for comparison: keys that stand in it more
-- than once are numbered by content, so that the order of a file does not matter. Internal, inside statement_take's transaction.
create or replace function xuqi.statement_stage(in_upload_id bigint) returns void
language plpgsql set search_path = xuqi, pg_temp set default_statistics_target = 10 as $$
begin
    if to_regclass('pg_temp.statement_staged') is not null then
        drop table pg_temp.statement_staged; -- of another import of this transaction
    end if;
    create temporary table statement_staged (
        place bigint, line_key text, booked_on date, booked_at timestamptz, direction text, amount_fen bigint,
        balance_fen bigint, payer_account text, payer_account_digits text, payer_name text, payer_name_normal text,
        payer_bank text, remark text, bank_ref text, kind text, reverses text, fingerprint bytea) on commit drop;
    insert into statement_staged
    select line.place, line.line_key, date '1970-01-01' + day::int,
           case when time_us <> -9223372036854775808
                then timestamptz 'epoch' + time_us * interval '1 microsecond' end,
           case when movement_fen > 0 then 'credit' else 'debit' end, abs(movement_fen),
           nullif(balance_fen, -9223372036854775808), payer_account, digits, payer_name, normal, payer_bank, remark,
           bank_ref, kind, taken_back, mark
      from statement_chunk as c,
           unnest(c.places, c.line_keys, c.days, c.times_us, c.movements_fen, c.balances_fen, c.payer_accounts,
                  c.payer_names, c.payer_banks, c.remarks, c.bank_refs, c.kinds, c.reverses, c.payer_digits, c.payer_normal,
                  c.fingerprints)
               as line (place, line_key, day, time_us, movement_fen, balance_fen, payer_account, payer_name,
                        payer_bank, remark, bank_ref, kind, taken_back, digits, normal, mark)
     where c.upload_id = in_upload_id;
    with repeated as (
        select place, row_number() over (partition by line_key order by direction, amount_fen, fingerprint, place) as nth
          from statement_staged
         where line_key in (select line_key from statement_staged group by line_key having count(*) > 1))
    update statement_staged as s set line_key = s.line_key || '#' || r.nth
      from repeated as r where s.place = r.place and r.nth > 1;
    analyze statement_staged;
end
$$;
