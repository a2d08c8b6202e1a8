-- SPDX-License-Identifier: Apache-2.0
-- Proofs other than the current key's signature. What was proved for a nonce is written beside it; the moment a submission
-- uses the nonce up, a trigger holds it against the renewal, whatever the submission has checked.
begin;

-- Who submitted a renewal in the web hall: only a session of this account gets on with it.
create table xuqi.renewal_portal (
    renewal_no text primary key references xuqi.renewal,
    account_id bigint not null references xuqi.portal_account,
    bound_at   timestamptz not null default now()
);
create index renewal_portal_account on xuqi.renewal_portal (account_id);
create trigger append_only before update or delete or truncate on xuqi.renewal_portal
    for each statement execute function xuqi.forbid();

-- Which certificates an account has asked for by serial number: counted, so that nobody can try them all.
create table xuqi.serial_ask (
    account_id   bigint not null references xuqi.portal_account,
    guess        bytea not null check (length(guess) = 32),
    address_mark bytea not null check (length(address_mark) = 32),
    asked_at     timestamptz not null default now(),
    primary key (account_id, guess)
);
comment on column xuqi.serial_ask.guess is 'Keyed hash of serial number and organisation';
create index serial_ask_address on xuqi.serial_ask (address_mark, asked_at);
create index serial_ask_at on xuqi.serial_ask (asked_at);

-- The account of another portal that a certificate belongs to: the one that applied first.
create table xuqi.certificate_portal_account (
    certificate_fingerprint bytea not null check (length(certificate_fingerprint) = 32),
    issuer                  text not null check (issuer <> ''),
    account                 text not null check (account <> ''),
    bound_at                timestamptz not null default now(),
    primary key (certificate_fingerprint, issuer)
);
create trigger append_only before update or delete or truncate on xuqi.certificate_portal_account
    for each statement execute function xuqi.forbid();

-- Tokens of other portals that were used, until they expire.
create table xuqi.portal_token (
    digest        bytea primary key check (length(digest) = 32),
    used_evidence bytea not null check (length(used_evidence) = 32),
    expires_at    timestamptz not null
);
comment on column xuqi.portal_token.digest is 'SHA-256 of issuer and jti';
create index portal_token_expires on xuqi.portal_token (expires_at);

alter table xuqi.challenge
    add column proof_evidence       bytea check (length(proof_evidence) = 32),
    add column portal_account_id    bigint references xuqi.portal_account,
    add column portal_issuer        text,
    add column portal_account       text,
    add column portal_token         bytea check (length(portal_token) = 32),
    add column portal_token_expires timestamptz,
    add constraint challenge_portal
        check (num_nulls(portal_issuer, portal_account, portal_token, portal_token_expires) in (0, 4)),
    add constraint challenge_proof check ((proof_evidence is null) = (portal_account_id is null and portal_token is null));
comment on column xuqi.challenge.proof_evidence is 'SHA-256 of the submission for which an account was proved with this nonce';

-- A submission that raced with another one finds here what it could not see before: it is to be sent again.
create function xuqi.challenge_proved() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    owner bytea := (select certificate_fingerprint from renewal where renewal_no = new.renewal_no);
begin
    if new.proof_evidence <> new.used_evidence then
        raise exception 'a nonce was proved for another submission' using errcode = '40001';
    end if;
    if new.portal_account_id is not null then
        insert into renewal_portal (renewal_no, account_id)
        select c.renewal_no, new.portal_account_id from renewal_content as c
         where c.renewal_no = new.renewal_no and c.evidence_sha256 = new.used_evidence
            on conflict do nothing;
        if not exists (select from renewal_portal
                        where renewal_no = new.renewal_no and account_id = new.portal_account_id) then
            raise exception 'renewal % belongs to another account', new.renewal_no using errcode = '40001';
        end if;
    end if;
    if new.portal_token is not null then
        insert into portal_token (digest, used_evidence, expires_at)
        values (new.portal_token, new.used_evidence, new.portal_token_expires) on conflict do nothing;
        if not found then
            raise exception 'a portal token was used twice at once' using errcode = '40001';
        end if;
        insert into certificate_portal_account (certificate_fingerprint, issuer, account)
        values (owner, new.portal_issuer, new.portal_account) on conflict do nothing;
        if certificate_portal_account(owner, new.portal_issuer) <> new.portal_account then
            raise exception 'a certificate was bound to two accounts at once' using errcode = '40001';
        end if;
    end if;
    return new;
end
$$;
create trigger proved after update of used_at on xuqi.challenge for each row
    when (old.used_at is null and new.used_at is not null and new.renewal_no is not null and new.proof_evidence is not null)
    execute function xuqi.challenge_proved();

insert into xuqi.schema_migration (number, name, sha256) values (15, 'proofs', :'sha256');
commit;
