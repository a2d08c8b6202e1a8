-- SPDX-License-Identifier: Apache-2.0
-- What the stories share: checks, and ways to bring a renewal into a state through the procedures alone.
create schema story;
set search_path = story;

create function story.same(name text, got text, expected text) returns text
language sql as $$
    select case when got is not distinct from expected then 'ok ' || name
                else format('not ok %s: got %s, expected %s', name, coalesce(got, 'null'), coalesce(expected, 'null')) end
$$;
create function story.yes(name text, condition boolean) returns text
language sql as $$ select case when condition then 'ok ' || name else 'not ok ' || name end $$;

-- How many rows of our tables a query reads.
create function story.read_of(query text) returns bigint language plpgsql as $$
declare
    before bigint := (select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables where schemaname = 'xuqi');
begin
    execute query;
    return (select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables where schemaname = 'xuqi') - before;
end
$$;

-- What an event says, with the words of the reason that it has the hash of.
create function story.said(detail text) returns text
language plpgsql as $$
begin
    return case when detail !~ 'reason [0-9]+ sha256:' then detail else
           regexp_replace(detail, 'reason [0-9]+ sha256:[0-9a-f]{64}', coalesce(
               (select r.words from xuqi.reason as r
                 where detail ~ format('reason %s sha256:%s', r.id, encode(sha256(r.salt || convert_to(r.words, 'UTF8')), 'hex')) limit 1),
               'NO SUCH REASON')) end;
end
$$;

-- The statement must raise with this SQLSTATE; deferred constraints are asked at once.
create function story.refused(name text, statement text, state text default '23514') returns text
language plpgsql as $$
begin
    execute statement;
    set constraints all immediate;
    return 'not ok ' || name || ': was not refused';
exception when others then
    return same(name, sqlstate || case when sqlstate = state then '' else ' ' || sqlerrm end, state);
end
$$;
create function story.books_right(name text default 'the books are right') returns text
language sql as $$
    select same(name, (select string_agg(invariant || ' (' || detail || ')', '; ') from xuqi.ledger_check()), null)
$$;

create function story.digest(word text) returns bytea language sql immutable as $$ select sha256(word::bytea) $$;
create function story.nonce(word text, lifetime_s bigint default 300) returns bytea
language sql as $$ select digest(word) from xuqi.challenge_create(digest(word), lifetime_s) $$;

-- Prices of a platform, loaded as by xuqictl: one fee table of a day, terms of 12, 24, … months, items as unit prices. Those
-- of the others are there before every story.
create function story.load(
    platform text, tables jsonb, version bigint default 0, file text default null, loaded_by text default 'operator',
    out outcome text, out loaded bigint, out detail text)
language sql as $$
    select p.* from (select array_agg(day order by day, months::int, line) as days,
                            array_agg(months::bigint order by day, months::int, line) as months,
                            array_agg(fee ->> 0 order by day, months::int, line) as names,
                            array_agg((fee ->> 1)::bigint order by day, months::int, line) as units,
                            array_agg((fee ->> 2)::bigint order by day, months::int, line) as quantities
                       from jsonb_each(tables) as t (day, terms), jsonb_each(terms) as f (months, items),
                            jsonb_array_elements(items) with ordinality as i (fee, line)) as a,
           lateral xuqi.platform_load(platform, encode(digest(coalesce(file, tables::text)), 'hex'), loaded_by, version,
                                      coalesce(days, '{}'), coalesce(a.months, '{}'), coalesce(names, '{}'),
                                      coalesce(units, '{}'), coalesce(quantities, '{}')) as p
$$;

-- A submission that differs from the ordinary one only where it says so. The nonce is made when it does not exist.
create function story.submit(
    certificate text, nonce text, evidence text default null, organisation text default null,
    months bigint default 12, quote_version bigint default 0, amount_shown bigint default 0, reviews bigint default 1,
    account text default 'never', open_per_organisation bigint default 0, make_nonce boolean default true,
    materials text[] default '{}', fields text[] default '{}', shown text[] default '{}',
    warning_fields text[] default '{}', warning_codes text[] default '{}', steps text[] default '{}', out outcome text, out renewal_no text, out order_no text, out status text, out total_fen bigint,
    out not_after timestamptz, out submitted_at timestamptz, out quote text, out shown_fen bigint)
