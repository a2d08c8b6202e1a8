-- SPDX-License-Identifier: Apache-2.0
-- Variables part, count. Submitted renewals with an open attempt, in one transaction and therefore numbered in one row.
-- Their certificates are one real certificate under other names: nobody will sign with them.
insert into bench.made (part, n, renewal_no)
select :'part', g.n,
       bench.submit(sha256(convert_to('nonce ' || :'part' || g.n, 'UTF8')),
                    row(g.n, sha256(convert_to(:'part' || g.n, 'UTF8')),
                        ltrim(substr(encode(sha256(convert_to(:'part' || g.n, 'UTF8')), 'hex'), 1, 32), '0'), s.der,
                        s.not_after, s.subject_der, s.subject, '测试单位' || :'part' || g.n || '有限公司',
                        '测试单位' || :'part' || g.n || '有限公司', null)::bench.subscriber, '2026-11-01')
  from generate_series(1, :count) as g (n) cross join (select * from bench.subscriber where n = 0) as s
 order by g.n;
-- The three rails in turn, by the number of the order, which pgbench goes by, too.
update bench.made set attempt_no = bench.open(renewal_no, (array['alipay', 'wechat', 'unionpay'])[1 + (select substr(order_no, 17)::bigint from xuqi.renewal as r where r.renewal_no = made.renewal_no) % 3])
 where part = :'part';
