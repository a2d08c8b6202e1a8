-- SPDX-License-Identifier: Apache-2.0
-- Is it an event of the administration? Who administers sees these, and none of a case or of money. Internal.
create or replace function xuqi.audit_administers(in_action text) returns boolean
language sql immutable set search_path = xuqi, pg_temp as $$
    select split_part(in_action, '.', 1) in ('access', 'admin', 'agreement', 'audit', 'bank', 'calendar', 'collecting_account', 'crl',
                                             'gateway', 'issuer', 'key', 'login', 'platform', 'rail', 'staff')
           or in_action in ('export', 'issuance.halt', 'issuance.release', 'review.rule')
$$;
