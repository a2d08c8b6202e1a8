-- SPDX-License-Identifier: Apache-2.0
-- What the server can say about a case without a person: one row for each check, passed, found (with words for what) or
-- open (nobody can say). Of fields that were corrected the warnings of the application say nothing any more. Internal;
-- called as the case comes to the desk, with the renewal as it is about to be.
create or replace function xuqi.review_findings(in_renewal xuqi.renewal, in_risk_fen bigint)
returns table (name text, result text, source text, detail text)
language plpgsql stable rows 12 set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    no        constant text := in_renewal.renewal_no;
    content   renewal_content;
    due       "order";
    agent     bytea;
    warned    text[];
    corrected text[];
    person    bigint := identity_person(in_renewal.renewal_no);
    earlier   text;
begin
    select * into content from renewal_content where renewal_no = no;
    select * into due from "order" where order_no = in_renewal.order_no;
    select coalesce((select c.agent_id_index from correction as c where c.renewal_no = no order by c.number desc limit 1),
                    content.agent_id_index) into agent;
    corrected := array(select distinct f.name from correction_field as f where f.renewal_no = no and f.changed);
    warned := array(select w.field || ':' || w.code from unnest(content.warning_fields, content.warning_codes) as w (field, code)
                     where not w.field = any (corrected));
    select c.renewal_no into earlier from certificate as c
     where c.fingerprint = in_renewal.certificate_fingerprint and c.renewal_no is not null;

    return query
    select judged.name, case when judged.open <> '' then 'open' when judged.found <> '' then 'found' else 'passed' end,
           judged.source, concat_ws(' ', nullif(judged.open, ''), nullif(judged.found, ''))
      from (
        select 'window' as name, 'server' as source, '' as open,
               concat_ws(' ',
                   case when in_renewal.not_after <= now() then 'promise_over' end,
                   case when exists (select from certificate as c where c.fingerprint = in_renewal.certificate_fingerprint
                                        and c.revoked_at is not null) then 'revoked' end) as found
        union all
        select 'payment', coalesce(due.paid_gateway, 'server'), case when due.state <> 'paid' then due.state else '' end,
               concat_ws(' ', case when in_renewal.payment_disputed then 'disputed' end,
                   case when exists (select from surplus as s where s.renewal_no = no and s.order_no = due.order_no)
                        then 'surplus' end,
                   case when exists (select from payment_attempt as a where a.order_no = due.order_no
                                        and a.state = 'unknown') then 'attempt_unknown' end,
                   case when exists (select from transfer_match as m where m.order_no = due.order_no
                                        and m.undone_at is null and m.rule = 'finance') then 'matched_by_person' end)
        union all
        select 'amount', 'platform', '',
               case when in_risk_fen > 0 and in_renewal.amount_fen >= in_risk_fen then 'large' else '' end
        union all
        select 'identity_numbers', 'form',
               (select coalesce(string_agg('corrected:' || c, ' ' order by c), '') from unnest(corrected) as c
                 where c in ('organisation.id_number', 'basic_account.bank_code', 'invoice.tax_id')),
               (select coalesce(string_agg(w, ' ' order by w), '') from unnest(warned) as w where w like '%check\_digit')
        union all
        select 'organisation', 'form',
               (select coalesce(string_agg('corrected:' || c, ' ' order by c), '') from unnest(corrected) as c
                 where c in ('organisation.name', 'organisation.id_number', 'basic_account.name')),
               (select coalesce(string_agg(w, ' ' order by w), '') from unnest(warned) as w where w like '%:differs\_from\_%')
        union all
        select step.kind, coalesce(k.provider, 'server'), case when k.id is null then 'missing' else '' end,
               case when k.state = 'manual' then k.reason else '' end
          from unnest(array['liveness', 'telecom']) as step (kind)
          left join lateral (select * from identity_check as c
                              where c.renewal_no = no and c.kind = step.kind and c.person = person
                                and c.state in ('passed', 'manual')
                              order by c.id desc limit 1) as k on true
         where step.kind = any (in_renewal.required_identity_steps)
        union all
        select 'duplicate_key', 'server', '',
               coalesce((select 'renewed_before' from renewal as other
                          where other.certificate_fingerprint = in_renewal.certificate_fingerprint
                            and other.renewal_no <> no and other.paid_at is not null
                            and other.status not in ('rejected', 'cancelled', 'closed') limit 1), '')
        union all
        select 'duplicate_subject', 'server', '',
               coalesce((select 'open_as_well' from renewal as other
                          where in_renewal.organisation <> '' and other.organisation = in_renewal.organisation
                            and other.subject = in_renewal.subject and other.renewal_no <> no
                            and other.status not in ('completed', 'rejected', 'cancelled', 'closed') limit 1), '')
        union all
        -- One who acts for many organisations in a short time, as far as his last applications show.
        select 'duplicate_agent', 'server', '',
               case when (select count(distinct others.organisation)
                            from (select c.renewal_no from renewal_content as c where c.agent_id_index = agent
                                   order by c.renewal_no desc limit 20) as last
                            join renewal as others on others.renewal_no = last.renewal_no
                           where others.organisation <> in_renewal.organisation
                             and others.paid_at > now() - interval '30 days') > 3
                    then 'many_organisations' else '' end
        union all
        select 'last_renewal', 'server', '',
               concat_ws(' ',
                   case when was.organisation <> in_renewal.organisation then 'organisation' end,
                   case when was.subject <> in_renewal.subject then 'subject' end,
                   -- Of two keyed hashes only those under the same key can be compared.
                   case when old.agent_id_index <> agent and left(encode(old.agent_id_index, 'hex'), 8) = left(encode(agent, 'hex'), 8)
                        then 'agent' end,
                   case when was.invoice_tax_id <> in_renewal.invoice_tax_id then 'invoice' end)
          from renewal as was join renewal_content as old on old.renewal_no = was.renewal_no
         where was.renewal_no = earlier
        union all
        select 'form_version', 'platform', '',
               case when latest.version <> in_renewal.platform_version then 'platform_changed' else '' end
          from (select version from review_rule where platform = in_renewal.platform order by id desc limit 1) as latest
      ) as judged;
end
$$;
