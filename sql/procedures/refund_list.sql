-- SPDX-License-Identifier: Apache-2.0
-- The finance desk's refunds, oldest first, from after a refund on. Tabs: asked (somebody must decide), open (approved and
-- not ended), failed (and not tried again), ended, all. Reads only.
-- One row with outcome unauthenticated, forbidden or empty, or rows with outcome ok.
create or replace function xuqi.refund_list(in_token_digest bytea, in_tab text, in_after text, in_page_size bigint)
returns table (outcome text, refund_no text, renewal_no text, order_no text, cause text, state text, gateway text,
               gateway_txn text, paid_fen bigint, amount_fen bigint, reason text, retry_of text, asked_by text,
               asked_at timestamptz, approved_by text, approved_at timestamptz, sent_at timestamptz, last_word text,
               gateway_refund_no text, decision text, ended_at timestamptz)
language plpgsql stable rows 50 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller   record;
    last_one timestamptz;
    mine     text[];
begin
    select * into caller from session_finance(in_token_digest);
    if caller.outcome = 'ok' then
        select coalesce((select f.asked_at from refund as f where f.refund_no = in_after), '-infinity') into last_one;
        mine := (select s.platforms from staff as s where s.id = caller.staff_id);
        return query
        select 'ok'::text, f.refund_no, f.renewal_no, f.order_no, f.cause, f.state, f.gateway, f.gateway_txn, f.paid_fen,
               f.amount_fen, f.reason, f.retry_of, asker.display_name, f.asked_at, approver.display_name, f.approved_at,
               f.sent_at, f.last_word, f.gateway_refund_no, f.decision, f.ended_at
          from refund as f
          left join staff as asker on asker.id = f.asked_by
          left join staff as approver on approver.id = f.approved_by
         where (f.asked_at, f.refund_no) > (last_one, in_after)
           and (mine = array['*'] or (select r.platform from renewal as r where r.renewal_no = f.renewal_no) = any (mine))
           and case in_tab when 'all' then true
                           when 'asked' then f.state = 'asked'
                           when 'open' then f.state in ('approved', 'sent', 'unknown', 'awaiting_payout')
                           when 'failed' then f.state = 'failed'
                                              and not exists (select from refund as again where again.retry_of = f.refund_no)
                           else f.state in ('done', 'failed', 'refused') end
         order by f.asked_at, f.refund_no limit in_page_size;
        if found then
            return;
        end if;
    end if;
    return query
    select case caller.outcome when 'ok' then 'empty' else caller.outcome end, n.refund_no, n.renewal_no, n.order_no,
           n.cause, n.state, n.gateway, n.gateway_txn, n.paid_fen, n.amount_fen, n.reason, n.retry_of, null::text,
           n.asked_at, null::text, n.approved_at, n.sent_at, n.last_word, n.gateway_refund_no, n.decision, n.ended_at
      from (select (null::refund).*) as n;
end
$$;
