-- SPDX-License-Identifier: Apache-2.0
-- Variable profile_version. Renewals of every subscriber, paid and approved: they await their certificates. The nonces of
-- their signed requests are known.
insert into bench.made (part, n, renewal_no)
select 'approved', n, bench.submit(sha256(nonce_digest), s, :'profile_version') from bench.subscriber as s order by n;
update bench.made set attempt_no = bench.open(renewal_no, 'alipay') where part = 'approved';

select count(*) as settled
  from bench.made cross join lateral xuqi.payment_settle(
           'alipay', attempt_no, '2026112122001' || attempt_no, 20000, now(), '2088****6225',
           convert_to(repeat('x', 1100) || attempt_no, 'UTF8'), '2021000000000001')
 where part = 'approved' and outcome = 'settled';

select (select outcome from xuqi.staff_session_open(id, name, 'bench', true, totp_step + 1, sha256('bench'), 86400, 86400,
                                                    5, 900)) as session
  from xuqi.staff where name = 'reviewer';
select count(*) as claimed from bench.made cross join lateral xuqi.review_claim(sha256('bench'), renewal_no, 3600)
 where part = 'approved' and outcome = 'claimed';
select count(*) as approved
  from bench.made cross join lateral xuqi.review_approve(sha256('bench'), renewal_no,
                                                         xuqi.renewal_content_hash(renewal_no))
 where part = 'approved' and outcome = 'approved';
select count(*) as challenges from bench.subscriber cross join lateral xuqi.challenge_create(nonce_digest, 86400);
