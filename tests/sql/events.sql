-- SPDX-License-Identifier: Apache-2.0
-- Versions: what waiting pages are told about, and when.
set search_path = story;

create function story.version(no text) returns bigint language sql as $$ select version from xuqi.renewal_progress(no) $$;
-- What a process that has seen these versions would be told.
create function story.changes(nos text[], seen bigint[]) returns text language sql as $$
    select string_agg(renewal_no || '@' || version, ' ' order by renewal_no) from xuqi.renewal_changes(nos, seen)
$$;
-- Whether the words raise the version of a renewal.
create function story.raises(no text, statement text) returns boolean language plpgsql as $$
declare
    before bigint := version(no);
begin
    execute statement;
    return version(no) > before;
end
$$;

select renewal_no as no from submit('watched', 'watched', materials => array['application_form']) \gset
select renewal_no as other from submit('quiet', 'quiet') \gset
select same('a renewal begins with a version', (version(:'no') >= 1)::text, 'true');
select version(:'no') as v, version(:'other') as w \gset
select same('who has seen all is told nothing', changes(array[:'no', :'other'], array[:v, :w]), null);
select same('nobody is told nothing', changes('{}', '{}'), null);
select same('who has seen nothing is told everything', changes(array[:'no', :'other'], array[0, 0]), :'no' || '@' || :v || ' ' || :'other' || '@' || :w);
select same('an unknown number is passed by', changes(array['01000000000000000', :'no'], array[0, 0]), :'no' || '@' || :v);
select same('so is null', changes(array[null, :'no'], array[0, null]), null);

select yes('an upload raises it', raises(:'no', format($$ select xuqi.material_put(%L, 'application_form', 1, 'application/pdf', 4, digest('scan'), 'sealed scan') $$, :'no')));
select yes('the same upload again does not', not raises(:'no', format($$ select xuqi.material_put(%L, 'application_form', 1, 'application/pdf', 4, digest('scan'), 'sealed scan') $$, :'no')));
select yes('a removal does', raises(:'no', format($$ select xuqi.material_remove(%L, 'application_form', 1) $$, :'no')));
select xuqi.material_put(:'no', 'application_form', 1, 'application/pdf', 4, digest('scan'), 'sealed scan') as again \gset
select yes('an identity check does', raises(:'no', format($$ insert into xuqi.identity_check (renewal_no, kind, state) values (%L, 'liveness', 'asking') $$, :'no')));
select yes('so does a link for the telephone', raises(:'no', format($$ insert into xuqi.phone_link (renewal_no, token_digest, expires_at) values (%L, digest('link'), now() + interval '1 hour') $$, :'no')));
select yes('a submission does', raises(:'no', format($$ select xuqi.draft_submit(%L) $$, :'no')));
select yes('a payment does', raises(:'no', format($$ select story.settle(story.attempt(%L), 'txn watched') $$, :'no')));
select yes('its replay does not', not raises(:'no', format($$ select story.settle(story.attempt(%L), 'txn watched') $$, :'no')));
select yes('a refund that is asked for does', raises(:'no', format($$ select xuqi.renewal_cancel(%L) $$, :'no')));
select hire('fay', array['finance']) as fay \gset
select yes('and its refusal', raises(:'no', format($$ select xuqi.refund_refuse(story.token('fay'), (select refund_no from xuqi.refund where renewal_no = %L), 'no') $$, :'no')));
select renewal_no as declaring, order_no as declared from submit('declaring', 'declaring') \gset
select yes('a transfer that is declared does', raises(:'declaring', format($$ insert into xuqi.declared_transfer (renewal_no, order_no, amount_fen, transferred_on, content_index, payer_sealed, payer_account_masked, payer_name_masked, state)
    values (%L, %L, 1, '2026-11-20', digest('row'), 'sealed', '6222', '张*', 'waiting') $$, :'declaring', :'declared')));
select yes('and what the statement says to it', raises(:'declaring', format($$ update xuqi.declared_transfer set checks = 2 where renewal_no = %L $$, :'declaring')));
select yes('so does the verification of an account', raises(:'declaring', format($$ insert into xuqi.account_verification (renewal_no, state) values (%L, 'paying') $$, :'declaring')));
select yes('and what becomes of it', raises(:'declaring', format($$ update xuqi.account_verification set state = 'failed', reason = 'expired' where renewal_no = %L $$, :'declaring')));
select hire('ann') as ann \gset
select yes('a decision does', raises(:'no', format($$ select story.claim('ann', %L), story.approve('ann', %L) $$, :'no', :'no')));
select same('all of it is one change to who comes late', changes(array[:'no', :'other'], array[:v, :w]), :'no' || '@' || version(:'no'));
select same('others are not touched', version(:'other')::text, :'w');
select yes('nobody sets a version back', raises(:'no', format($$ update xuqi.renewal set version = 1 where renewal_no = %L $$, :'no')));

select count((submit('many ' || n, 'many ' || n)).renewal_no) as made from generate_series(1, 1010) as n \gset
select same('at most 1000 at a time', (select count(*) from xuqi.renewal_changes(
    (select array_agg(renewal_no) from xuqi.renewal), (select array_agg(0::bigint) from xuqi.renewal)))::text, '1000');
