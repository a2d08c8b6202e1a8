-- SPDX-License-Identifier: Apache-2.0
-- The list of bank branches that applicants choose from, searched by words of their names. Trigrams (pg_trgm) do not
-- serve words of two characters, and 工商 is one: pairs of characters do.
begin;

create function xuqi.bank_pairs(in_text text) returns text[]
language plpgsql immutable strict parallel safe set search_path = xuqi, pg_temp as $$
begin
    return array(select distinct substr(in_text, i, 2) from generate_series(1, length(in_text) - 1) as i);
end
$$;

create table xuqi.bank_branch (
    code     text primary key check (code ~ '^[0-9]{12}$'),
    name     text not null check (length(name) between 4 and 100),
    bank     text not null check (length(bank) <= 100),
    province text not null check (length(province) <= 50),
    city     text not null check (length(city) <= 50),
    search   text not null check (search <> ''),
    rank     bigint not null check (rank > 0)
);
comment on table xuqi.bank_branch is 'Branches by CNAPS code; replaced as a whole by bank_import';
comment on column xuqi.bank_branch.search is 'The name as it is searched: upper case, half width, no white space';
comment on column xuqi.bank_branch.rank is
    'Place among the branches of its bank (first three digits), short names first: a head office has 1';
create index bank_branch_pairs on xuqi.bank_branch using gin (xuqi.bank_pairs(search)) with (fastupdate = off);
create index bank_branch_rank on xuqi.bank_branch (rank, length(search), code);

create table xuqi.bank_pair (
    pair  text primary key,
    times bigint not null check (times > 0)
);
comment on table xuqi.bank_pair is 'How often a pair of characters stands in the names: decides how bank_search looks';

insert into xuqi.schema_migration (number, name, sha256) values (13, 'bank', :'sha256');
commit;
