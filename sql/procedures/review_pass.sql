-- SPDX-License-Identifier: Apache-2.0
-- Notes that a renewal passed its review without a person, and draws it for a later look as often as the platform says.
-- The caller holds the row's lock. Internal.
create or replace function xuqi.review_pass(in_renewal_no text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into review_step (renewal_no, kind, version, waited_from, due_at)
    select renewal_no, 'pass', version, review_since, review_due from renewal where renewal_no = in_renewal_no;
    insert into review_sample (renewal_no)
    select r.renewal_no
      from renewal as r
      join review_rule as rule on rule.platform = r.platform and rule.version = r.platform_version
     where r.renewal_no = in_renewal_no and rule.sample_permyriad > random() * 10000
        on conflict do nothing;
end
$$;
