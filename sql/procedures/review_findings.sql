-- SPDX-License-Identifier: Apache-2.0
-- What the server can say about cases without a person, as review_look keeps it: the checks that apply to each, with words for
-- what was found ('' passed) or why nobody can say (unsaid), and by when it is to be decided. Of fields that were corrected the
-- warnings of the application say nothing any more. Internal; called as cases come to the desk, with the renewals as they are
-- about to be: one question for all of them, each looked up by index whatever is known of the tables.
create or replace function xuqi.review_findings(in_renewals xuqi.renewal[])
returns table (renewal_no text, round bigint, names text[], sources text[], details text[], unsaid text[],
               due_at timestamptz, order_at timestamptz)
language plpgsql stable rows 10 set search_path = xuqi, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
    three_days constant timestamptz := working_days_after(now(), 3);
begin
    return query
    with known as materialized (
        select r.renewal_no as no, r.returns, r.platform_version, r.organisation, r.subject, r.not_after, r.amount_fen,
               r.payment_disputed, r.certificate_fingerprint, r.invoice_tax_id, r.required_identity_steps as steps,
               due.order_no, due.state, due.paid_gateway, rule.promised_days, coalesce(rule.risk_fen, 0) as risk_fen,
               latest.version as latest, coalesce(fixed.agent_id_index, content.agent_id_index) as agent,
               c.revoked_at, c.renewal_no as earlier,
               case when r.returns > 0 then identity_person(r.renewal_no) else 0 end as person,
               array(select distinct f.name from correction_field as f
                      where r.returns > 0 and f.renewal_no = r.renewal_no and f.changed) as corrected,
               content.warning_fields, content.warning_codes
          from unnest(in_renewals) as r
          left join renewal_content as content on content.renewal_no = r.renewal_no
          left join "order" as due on due.order_no = r.order_no
          left join review_rule as rule on rule.platform = r.platform and rule.version = r.platform_version
          left join certificate as c on c.fingerprint = r.certificate_fingerprint
          left join lateral (select l.version from review_rule as l where l.platform = r.platform
                              order by l.id desc limit 1) as latest on true
          left join lateral (select n.agent_id_index from correction as n
                              where r.returns > 0 and n.renewal_no = r.renewal_no
                              order by n.number desc limit 1) as fixed on true),
    promise as materialized (
        select days, working_days_after(now(), days) as at
          from (select distinct k.promised_days as days from known as k where k.promised_days > 0) as asked),
    judged as (
        select k.*,
               concat_ws(' ', case when k.not_after <= now() then 'promise_over' end,
                              case when k.revoked_at is not null then 'revoked' end) as "window",
               concat_ws(' ', nullif(case when k.state <> 'paid' then k.state end, ''),
                   case when k.payment_disputed then 'disputed' end,
                   -- Of this order alone: for "exists" a plan may read them all once and keep them, and "is true" keeps the
                   -- partial indexes out, which do not know the order.
                   case when (select true from surplus as s where s.renewal_no = k.no and s.order_no = k.order_no limit 1)
                        then 'surplus' end,
                   case when (select true from payment_attempt as a
                               where a.order_no = k.order_no and (a.state = 'unknown') is true limit 1) then 'attempt_unknown' end,
                   case when (select true from transfer_match as m
                               where m.order_no = k.order_no and (m.undone_at is null) is true and m.rule = 'finance' limit 1)
                        then 'matched_by_person' end) as payment,
               case when k.risk_fen > 0 and k.amount_fen >= k.risk_fen then 'large' else '' end as amount,
               liveness.id as liveness_id, coalesce(liveness.provider, 'server') as liveness_source,
               case when liveness.id is null then 'missing' when liveness.state = 'manual' then liveness.reason else '' end as liveness,
               telecom.id as telecom_id, coalesce(telecom.provider, 'server') as telecom_source,
               case when telecom.id is null then 'missing' when telecom.state = 'manual' then telecom.reason else '' end as telecom,
               coalesce((select 'renewed_before' from renewal as other
                          where other.certificate_fingerprint = k.certificate_fingerprint
                            and other.renewal_no <> k.no and other.paid_at is not null
                            and other.status not in ('rejected', 'cancelled', 'closed') limit 1), '') as duplicate_key,
               coalesce((select 'open_as_well' from renewal as other
                          where k.organisation <> '' and other.organisation = k.organisation
                            and other.subject = k.subject and other.renewal_no <> k.no
                            and other.status not in ('completed', 'rejected', 'cancelled', 'closed') limit 1), '') as duplicate_subject,
               -- One who acts for many organisations in a short time, as far as his last applications show.
               case when (select count(distinct others.organisation)
                            from (select n.renewal_no from renewal_content as n where n.agent_id_index = k.agent
                                   order by n.renewal_no desc limit 20) as last
                            join renewal as others on others.renewal_no = last.renewal_no
                           where others.organisation <> k.organisation
                             and others.paid_at > now() - interval '30 days') > 3
                    then 'many_organisations' else '' end as duplicate_agent,
               case when old.renewal_no is not null then concat_ws(' ',
                   case when was.organisation <> k.organisation then 'organisation' end,
                   case when was.subject <> k.subject then 'subject' end,
                   -- Of two keyed hashes only those under the same key can be compared.
                   case when old.agent_id_index <> k.agent
                             and left(encode(old.agent_id_index, 'hex'), 8) = left(encode(k.agent, 'hex'), 8) then 'agent' end,
                   case when was.invoice_tax_id <> k.invoice_tax_id then 'invoice' end) end as last_renewal,
               case when k.latest is null then null
                    when k.latest <> k.platform_version then 'platform_changed' else '' end as form_version,
               (select coalesce(string_agg('corrected:' || n, ' ' order by n), '') from unnest(k.corrected) as n
                 where n in ('organisation.id_number', 'basic_account.bank_code', 'invoice.tax_id')) as numbers_corrected,
               (select coalesce(string_agg('corrected:' || n, ' ' order by n), '') from unnest(k.corrected) as n
                 where n in ('organisation.name', 'organisation.id_number', 'basic_account.name')) as names_corrected,
               warned.numbers as numbers_warned, warned.names as names_warned
          from known as k
          left join renewal as was on was.renewal_no = k.earlier
          left join renewal_content as old on old.renewal_no = was.renewal_no
          left join lateral (select i.* from identity_check as i
                              where 'liveness' = any (k.steps) and i.renewal_no = k.no and i.kind = 'liveness'
                                and i.person = k.person and i.state in ('passed', 'manual')
                              order by i.id desc limit 1) as liveness on true
          left join lateral (select i.* from identity_check as i
                              where 'telecom' = any (k.steps) and i.renewal_no = k.no and i.kind = 'telecom'
                                and i.person = k.person and i.state in ('passed', 'manual')
                              order by i.id desc limit 1) as telecom on true
          cross join lateral (
              select coalesce(string_agg(w.said, ' ' order by w.said) filter (where w.said like '%check\_digit'), '') as numbers,
                     coalesce(string_agg(w.said, ' ' order by w.said) filter (where w.said like '%:differs\_from\_%'), '') as names
                from (select p.field || ':' || p.code as said
                        from unnest(k.warning_fields, k.warning_codes) as p (field, code)
                       where not p.field = any (k.corrected)) as w) as warned)
    select j.no, j.returns,
           array['window', 'payment', 'amount', 'identity_numbers', 'organisation', 'duplicate_key', 'duplicate_subject',
                 'duplicate_agent']
           || case when 'liveness' = any (j.steps) then '{liveness}'::text[] end
           || case when 'telecom' = any (j.steps) then '{telecom}'::text[] end
           || case when j.last_renewal is not null then '{last_renewal}'::text[] end
           || case when j.form_version is not null then '{form_version}'::text[] end,
           array['server', coalesce(j.paid_gateway, 'server'), 'platform', 'form', 'form', 'server', 'server', 'server']
           || case when 'liveness' = any (j.steps) then array[j.liveness_source] end
           || case when 'telecom' = any (j.steps) then array[j.telecom_source] end
           || case when j.last_renewal is not null then '{server}'::text[] end
           || case when j.form_version is not null then '{platform}'::text[] end,
           array[j."window", j.payment, j.amount, concat_ws(' ', nullif(j.numbers_corrected, ''), nullif(j.numbers_warned, '')),
                 concat_ws(' ', nullif(j.names_corrected, ''), nullif(j.names_warned, '')),
                 j.duplicate_key, j.duplicate_subject, j.duplicate_agent]
           || case when 'liveness' = any (j.steps) then array[j.liveness] end
           || case when 'telecom' = any (j.steps) then array[j.telecom] end
           || case when j.last_renewal is not null then array[j.last_renewal] end
           || case when j.form_version is not null then array[j.form_version] end,
           '{}'::text[]
           || case when j.state <> 'paid' then '{payment}'::text[] end
           || case when j.numbers_corrected <> '' then '{identity_numbers}'::text[] end
           || case when j.names_corrected <> '' then '{organisation}'::text[] end
           || case when 'liveness' = any (j.steps) and j.liveness_id is null then '{liveness}'::text[] end
           || case when 'telecom' = any (j.steps) and j.telecom_id is null then '{telecom}'::text[] end,
           p.at, coalesce(p.at, three_days)
      from judged as j left join promise as p on p.days = j.promised_days;
end
$$;
