-- SPDX-License-Identifier: Apache-2.0
-- Keeps how each platform's file wants its renewals reviewed, by the version of the file, before anything is applied for
-- under it. A version that is known stays as it is: it is the file's digest. Safe to call again. Outcome: published.
create or replace function xuqi.review_rules_publish(
    in_platforms text[], in_versions text[], in_promised_days bigint[], in_parallel bigint[], in_risk_reviews bigint[],
    in_risk_fen bigint[], in_approval_days bigint[], in_sample_permyriad bigint[],
    in_sample_last bigint[] default '{}', in_wrong_permyriad bigint[] default '{}', out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    with new as (
        insert into review_rule (platform, version, promised_days, parallel, risk_reviews, risk_fen, approval_days,
                                 sample_permyriad, sample_last, wrong_permyriad)
        select platform, version, promised_days, parallel <> 0, risk_reviews, risk_fen, approval_days, sample_permyriad,
               coalesce(sample_last, 0), coalesce(wrong_permyriad, 0)
          from unnest(in_platforms, in_versions, in_promised_days, in_parallel, in_risk_reviews, in_risk_fen,
                      in_approval_days, in_sample_permyriad, in_sample_last, in_wrong_permyriad)
               as given (platform, version, promised_days, parallel, risk_reviews, risk_fen, approval_days,
                         sample_permyriad, sample_last, wrong_permyriad)
            on conflict (platform, version) do nothing
        returning platform, version)
    insert into audit_event (actor, action, object, detail)
    select 'system', 'review.rule', 'platform:' || platform, version from new;
    outcome := 'published';
end
$$;
