-- SPDX-License-Identifier: Apache-2.0
-- The desk's lists, oldest payment first, from after a renewal on. Tabs: waiting (nobody else holds it and I have not
-- approved it), mine (I hold it), done (I decided it). Reads only.
-- One row with outcome unauthenticated, forbidden or empty, or rows with outcome ok.
create or replace function xuqi.review_list(in_token_digest bytea, in_tab text, in_after text, in_page_size bigint)
returns table (outcome text, renewal_no text, platform text, subject text, organisation text,
               submitted_at timestamptz, paid_at timestamptz, term_months bigint, amount_fen bigint, status text,
               claimed_by text, claimed_at timestamptz)
language plpgsql stable rows 50 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller    record;
    last_paid timestamptz;
    wanted    text[];
    found_any boolean;
    mine      text[];
begin
    select * into caller from session_reviewer(in_token_digest);
    if caller.outcome <> 'ok' then
        return query select caller.outcome, null::text, null::text, null::text, null::text, null::timestamptz,
                            null::timestamptz, null::bigint, null::bigint, null::text, null::text, null::timestamptz;
        return;
    end if;
    select coalesce((select r.paid_at from renewal as r where r.renewal_no = in_after), '-infinity') into last_paid;
    mine := (select s.platforms from staff as s where s.id = caller.staff_id);
    if in_tab = 'waiting' then
        wanted := array(
            select r.renewal_no from renewal as r
             where r.status = 'awaiting_review' and staff_may(mine, r.platform) and (r.paid_at, r.renewal_no) > (last_paid, in_after)
               and (r.claimed_by is null or r.claimed_until <= now())
               and (r.reviews_done = 0
                    or not exists (select from approval as a where a.renewal_no = r.renewal_no
                                      and a.staff_id = caller.staff_id and a.voided_at is null))
             order by r.paid_at, r.renewal_no limit in_page_size);
    elsif in_tab = 'mine' then
        wanted := array(
            select r.renewal_no from renewal as r
             where r.status = 'awaiting_review' and staff_may(mine, r.platform) and r.claimed_by = caller.staff_id and r.claimed_until > now()
               and (r.paid_at, r.renewal_no) > (last_paid, in_after)
             order by r.paid_at, r.renewal_no limit in_page_size);
    else
        wanted := array(
            select r.renewal_no from renewal as r
             where r.renewal_no in (select a.renewal_no from approval as a
                                     where a.staff_id = caller.staff_id and a.voided_at is null
                                    union
                                    select given_back.renewal_no from renewal_return as given_back
                                     where given_back.staff_id = caller.staff_id
                                    union
                                    select rejected.renewal_no from renewal as rejected
                                     where rejected.rejected_by = caller.staff_id)
               and staff_may(mine, r.platform) and (r.paid_at, r.renewal_no) > (last_paid, in_after)
             order by r.paid_at, r.renewal_no limit in_page_size);
    end if;
    return query
    select 'ok'::text, r.renewal_no, r.platform, r.subject, r.organisation, r.submitted_at, r.paid_at, r.term_months,
           r.amount_fen, r.status::text, holder.display_name,
           case when holder.id is not null then r.claimed_at end
      from renewal as r left join staff as holder on holder.id = r.claimed_by and r.claimed_until > now()
     where r.renewal_no = any (wanted)
     order by r.paid_at, r.renewal_no;
    found_any := found;
    if not found_any then
        return query select 'empty'::text, null::text, null::text, null::text, null::text, null::timestamptz,
                            null::timestamptz, null::bigint, null::bigint, null::text, null::text, null::timestamptz;
    end if;
end
$$;
