-- SPDX-License-Identifier: Apache-2.0
-- What deploy/bench keeps beside the program's own tables.
create schema bench;
create table bench.person (evidence_sha256 bytea, evidence_sealed bytea, personal_sealed bytea);
create table bench.subscriber (
    n bigint primary key, fingerprint bytea, serial text, der bytea, not_after timestamptz, subject_der bytea,
    subject text, common_name text, organisation text, nonce_digest bytea);
create table bench.made (part text, n bigint, renewal_no text primary key, attempt_no text, unique (part, n));

-- A year at 200.00 yuan of sz-consumables, as server/api/renewal_submit.c would submit it. The arguments that cost the
-- database nothing are the same for all.
create function bench.submit(in_nonce_digest bytea, in_subscriber bench.subscriber, in_profile_version text)
returns text language plpgsql as $$
declare
    person bench.person;
    made   record;
begin
    select * into strict person from bench.person;
    perform xuqi.challenge_create(in_nonce_digest, 86400);
    made := xuqi.renewal_submit(
        in_nonce_digest, 'sz-consumables', repeat('a', 64), in_subscriber.fingerprint, in_subscriber.serial,
        in_subscriber.der, in_subscriber.not_after, in_subscriber.subject_der, in_subscriber.subject,
        in_subscriber.common_name, in_subscriber.organisation, person.evidence_sha256, person.evidence_sealed, 12,
        0, 20000, 600, in_subscriber.not_after + interval '1 year',
        'netca-organisation', in_profile_version, 1, 'never', 'netca-eca', '2026-11-01', repeat('b', 64), '4.2.0',
        '胡**', '110***********002X', '138****8000', 'a***@example.com', '胡**，139****9000', 'electronic',
        in_subscriber.organisation, '9144030071526726XG', person.personal_sealed,
        sha256(in_nonce_digest || '\x01'), sha256(in_nonce_digest || '\x02'), 0, 30, array['alipay', 'wechat', 'unionpay']);
    if made.outcome <> 'created' then
        raise exception 'renewal_submit: %', made.outcome;
    end if;
    return made.renewal_no;
end
$$;

create function bench.open(in_renewal_no text, in_method text) returns text language sql as $$
    select attempt_no from xuqi.payment_open(in_renewal_no, in_method, 5400)
$$;

-- Submitted renewals with an open attempt, so many in a transaction. Their certificates are one real certificate under other
-- names: nobody will sign with them. The three rails come in turn, by the number of the order, which pgbench goes by, too.
create procedure bench.make_unpaid(in_part text, in_count bigint, in_at_once bigint) language plpgsql as $$
declare
    real_one bench.subscriber := (select s from bench.subscriber as s where n = 0);
begin
    for i in 1..in_count by in_at_once loop
        insert into bench.made (part, n, renewal_no)
        select in_part, g.n,
               bench.submit(sha256(convert_to('nonce ' || name, 'UTF8')),
                            row(g.n, sha256(convert_to(name, 'UTF8')),
                                ltrim(substr(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 1, 32), '0'), real_one.der,
                                real_one.not_after, real_one.subject_der, real_one.subject, '测试单位' || name || '有限公司',
                                '测试单位' || name || '有限公司', null)::bench.subscriber, '2026-11-01')
          from generate_series(i, least(i + in_at_once - 1, in_count)) as g (n), concat(in_part, g.n) as name
         order by g.n;
        update bench.made
           set attempt_no = bench.open(renewal_no, (array['alipay', 'wechat', 'unionpay'])[1 + (
                   select substr(order_no, 17)::bigint from xuqi.renewal as r where r.renewal_no = made.renewal_no) % 3])
         where part = in_part and n >= i;
        commit;
    end loop;
end
$$;
