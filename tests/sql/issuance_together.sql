-- SPDX-License-Identifier: Apache-2.0
-- Several certificates in one call: each has its own answer, as if it had come alone; together they are all or nothing.
set search_path = story;

-- What the issuer sends for several: words are serials, keys and nonces follow from the renewal unless they are given.
create function story.intend_together(
    nos text[], words text[] default null, keys text[] default null, nonces text[] default null,
    fence bigint default story.fence(), hashes bytea[] default null, out outcomes text, out ids bigint[])
language plpgsql as $$
begin
    words := coalesce(words, nos);
    keys := coalesce(keys, nos);
    nonces := coalesce(nonces, array(select 'issue ' || no from unnest(nos) as no));
    perform xuqi.challenge_create(digest(nonce), 300) from (select distinct unnest(nonces) as nonce) as each;
    select string_agg(i.outcome, ' ' order by i.place), array_agg(i.issuance_id order by i.place)
      into outcomes, ids
      from xuqi.issuance_intend(
               fence, nos, array(select digest(nonce) from unnest(nonces) as nonce),
               array(select digest('key ' || key) from unnest(keys) as key),
               array(select 'csr'::bytea from unnest(nos)), array(select digest('request ' || no) from unnest(nos) as no),
               array(select serial(word) from unnest(words) as word), array(select now() from unnest(nos)),
               array(select (select r.not_after from xuqi.renewal as r where r.renewal_no = no) from unnest(nos) as no),
               array(select 'tbs'::bytea from unnest(nos)),
               coalesce(hashes, array(select xuqi.renewal_content_hash(no) from unnest(nos) as no)))
           with ordinality as i (outcome, issuance_id, place);
end
$$;
create function story.record_together(ids bigint[], words text[], fence bigint default story.fence()) returns text
language sql as $$
    select string_agg(i.outcome, ' ' order by i.place)
      from xuqi.issuance_record(fence, ids, array(select serial(word) from unnest(words) as word),
               array(select convert_to('der ' || word, 'UTF8') from unnest(words) as word),
               array(select digest('der ' || word) from unnest(words) as word)) with ordinality as i (outcome, not_after, place)
$$;
create function story.begin_together(nos text[]) returns text
language sql as $$
    select string_agg(b.outcome, ' ' order by b.place)
      from xuqi.issuance_begin(nos, array(select digest('issue ' || no) from unnest(nos) as no),
               array(select (select r.certificate_fingerprint from xuqi.renewal as r where r.renewal_no = no) from unnest(nos) as no),
               array(select digest('key ' || no) from unnest(nos) as no))
           with ordinality as b (outcome, subject_der, not_after, profile, profile_version, content_hash, certificate_der, status, place)
$$;

select renewal_in('awaiting_install', 'one') as one \gset
select renewal_in('awaiting_install', 'two') as two \gset
select renewal_in('awaiting_install', 'three') as three \gset
select renewal_in('awaiting_payment', 'unpaid') as unpaid \gset
select nonce('issue ' || no) is null as made from unnest(array[:'one', :'two', :'three', :'unpaid']) as no \g /dev/null

select same('beginning several', begin_together(array[:'one', :'unpaid', '01000000000000000', :'two']), 'ready not_paid nonce_unknown ready');
select same('each with its own content', (select array_agg(content_hash)::text
    from xuqi.issuance_begin(array[:'two', :'one'], array[digest('issue ' || :'two'), digest('issue ' || :'one')],
         array[digest('certificate two'), digest('certificate one')], array[digest('k'), digest('l')])),
            array[xuqi.renewal_content_hash(:'two'), xuqi.renewal_content_hash(:'one')]::text);
select same('nothing is begun of nothing', (select count(*) from xuqi.issuance_begin('{}', '{}', '{}', '{}'))::text, '0');

select outcomes, ids[1] as one_id, ids[2] as none_id, ids[3] as two_id from intend_together(array[:'one', :'unpaid', :'two']) \gset
select same('one that is refused takes the others not along', :'outcomes', 'intended not_paid intended');
select same('each has its own intent', (select string_agg(renewal_no || serial::text, ' ' order by id) from xuqi.issuance where id in (:one_id, :two_id)),
            :'one' || serial(:'one')::text || ' ' || :'two' || serial(:'two')::text);
select same('what was refused has not used its nonce up', begin_together(array[:'unpaid']), 'not_paid');
select same('the same call again answers the same', (select outcomes || ids::text from intend_together(array[:'one', :'unpaid', :'two'])),
            'intended not_paid intended{' || :'one_id' || ',NULL,' || :'two_id' || '}');
