-- SPDX-License-Identifier: Apache-2.0
-- The database roles. Loaded by deploy/migrate as superuser, each time; what each may call is in grants.sql.
-- xuqi_owner owns everything and cannot log in; the others own nothing and see no table.

do $$
declare
    wanted text;
begin
    if not exists (select from pg_roles where rolname = 'xuqi_owner') then
        create role xuqi_owner nologin;
    end if;
    foreach wanted in array array['xuqi_web', 'xuqi_jobs', 'xuqi_issuer', 'xuqi_admin'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            execute format('create role %I login', wanted);
        end if;
    end loop;
end
$$;

alter role xuqi_owner nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role xuqi_web login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;
alter role xuqi_jobs login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;
alter role xuqi_issuer login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;
alter role xuqi_admin login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;

-- A forgotten transaction holds locks and keeps dead rows of the outbox alive: it is ended.
alter role xuqi_web set statement_timeout = '10s';
alter role xuqi_web set idle_in_transaction_session_timeout = '10s';
alter role xuqi_jobs set statement_timeout = '60s';
alter role xuqi_jobs set idle_in_transaction_session_timeout = '10s';
alter role xuqi_issuer set statement_timeout = '10s';
alter role xuqi_issuer set idle_in_transaction_session_timeout = '10s';

-- Nothing here runs long enough to be worth compiling: where the planner guesses a thousand rows and there is one, compiling takes
-- twenty times as long as running (sealing: 16 ms instead of 1).
alter role xuqi_web set jit = off;
alter role xuqi_jobs set jit = off;
alter role xuqi_issuer set jit = off;
alter role xuqi_admin set jit = off;

create schema if not exists xuqi authorization xuqi_owner;
revoke all on schema xuqi from public;
grant usage on schema xuqi to xuqi_web, xuqi_jobs, xuqi_issuer, xuqi_admin;
