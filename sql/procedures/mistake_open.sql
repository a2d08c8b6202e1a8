-- SPDX-License-Identifier: Apache-2.0
-- A renewal that passed without a person was judged wrong: it waits for somebody, its certificate's revocation is asked for, and when
-- more than the platform's share of the last samples were wrong nothing of it passes any more until somebody resumes it
-- (pass_resume). Counted are samples since it was last resumed (pass_samples). Internal.
create or replace function xuqi.mistake_open(in_renewal_no text, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    r      renewal;
    rule   review_rule;
    looked bigint;
    wrong  bigint;
begin
    select * into strict r from renewal where renewal_no = in_renewal_no;
    perform pg_advisory_xact_lock(hashtextextended('passing:' || r.platform, 0)); -- pass_resume sees it, or comes first
    insert into review_mistake (renewal_no, platform) values (in_renewal_no, r.platform);
    insert into audit_event (actor, action, object) values (in_actor, 'review.mistake', in_renewal_no);
    insert into audit_event (actor, action, object, detail)
    select in_actor, 'certificate.revocation_asked', c.serial, in_renewal_no
      from certificate as c where c.renewal_no = in_renewal_no and c.revoked_at is null;
    select * into rule from review_rule where platform = r.platform order by id desc limit 1;
    select s.looked, s.wrong into looked, wrong from pass_samples(r.platform, rule.sample_last) as s;
    if rule.sample_last > 0 and wrong * 10000 > rule.wrong_permyriad * rule.sample_last then
        insert into review_pass_stop (platform, wrong, looked) values (r.platform, wrong, looked)
            on conflict (platform) where ended_at is null do nothing;
        if found then
            insert into audit_event (actor, action, object, detail)
            values (in_actor, 'review.pass_stopped', 'platform:' || r.platform, format('%s of %s samples were wrong', wrong, looked));
        end if;
    end if;
end
$$;