select outcomes, ids::text as ids, ids[2] as three_id from intend_together(array[:'two', :'three', :'one']) \gset
select same('in another order and company as well', :'outcomes' || :'ids', 'intended intended intended{' || :'two_id' || ',' || :'three_id' || ',' || :'one_id' || '}');

select same('recording several', record_together(array[:one_id, :two_id], array[:'one', :'two']), 'recorded recorded');
select same('again, with one more', record_together(array[:three_id, :two_id, :one_id], array[:'three', :'two', :'one']), 'recorded recorded recorded');
select same('twice the same in one call', record_together(array[:one_id, :one_id], array[:'one', :'one']), 'recorded recorded');
select same('each renewal is issued', status(:'one') || status(:'two') || status(:'three') || status(:'unpaid'), 'issuedissuedissuedawaiting_payment');
select same('each gets its own certificate', (select string_agg(convert_from(der, 'UTF8'), ' ' order by no)
    from unnest(array[:'one', :'two', :'three']) as no, xuqi.certificate as c where c.renewal_no = no), 'der ' || :'one' || ' der ' || :'two' || ' der ' || :'three');
select same('revenue and tax of each are booked once', (select string_agg(a.kind || '=' || t.amount, ' ' order by t.leg, t.id)
    from xuqi.posting p join xuqi.transfer t on t.posting_id = p.id join xuqi.account a on a.id = t.credit_id
   where p.event_type = 'issue'), 'revenue=18868 revenue=18868 revenue=18868 output_tax=1132 output_tax=1132 output_tax=1132');
select same('each applicant is told once', (select count(*) || ' ' || count(distinct renewal_no) from xuqi.outbox where event = 'issued'), '3 3');
select same('each has its events', (select string_agg(action || count, ' ' order by action) from
    (select action, count(*) as count from xuqi.audit_event where action like 'issuance.%' group by action) as each), 'issuance.intend3 issuance.record3');

-- What cannot be in one call next to each other, is as if it had come later.
select renewal_in('awaiting_install', 'four') as four \gset
select renewal_in('awaiting_install', 'five') as five \gset
select renewal_in('awaiting_install', 'six') as six \gset
select outcomes, ids[1] as four_id from intend_together(array[:'four', :'four'], array['a', 'b']) \gset
select same('the same renewal twice', :'outcomes', 'intended busy');
select same('one intent of it', (select string_agg(serial::text, ' ') from xuqi.issuance where renewal_no = :'four'), serial('a')::text);
select same('the same intent twice', (select outcomes || ids::text from intend_together(array[:'four', :'four'], array['a', 'a'])),
            'intended intended{' || :'four_id' || ',' || :'four_id' || '}');
select same('one nonce for two renewals', (select outcomes from intend_together(array[:'five', :'six'], nonces => array['shared', 'shared'])),
            'intended nonce_used');
select same('one key for two renewals', (select outcomes from intend_together(array[:'six', :'five'], array['c', 'd'], array['shared', 'shared'])),
            'intended busy');
select renewal_in('awaiting_install', 'seven') as seven \gset
select renewal_in('awaiting_install', 'eight') as eight \gset
select same('of which the second is refused', (select outcomes from intend_together(array[:'seven', :'eight'], keys => array['same', 'same'])),
            'intended csr_key_refused');
select same('an intent of an old fence among them', (select outcomes from intend_together(array[:'eight', :'eight'], fence => fence() - 1)), 'fenced fenced');

