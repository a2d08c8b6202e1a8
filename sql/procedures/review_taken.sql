-- SPDX-License-Identifier: Apache-2.0
-- Do others hold all the places of a case? There is one, or as many as are still to approve it where the platform lets two
-- review at the same time. Internal.
create or replace function xuqi.review_taken(in_renewal xuqi.renewal, in_staff_id bigint) returns boolean
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    others bigint := coalesce((in_renewal.claimed_by <> in_staff_id
                               and in_renewal.claimed_until > clock_timestamp())::integer, 0)
                     + coalesce((in_renewal.second_claimed_by <> in_staff_id
                                 and in_renewal.second_claimed_until > clock_timestamp())::integer, 0);
begin
    if others = 0 then
        return false;
    end if;
    return others >= case when exists (select from review_rule
                                        where platform = in_renewal.platform and version = in_renewal.platform_version
                                          and parallel)
                          then in_renewal.reviews_required - in_renewal.reviews_done else 1 end;
end
$$;
