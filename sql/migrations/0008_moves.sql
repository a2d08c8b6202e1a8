-- SPDX-License-Identifier: Apache-2.0
-- A nonce may be used up by a question as well as by a renewal; all renewals of one certificate are found quickly.
begin;

alter table xuqi.challenge
    drop constraint challenge_check,
    add constraint challenge_used check ((used_at is null) = (used_evidence is null)
                                         and (renewal_no is null or used_at is not null));
comment on column xuqi.challenge.renewal_no is 'Of the renewal it was used for; null when it was used to look renewals up';

create index renewal_certificate on xuqi.renewal (certificate_fingerprint, submitted_at);

insert into xuqi.schema_migration (number, name, sha256) values (8, 'moves', :'sha256');
commit;
