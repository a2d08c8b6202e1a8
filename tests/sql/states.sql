-- SPDX-License-Identifier: Apache-2.0
-- A renewal moves only along its table, and what was frozen stays.
set search_path = story;

\set names `sed -n '/define RENEWAL_STATES/,/^$/p' "$STORY_ROOT/server/domain/renewal.h" | grep -o 'X([a-z_]*)' | sed 's:^X(::; s:)::' | paste -sd ' '`
select same('the states are those of server/domain/renewal.h',
            array_to_string(enum_range(null::xuqi.renewal_state), ' '), :'names');
select same('there are nineteen moves', (select count(*) from xuqi.renewal_transition)::text, '19');

-- Every pair of states is tried on one row, with the checks on its other columns out of the way.
select renewal_in('awaiting_payment', 'lee') as no \gset
create function story.may_move(no text, before xuqi.renewal_state, after xuqi.renewal_state) returns boolean
language plpgsql as $$
begin
    set local session_replication_role = replica;
    update xuqi.renewal set status = before where renewal_no = no;
    set local session_replication_role = origin;
    begin
        update xuqi.renewal set status = after where renewal_no = no;
        return true;
    exception when check_violation then
        return false;
    end;
end
$$;
begin;
do $$
declare
    item text;
begin
    for item in select conname from pg_constraint where conrelid = 'xuqi.renewal'::regclass and contype = 'c'
                   and conname ~ '^renewal_check' or conname = 'renewal_paid_at_check' loop
        execute format('alter table xuqi.renewal drop constraint %I', item);
    end loop;
end
$$;
select same('exactly the listed moves are possible',
            (select string_agg(before || '>' || after, ' ' order by before, after)
               from unnest(enum_range(null::xuqi.renewal_state)) as before,
                    unnest(enum_range(null::xuqi.renewal_state)) as after
              where before <> after and may_move(:'no', before, after)),
            (select string_agg(from_state || '>' || to_state, ' ' order by from_state, to_state)
               from xuqi.renewal_transition));
rollback;

select refused('a renewal that begins as ' || state,
               format('insert into xuqi.renewal select (r).* from (select jsonb_populate_record(r, %L) as r
                       from xuqi.renewal as r where renewal_no = %L) as r',
                      jsonb_build_object('renewal_no', '01209901010000001', 'status', state,
                                         'certificate_fingerprint', digest('other'), 'paid_at', now()), :'no'))
  from unnest(array['awaiting_review', 'awaiting_install', 'issued', 'completed', 'closed']) as state;

select refused('changing ' || name, format('update xuqi.renewal set %I = %s where renewal_no = %L', name, value, :'no'))
  from (values ('renewal_no', '''01209901010000001'''), ('platform', '''other'''), ('platform_version', '''other'''),
               ('certificate_fingerprint', 'sha256(''x'')'), ('certificate_serial', '''1'''),
               ('certificate_not_after', 'now()'), ('subject', '''other'''), ('organisation', '''other'''),
               ('term_months', '24'), ('amount_fen', '1'), ('tax_rate_permyriad', '0'), ('not_after', 'now()'),
               ('profile', '''other'''), ('profile_version', '''other'''), ('reviews_required', '0'),
               ('account_verification', '''always'''), ('submitted_at', 'now() - interval ''1 s''')) as frozen (name, value);
select refused('issued without the certificate''s time',
               format('update xuqi.renewal set issued_at = now() where renewal_no = %L', :'no'));
select refused('a second open renewal of a certificate',
               format('insert into xuqi.renewal select (r).* from (select jsonb_populate_record(r, %L) as r
                       from xuqi.renewal as r where renewal_no = %L) as r',
                      '{"renewal_no": "01209901010000001"}', :'no'), '23505');

-- Each part of the content changes the hash that reviewers approve. The append-only trigger is out of the way here.
select xuqi.renewal_content_hash(:'no') as hash \gset
begin;
set local session_replication_role = replica;
create function story.hash_after(no text, statement text) returns bytea language plpgsql as $$
declare
    answer bytea;
begin
    begin
        execute statement || format(' where renewal_no = %L', no);
        answer := xuqi.renewal_content_hash(no);
        raise exception 'undo' using errcode = 'P0001';
    exception when raise_exception then
        return answer;
    end;
end
$$;
select yes('the hash covers ' || name, hash_after(:'no', format('update xuqi.%I set %I = %s', place, name, value)) <> :'hash')
  from (select table_name as place, column_name as name,
               case data_type when 'text' then quote_literal('never')
                              when 'bytea' then 'sha256(''changed'')'
                              when 'bigint' then '2'
                              else quote_literal('2031-01-01') end as value
          from information_schema.columns
         where table_schema = 'xuqi'
           and (table_name = 'renewal_content'
                or table_name = 'renewal'
                   and column_name in ('platform', 'platform_version', 'certificate_fingerprint', 'certificate_serial',
                                       'certificate_not_after', 'subject', 'organisation', 'term_months', 'amount_fen',
                                       'tax_rate_permyriad', 'not_after', 'profile', 'profile_version',
                                       'reviews_required'))
           and column_name <> 'renewal_no' and data_type <> 'ARRAY'
           -- these change with the keys; the digest of the evidence stands for them
           and not exists (select from xuqi.sealed_column as s
                            where s.table_name = columns.table_name and s.column_name = columns.column_name)) as covered;
select yes('the hash covers the form',
           hash_after(:'no', 'update xuqi.renewal_content set form_fields = array[''a''], form_shown = array[''b'']') <> :'hash');
select yes('the hash covers the warnings',
           hash_after(:'no', 'update xuqi.renewal_content set warning_fields = array[''a''], warning_codes = array[''b'']') <> :'hash');
select yes('the hash covers account_verification',
           hash_after(:'no', 'update xuqi.renewal set account_verification = ''always''') <> :'hash');
rollback;
select same('the hash stays the same otherwise', xuqi.renewal_content_hash(:'no')::text, :'hash');
select same('parts are written as approvals of long ago were: length, bytes; -1 for null; nothing for none',
            xuqi.canonical('ab', null, '')::text || xuqi.canonical(variadic '{}'::bytea[])::text,
            '\x000000026162ffffffff00000000\x');
select same('two lists of parts never look alike',
            (xuqi.canonical('ab', 'c') = xuqi.canonical('a', 'bc'))::text || (xuqi.canonical('', null) = xuqi.canonical(null, ''))::text
            || (xuqi.fingerprint('ab', 'c') = xuqi.fingerprint('a', 'bc'))::text, 'falsefalsefalse');