language plpgsql as $$
begin
    if make_nonce then
        perform xuqi.challenge_create(digest(nonce), 300);
    end if;
    select * into outcome, renewal_no, order_no, status, total_fen, not_after, submitted_at, quote, shown_fen from xuqi.renewal_submit(
        digest(nonce), 'sz-consumables', 'platform version', digest('certificate ' || certificate),
        'c0ffee' || left(encode(digest(certificate), 'hex'), 8), certificate::bytea, '2026-12-31 12:00:00+08',
        '\x3000', 'CN=' || certificate, certificate, coalesce(organisation, 'organisation of ' || certificate),
        digest(coalesce(evidence, 'evidence ' || nonce)), 'sealed evidence', months,
        quote_version, amount_shown, 600, '2027-12-31 12:00:00+08', 'profile', '1',
        reviews, account, 'agreement', '1', repeat('0', 64), '4.2.0', '张*', '440***********0011', '138****8000',
        'z***@example.com', '', 'electronic', 'title', 'tax id', 'sealed personal', digest('id'), digest('mobile'),
        open_per_organisation, 30, array['alipay', 'unionpay', 'wechat', 'bank_transfer'], materials,
        case when fields <> '{}' then digest('legal person') end, case when fields <> '{}' then digest('account') end,
        fields, shown, warning_fields, warning_codes, in_required_identity_steps => steps);
end
$$;

create function story.attempt(renewal_no text, method text default 'alipay') returns text
language sql as $$ select attempt_no from xuqi.payment_open(renewal_no, method, 1800) $$;
create function story.settle(attempt_no text, txn text, amount_fen bigint default 20000, raw text default null)
returns text
language sql as $$
    select outcome from xuqi.payment_settle('alipay', attempt_no, txn, amount_fen, now(), 'b***r',
                                            convert_to(coalesce(raw, 'notice ' || txn), 'UTF8'), 'key 1')
$$;
create function story.status(no text) returns text
language sql as $$ select status::text from xuqi.renewal where renewal_no = no $$;

create function story.token(name text) returns bytea language sql immutable as $$ select digest('token ' || name) $$;
create function story.login(
    login_name text, step bigint default 1, accepted boolean default true, token bytea default null,
    address text default '127.0.0.1', attempts_limit bigint default 5, lock_s bigint default 900) returns text
language sql as $$
    select outcome from xuqi.staff_session_open((select id from xuqi.staff where name = login_name), login_name, address,
        accepted, step, coalesce(token, story.token(login_name)), 900, 36000, attempts_limit, lock_s)
$$;
create function story.hire(name text, roles text[] default array['reviewer']) returns text
language plpgsql as $$
begin
    perform xuqi.staff_add(name, upper(name), 'argon2id', '\x00', roles);
    return login(name);
end
$$;
create function story.claim(name text, renewal_no text) returns text
language sql as $$ select outcome from xuqi.review_claim(story.token(name), renewal_no, 600) $$;
create function story.approve(name text, no text) returns text
language sql as $$
    select outcome from xuqi.review_approve(story.token(name), no, xuqi.renewal_content_hash(no))
$$;

-- A renewal brought to this state as in life. Reviewers ann and bob are hired when needed.
create function story.renewal_in(wanted text, certificate text, reviews bigint default 1) returns text
language plpgsql as $$
declare
    no text := (select renewal_no from submit(certificate, 'nonce ' || certificate, reviews => reviews));
begin
    if not exists (select from xuqi.staff where name = 'ann') then
        perform hire('ann'), hire('bob');
    end if;
    if wanted = 'awaiting_payment' then
        return no;
    end if;
    perform settle(attempt(no), 'txn ' || certificate);
    if wanted = 'awaiting_review' then
        return no;
    end if;
    if wanted = 'rejected' then
        perform claim('ann', no);
        perform xuqi.review_reject(token('ann'), no, 'name_wrong', '名称不符');
        return no;
    end if;
    perform claim(name, no), approve(name, no) from unnest((array['ann', 'bob'])[1:reviews]) as name;
    if wanted = 'awaiting_install' then
        return no;
    end if;
    perform issue(no);
    if wanted = 'completed' then
        perform xuqi.certificate_acknowledge(no);
    end if;
    return no;
end
$$;

create function story.fence(holder text default 'issuer') returns bigint
language sql as $$ select fence from xuqi.issuer_lease_take(holder, 60) $$;
create function story.serial(word text) returns bytea
language sql immutable as $$ select '\x10'::bytea || substr(story.digest('serial ' || word), 1, 15) $$;
create function story.begin_issue(no text, key text default null, nonce text default null) returns text
language plpgsql as $$
begin
    perform xuqi.challenge_create(digest(coalesce(nonce, 'issue ' || no)), 300);
    return (select outcome from xuqi.issuance_begin(array[no], array[digest(coalesce(nonce, 'issue ' || no))],
        (select array[certificate_fingerprint] from xuqi.renewal where renewal_no = no),
        array[digest('key ' || coalesce(key, no))]));
