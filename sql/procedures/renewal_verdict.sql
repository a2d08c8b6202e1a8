-- SPDX-License-Identifier: Apache-2.0
-- May this certificate be renewed, as far as what is known of it decides? Of the same mind for a submission and for the
-- question before it. Answers null (a new renewal), open (with that renewal) or the refusal: certificate_revoked,
-- certificate_renewed, organisation_limit. Counting only holds for who holds the organisation's lock. Internal.
create or replace function xuqi.renewal_verdict(
    in_certificate_fingerprint bytea, in_organisation text, in_platform text, in_open_per_organisation bigint,
    out outcome text, out renewal_no text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    if (select revoked_at from certificate where fingerprint = in_certificate_fingerprint) is not null then
        outcome := 'certificate_revoked';
        return;
    end if;
    select r.renewal_no into renewal_no from renewal as r
     where r.certificate_fingerprint = in_certificate_fingerprint
       and r.status not in ('completed', 'rejected', 'cancelled', 'closed');
    if found then
        outcome := 'open';
    elsif exists (select from renewal as r
                   where r.certificate_fingerprint = in_certificate_fingerprint and r.status = 'completed') then
        outcome := 'certificate_renewed';
    elsif in_open_per_organisation > 0 and in_organisation <> ''
          and (select count(*) from renewal as r
                where r.organisation = in_organisation and r.platform = in_platform
                  and r.certificate_fingerprint <> in_certificate_fingerprint
                  and r.status not in ('completed', 'rejected', 'cancelled', 'closed'))
              >= in_open_per_organisation then
        outcome := 'organisation_limit';
    end if;
end
$$;
