-- SPDX-License-Identifier: Apache-2.0
-- One row for each text that an applicant accepted. A text that was never published raises. Internal.
create or replace function xuqi.acceptance_keep(
    in_renewal_no text, in_kinds text[], in_ids text[], in_versions text[], in_sha256s text[], in_client_address text,
    in_evidence_sha256 bytea) returns void
language sql set search_path = xuqi, pg_temp as $$
    insert into acceptance (renewal_no, kind, id, version, sha256, client_address, evidence_sha256)
    select in_renewal_no, kind, id, version, digest, in_client_address, in_evidence_sha256
      from unnest(in_kinds, in_ids, in_versions, in_sha256s) as accepted (kind, id, version, digest)
$$;