end
$$;
create function story.intend(
    no text, serial_word text default null, key text default null, nonce text default null,
    fence bigint default story.fence(), content_hash bytea default null, late interval default '0',
    out outcome text, out issuance_id bigint)
language plpgsql as $$
begin
    perform xuqi.challenge_create(digest(coalesce(nonce, 'issue ' || no)), 300);
    select * into outcome, issuance_id from xuqi.issuance_intend(
        fence, array[no], array[digest(coalesce(nonce, 'issue ' || no))], array[digest('key ' || coalesce(key, no))],
        array['csr'::bytea], array[digest('request ' || no || coalesce(nonce, ''))],
        array[serial(coalesce(serial_word, no))], array[now()],
        (select array[not_after + late] from xuqi.renewal where renewal_no = no), array['tbs'::bytea],
        array[coalesce(content_hash, xuqi.renewal_content_hash(no))]);
end
$$;
create function story.record(issuance_id bigint, serial_word text, fence bigint default story.fence(),
                             der text default null) returns text
language sql as $$
    select outcome from xuqi.issuance_record(fence, array[issuance_id], array[serial(serial_word)],
        array[convert_to(coalesce(der, 'der ' || serial_word), 'UTF8')], array[digest(coalesce(der, 'der ' || serial_word))])
$$;
create function story.issue(no text) returns text
language sql as $$ select story.record((select issuance_id from story.intend(no)), no) $$;

-- Returned for correction, and corrected; each name with the same reason, each value masked as "new <name>".
create function story.give_back(name text, no text, names text[] default array['agent.mobile'], hash bytea default null,
                                reason text default 'wrong') returns text
language sql as $$
    select outcome from xuqi.review_return(story.token(name), no, coalesce(hash, xuqi.renewal_content_hash(no)), names,
        array_fill(reason, array[cardinality(names)]), array_fill('请更正'::text, array[cardinality(names)]))
$$;
create function story.correct(
    no text, names text[] default array['agent.mobile'], nonce text default null, evidence text default null,
    certificate bytea default null, round bigint default null, number bigint default null, make_nonce boolean default true,
    word text default 'new') returns text
language plpgsql as $$
begin
    if make_nonce then
        perform xuqi.challenge_create(digest(coalesce(nonce, 'correct ' || no)), 300);
    end if;
    return (select concat_ws(' ', outcome, status, nullif(missing, '')) from xuqi.correction_submit(
        digest(coalesce(nonce, 'correct ' || no)), no,
        coalesce(certificate, (select certificate_fingerprint from xuqi.renewal where renewal_no = no)),
        digest(coalesce(evidence, 'correction ' || coalesce(nonce, no))), 'sealed correction',
        coalesce(round, (select returns from xuqi.renewal where renewal_no = no)),
        coalesce(number, (select coalesce(max(c.number), 0) from xuqi.correction c where c.renewal_no = no)),
        names, array(select 'old ' || n from unnest(names) n), array(select word || ' ' || n from unnest(names) n),
        array_fill(1::bigint, array[cardinality(names)]), convert_to('sealed ' || word, 'UTF8'), word || '*', '440***', '139****9000',
        'n***@example.com', '', digest('new id'), digest('new mobile'), null, null, array['agent.address'], array[word || ' address'], word || ' title', word || ' tax id'));
end
$$;

select outcome as prices from story.load('sz-consumables', '{"2019-01-01": {
    "12": [["certificate fee", 15000, 1], ["service fee", 5000, 1]], "24": [["certificate fee", 10000, 2]],
    "36": [["certificate fee", 1, 1], ["service fee", 1, 1], ["third fee", 1, 1]]}}') \gset
-- A copied sequence that had logged ahead would forget in a crash what its copy gave out (killed.sql): begin to log anew.
select setval(format('%I.%I', schemaname, sequencename), last_value) as began from pg_sequences
 where schemaname = 'xuqi' and last_value is not null;

-- Applied for and paid under this version of the platform's rules.
create function story.submit_as(certificate text, rule text, reviews bigint) returns text
language plpgsql as $$
declare
    no text;
begin
    select renewal_no into no from submit(certificate, 'nonce ' || certificate, reviews => reviews);
    set local session_replication_role = replica;
    update xuqi.renewal set platform_version = rule where renewal_no = no;
    update xuqi.renewal_content set agent_id_index = digest('agent ' || certificate) where renewal_no = no;
    set local session_replication_role = origin;
    perform settle(attempt(no), 'txn ' || certificate);
    return no;
end
$$;
