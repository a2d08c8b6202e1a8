-- SPDX-License-Identifier: Apache-2.0
-- The rails as jobs finds them, the certificates that gateways renew by themselves, what /metrics counts.
set search_path = story;

create function story.looked(which text) returns text language sql as $$
    select breaker || ' ' || (certificates_at is not null) from xuqi.rail_look() where rail = which
$$;
create function story.put(which text, secret text) returns text language sql as $$
    select outcome from xuqi.gateway_certificate_put('wechat', which, 'nonce', 'certificate', secret::bytea, now() + interval '5 years')
$$;

select same('nothing is known of a rail', (select count(*) from xuqi.rail_look())::text, '0');
select same('a change', (select outcome from xuqi.rail_note('alipay', 'open', 'remote_unknown')), 'noted');
select same('again', (select outcome from xuqi.rail_note('alipay', 'open', 'http_5xx')), 'known');
select same('it is open, for the first reason', (select breaker || ' ' || reason from xuqi.rail), 'open remote_unknown');
select same('on the trail once', (select count(*) || ' ' || min(detail) from xuqi.audit_event where action = 'rail.open'), '1 remote_unknown');
select same('web sees it', looked('alipay'), 'open false');
select same('back', (select outcome from xuqi.rail_note('alipay', 'closed', '')), 'noted');
select same('web sees that', looked('alipay'), 'closed false');
select refused('a word that is none', $$select xuqi.rail_note('alipay', 'ajar', '')$$, '23514');

select same('a certificate', put('ab', 'sealed once'), 'kept');
select same('sealed anew', put('ab', 'sealed twice'), 'renewed');
select same('one row, the newest text', (select string_agg(serial || ' ' || convert_from(ciphertext, 'UTF8'), ',') from xuqi.gateway_certificates('wechat')), 'ab sealed twice');
select same('on the trail once', (select count(*)::text from xuqi.audit_event where action = 'gateway.certificate'), '1');
select same('a rail with a certificate and no change is closed', looked('wechat'), 'closed true');
select same('another rail has none', (select count(*) from xuqi.gateway_certificates('alipay'))::text, '0');
update xuqi.gateway_certificate set not_after = now() - interval '1 second';
select same('what has ended is not given out', (select count(*) from xuqi.gateway_certificates('wechat'))::text, '0');

create function story.metric(which text, at text) returns text language sql as $$
    select value::text from xuqi.metrics_get() where metric = which and labels = at
$$;
select renewal_in('awaiting_payment', 'counted') as no, renewal_in('awaiting_review', 'paid') as paid \gset
select attempt(:'no') as attempt \gset
select same('open attempts', metric('payments_of_the_day', 'rail="alipay",state="open"'), '1');
select same('paid ones', metric('payments_of_the_day', 'rail="alipay",state="paid"'), '1');
alter table xuqi.payment_attempt disable trigger user;
update xuqi.payment_attempt set state = 'unknown', created_at = now() - interval '3 days', expires_at = now() where attempt_no = :'attempt';
select same('of three days ago none counts for the day', metric('payments_of_the_day', 'rail="alipay",state="unknown"'), null);
select same('but an unknown one is never forgotten', metric('payments_unknown', 'rail="alipay"'), '1');
update xuqi.outbox set run_at = now() - interval '100 seconds', created_at = now() - interval '100 seconds';
select yes('the oldest row that waits', metric('outbox_oldest_seconds', 'topic="message"')::int between 100 and 110);
select yes('rows by topic and state', metric('outbox_rows', 'topic="message",state="ready"')::int >= 1);
update xuqi.outbox set state = 'dead';
select same('a dead one waits for a person, not for its time', metric('outbox_oldest_seconds', 'topic="message"'), null);
select yes('dead letters', metric('outbox_rows', 'topic="message",state="dead"')::int >= 1);
select same('a rail that is not closed', metric('rail_paused', 'rail="alipay"'), '0');
select renewal_in('completed', 'issued') as issued \gset
select same('issuances', metric('issuances_of_the_day', 'state="signed"'), '1');