-- All or nothing when one raises.
select renewal_in('awaiting_install', 'nine') as nine \gset
select refused('a serial that was used', format('select story.intend_together(array[%L, %L], array[%L, %L])', :'eight', :'nine', 'e', :'one'), '23505');
select same('takes all back', (select count(*) from xuqi.issuance where renewal_no in (:'eight', :'nine'))::text, '0');
select refused('the guard looks at each of several', format(
    'insert into xuqi.issuance (renewal_no, fence, serial, csr_spki_sha256, csr_der, request_evidence_sha256, not_before, not_after, tbs, content_hash)
     select renewal_no, story.fence(), story.serial(renewal_no), story.digest(renewal_no), %L, story.digest(%L), now(), not_after, %L, xuqi.renewal_content_hash(renewal_no)
       from xuqi.renewal where renewal_no in (%L, %L, %L)', '\x00', 'r', '\x00', :'eight', :'unpaid', :'nine'));
select same('the others alone', (select outcomes from intend_together(array[:'eight', :'nine'], array['f', 'g'])), 'intended intended');
select id as eight_id from xuqi.issuance where renewal_no = :'eight' \gset
select id as nine_id from xuqi.issuance where renewal_no = :'nine' \gset
select refused('a certificate that is not its intent''s', format('select story.record_together(array[%s, %s], array[%L, %L])', :eight_id, :nine_id, 'f', 'other'));
select refused('a certificate of no intent', format('select story.record_together(array[%s, 0], array[%L, %L])', :eight_id, 'f', 'other'));
select same('takes the others along: none is recorded', status(:'eight') || status(:'nine'), 'awaiting_installawaiting_install');
select same('one alone', record_together(array[:eight_id], array['f']), 'recorded');
select outcome from xuqi.issuance_abandon(fence(), :nine_id, 'hsm timed out') \g /dev/null
select renewal_in('awaiting_install', 'ten') as ten \gset
select ids[1] as ten_id from intend_together(array[:'ten']) \gset
select same('an abandoned one and a good one', record_together(array[:nine_id, :ten_id, :eight_id], array['g', :'ten', 'f']), 'abandoned recorded recorded');
select books_right();

-- Two calls with the same renewals in different order wait for each other and do not lock each other up.
select array_agg(renewal_in('awaiting_install', 'raced ' || n) order by n)::text as raced from generate_series(1, 12) as n \gset
select fence() as fence, nonce('issue ' || no) is null as made from unnest(:'raced'::text[]) as no \g /dev/null
select fence() as fence \gset
\set answers `race 8 "select story.intend_together(array(select no from unnest(':raced'::text[]) with ordinality as r (no, n) order by n * (-1) ^ %i), array(select no || 'x%i' from unnest(':raced'::text[]) with ordinality as r (no, n) order by n * (-1) ^ %i), fence => :fence) is not null"`
select same('eight calls at once all answer', :'answers', 't=8');
select same('with one intent for each renewal', (select count(*) || ' ' || count(distinct renewal_no) from xuqi.issuance where renewal_no = any (:'raced'::text[])), '12 12');
select array_agg(id order by id)::text as ids, array_agg(word order by id)::text as words
  from xuqi.issuance join lateral (select no || 'x' || n as word from unnest(:'raced'::text[]) as no, generate_series(1, 8) as n) as made
    on serial(made.word) = issuance.serial \gset
\set answers `race 8 "select story.record_together(array(select i from unnest(':ids'::bigint[]) with ordinality as r (i, n) order by n * (-1) ^ %i), array(select w from unnest(':words'::text[]) with ordinality as r (w, n) order by n * (-1) ^ %i), :fence)"`
select same('recorded once, whoever asks', :'answers', (select string_agg('recorded', ' ') from generate_series(1, 12)) || '=8');
select same('revenue is booked once for each', (select count(*) from xuqi.posting where event_type = 'issue'
    and event_key in (select order_no from xuqi.renewal where renewal_no = any (:'raced'::text[])))::text, '12');

-- The issuer dies between intent and record.
select renewal_in('awaiting_install', 'lost 1') as first \gset
select renewal_in('awaiting_install', 'lost 2') as second \gset
select ids[1] as first_id, ids[2] as second_id, fence() as fence from intend_together(array[:'first', :'second']) \gset
update xuqi.issuer_lease set until = '-infinity';
select outcome, fence as new from xuqi.issuer_lease_take('next issuer', 60) \gset
select same('the next one abandons all of them', (select string_agg(state, ' ') from xuqi.issuance where id in (:first_id, :second_id)), 'abandoned abandoned');
select same('their serials are listed', (select count(*) from xuqi.abandoned_serial where issuance_id in (:first_id, :second_id))::text, '2');
select same('their certificates come too late', record_together(array[:first_id, :second_id], array[:'first', :'second'], :fence), 'abandoned abandoned');
select outcomes, ids from intend_together(array[:'first', :'second'], array['again 1', 'again 2'], fence => :new) \gset
select same('the same requests get new serials', :'outcomes', 'intended intended');
select same('and certificates', record_together(:'ids'::bigint[], array['again 1', 'again 2'], :new), 'recorded recorded');
select books_right();

-- Changed content is found by the guard, for all of a call; who comes again alone is told.
select renewal_in('awaiting_install', 'kept') as kept \gset
select renewal_in('awaiting_install', 'changed') as changed \gset
select refused('several of which one has changed are intended all or none',
               format('select story.intend_together(array[%1$L, %2$L], hashes => array[xuqi.renewal_content_hash(%1$L), story.digest(''changed'')])', :'kept', :'changed'));
select same('then neither has an intent', (select count(*)::text from xuqi.issuance where renewal_no in (:'kept', :'changed')), '0');
select same('alone the changed one is told', (select outcomes from intend_together(array[:'changed'], hashes => array[digest('changed')])), 'case_changed');
select same('and the other one intended', (select outcomes from intend_together(array[:'kept'])), 'intended');
