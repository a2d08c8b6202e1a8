-- SPDX-License-Identifier: Apache-2.0
-- Revocation lists: a new one when there is reason, with all that belongs on it, in order of their numbers, by one issuer.
set search_path = story;

create function story.due(renew_s bigint default 43200) returns text language sql as $$
    select case when due then 'due ' else 'not due ' end || number || ' with ' || revocations from xuqi.crl_due(renew_s)
$$;
create function story.make_list(number bigint, der text default 'list', fence bigint default story.fence(),
                                from_now interval default '0', hours bigint default 24) returns text language sql as $$
    select outcome from xuqi.crl_record(fence, number, now() + from_now, now() + from_now + make_interval(hours => hours::integer),
                                        (select revocations from xuqi.crl_due(0)), der::bytea)
$$;
create function story.listed(issuer text default 'issuer A') returns text language sql as $$
    select coalesce(string_agg(encode(serial, 'hex') || ' ' || reason, ', '), 'nothing') from xuqi.crl_revoked(issuer::bytea)
$$;
create function story.known(serial text, issuer text default 'issuer A', not_after timestamptz default now() + interval '1 year')
returns text language sql as $$
    select outcome from xuqi.certificate_import(serial, digest('certificate of ' || issuer || ', ' || serial),
        ('certificate of ' || issuer || ', ' || serial)::bytea, 'CN=' || serial, not_after - interval '2 years', not_after, null)
$$;
create function story.revoke(serial text, reason text) returns text language sql as $$
    select outcome from xuqi.certificate_revoke(serial, reason)
$$;

select same('without any list one is due', due(), 'due 1 with 0');
select same('and nobody gets one', (select count(*) from xuqi.crl_current())::text, '0');
select yes('its time is the database''s in whole seconds',
           (select at between now() - interval '1 second' and now() and extract(microseconds from at)::bigint % 1000000 = 0 from xuqi.crl_due(0)));
select same('nothing is on it', listed(), 'nothing');
select same('recording it', make_list(1, 'first'), 'recorded');
select same('again', make_list(1, 'first'), 'recorded');
select same('another of this number', make_list(1, 'other'), 'busy');
select same('it is not due any more', due(), 'not due 2 with 0');
select same('everybody gets it', (select convert_from(der, 'UTF8') from xuqi.crl_current()), 'first');
select same('it is due when its end is near', due(24 * 3600 + 1), 'due 2 with 0');
select same('one event', (select string_agg(actor || ' ' || object, ',') from xuqi.audit_event where action = 'crl.record'), 'issuer 1');

select known('abc'), known('1def', 'issuer A'), known('2bad', 'issuer B'), known('3', not_after => now() - interval '1 day') \g /dev/null
select revoke('abc', 'keyCompromise') as revoked \gset
select same('a revocation makes it due', due(), 'due 2 with 1');
select revoke('1def', 'lost it'), revoke('2bad', 'superseded'), revoke('3', 'superseded') \g /dev/null
select same('another one as well', due(), 'due 2 with 4');
select same('listed: this issuer''s, not expired, odd digits padded', listed(), '0abc keyCompromise, 1def lost it');
select same('another issuer''s has its own', listed('issuer B'), '2bad superseded');
select yes('with the time of its revocation', (select revoked_at = (select c.revoked_at from xuqi.certificate c where c.serial = 'abc')
                                                 from xuqi.crl_revoked('issuer A') where serial = '\x0abc'));
select same('the second', make_list(2, 'second'), 'recorded');
select same('settles it', due(), 'not due 3 with 4');
select same('the newest is the current one', (select convert_from(der, 'UTF8') from xuqi.crl_current()), 'second');
select same('an old one comes too late', make_list(1, 'late'), 'busy');
select revoke('abc', 'superseded') \g /dev/null
select same('revoking once more changes nothing', due() || ': ' || listed(), 'not due 3 with 4: 0abc keyCompromise, 1def lost it');

-- RFC 5280 3.3: an expired one is still on the first list made after it expired.
select known('4', not_after => now() + interval '1 hour'), revoke('4', 'superseded') \g /dev/null
select make_list(3, 'third') as third \gset
alter table xuqi.crl disable trigger append_only;
update xuqi.crl set this_update = this_update - interval '12 hours';
alter table xuqi.crl enable trigger append_only;
update xuqi.certificate set not_before = now() - interval '1 year', not_after = now() - interval '1 minute' where serial = '4';
select same('expired since the last list: still there', listed(), '04 superseded, 0abc keyCompromise, 1def lost it');
select make_list(4, 'fourth') as fourth \gset
select same('then gone', listed(), '0abc keyCompromise, 1def lost it');
select same('which is no reason for a list', due(), 'not due 5 with 5');

-- Serials that may have been signed.
select renewal_in('awaiting_install', 'lee') as no \gset
select outcome, issuance_id as id from intend(:'no') \gset
select same('an intent is not listed', due(), 'not due 5 with 5');
select outcome from xuqi.issuance_abandon(fence(), :id, 'the token went away') \gset
select same('an abandoned serial makes it due', due(), 'due 5 with 6');
select same('and is listed', listed('tbs'), encode(serial(:'no'), 'hex') || ' cessationOfOperation');
select known(encode(serial(:'no'), 'hex'), 'tbs'), revoke(encode(serial(:'no'), 'hex'), 'keyCompromise') \g /dev/null
select same('once, also when its certificate turned up and was revoked', (select count(*) from xuqi.crl_revoked('tbs'))::text, '1');

-- One issuer.
select fence() as old \gset
update xuqi.issuer_lease set until = '-infinity';
select fence as new from xuqi.issuer_lease_take('second issuer', 60) \gset
select same('the old issuer records nothing', make_list(5, 'fifth', :old), 'fenced');
select same('but learns that it had', make_list(4, 'fourth', :old), 'recorded');
\set answers `race 12 "select outcome from xuqi.crl_record(:new, 5, now(), now() + interval '1 day', 6, convert_to('list of %i', 'UTF8'))"`
select same('of twelve at once one', :'answers', 'busy=11 recorded=1');
\set answers `race 12 "select outcome from xuqi.crl_record(:new, 6, now(), now() + interval '1 day', 6, 'the same')"`
select same('the same list twelve times at once', :'answers', 'recorded=12');
select same('is there once', (select count(*) from xuqi.crl where number = 6)::text || ' ' ||
            (select count(*) from xuqi.audit_event where action = 'crl.record' and object = '6')::text, '1 1');

select refused('a list that ends before it begins', format('select xuqi.crl_record(%s, 7, now(), now(), 6, %L)', :new, 'x'));
select refused('an empty list', format('select xuqi.crl_record(%s, 7, now(), now() + interval ''1 day'', 6, %L)', :new, ''));
select refused('changing a list', 'update xuqi.crl set der = ''\x00''');
select refused('removing one', 'delete from xuqi.crl');
select refused('all of them', 'truncate xuqi.crl');
