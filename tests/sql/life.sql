-- SPDX-License-Identifier: Apache-2.0
-- Every move of a renewal is made once by the procedures that make it in life, and written down by a trigger: together
-- they are the table xuqi.renewal_transition, no more and no less. What is refused besides is told in states.sql.
set search_path = story;

create table story.made (from_state xuqi.renewal_state, to_state xuqi.renewal_state, occasion text);
create function story.note() returns trigger language plpgsql security definer as $$
begin
    insert into story.made values (old.status, new.status, (select t.occasion from xuqi.renewal_transition t
                                                             where t.from_state = old.status and t.to_state = new.status));
    return null;
end
$$;
create trigger story_note after update of status on xuqi.renewal for each row
    when (old.status <> new.status) execute function story.note();

select hire('ann') as ann, hire('bob') as bob \gset
create function story.draft(certificate text) returns text language sql as $$
    select renewal_no from story.submit(certificate, certificate, materials => array['application_form'])
$$;
create function story.scanned(no text) returns text language sql as $$
    select outcome from xuqi.material_put(no, 'application_form', 1, 'image/png', 4, digest('scan'), 'sealed scan')
$$;
create function story.overdue(no text) returns bigint language plpgsql as $$
begin
    update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = no;
    return (select closed from xuqi.housekeeping(90000));
end
$$;

-- The straight way, with a detour over a correction.
select draft('straight') as no \gset
select same('materials complete', scanned(:'no') || ' ' || (select status from xuqi.draft_submit(:'no')), 'created awaiting_payment');
select same('paid in full', settle(attempt(:'no'), 'txn straight') || ' ' || status(:'no'), 'settled awaiting_review');
select same('named fields and materials to correct', claim('ann', :'no') || ' ' || give_back('ann', :'no') || ' ' || status(:'no'), 'claimed returned returned');
select same('corrected', correct(:'no'), 'corrected awaiting_review');
select same('approved', claim('ann', :'no') || ' ' || approve('ann', :'no') || ' ' || status(:'no'), 'claimed approved awaiting_install');
select same('certificates recorded', issue(:'no') || ' ' || status(:'no'), 'recorded issued');
select same('installation acknowledged', (select outcome || ' ' || status from xuqi.certificate_acknowledge(:'no')), 'completed completed');

-- Without a review a payment leads through it.
select renewal_no as automatic from submit('automatic', 'automatic', reviews => 0) \gset
select same('paid where nobody reviews', settle(attempt(:'automatic'), 'txn automatic') || ' ' || status(:'automatic'), 'settled awaiting_install');

-- Where the account is verified.
select renewal_no as account from submit('account', 'account', account => 'always') \gset
select same('approved where the account is verified', settle(attempt(:'account'), 'txn account') || ' ' || claim('ann', :'account') || ' ' || approve('ann', :'account')
            || ' ' || status(:'account'), 'settled claimed approved awaiting_account');
select client_id as client from xuqi.payout where renewal_no = :'account' \gset
create function story.bank_says(client text, word text) returns text language sql as $$
    select w.outcome from xuqi.outbox_lease('payout', 1, 60) as l, lateral xuqi.payout_word(l.id, l.lease_token, client, word, '', word, 1, 30, 0, 2, 10, 2) as w
$$;
select same('the 0.01 yuan goes', (select p.outcome from xuqi.outbox_lease('payout', 1, 1) as l, lateral xuqi.payout_send(l.id, l.lease_token, :'client', 'citic', '7443900182600096874', 'sealed',
            digest('account'), '****', '102100000000', digest('salt'), digest('code'), 'code_entry', 6, 200, 1000) as p), 'send');
update xuqi.outbox set state = 'ready', lease_until = null where topic = 'payout';
select same('and arrives', bank_says(:'client', 'paid'), 'paid');
select same('0.01 yuan confirmed', (select outcome || ' ' || status from xuqi.account_confirm(:'account', digest('code'), 3)), 'confirmed awaiting_install');
select same('it came back', (select outcome from xuqi.payout_returned(:'client', 'name_mismatch', 'line', 'bank')) || ' ' || status(:'account'), 'returned awaiting_account');

-- The side exits.
select renewal_in('awaiting_review', 'refused') as refused \gset
select same('refused for good', claim('ann', :'refused') || ' ' || (select status from xuqi.review_reject(token('ann'), :'refused', 'a', 'b')), 'claimed rejected');
select same('a draft, by the applicant', (select status from xuqi.renewal_cancel(draft('regret'))), 'cancelled');
select same('unpaid, by the applicant', (select status from xuqi.renewal_cancel(renewal_in('awaiting_payment', 'regret too'))), 'cancelled');
select draft('forgotten') as forgotten, renewal_in('awaiting_payment', 'forgotten too') as unpaid \gset
select same('a draft, left for too long', overdue(:'forgotten') || ' ' || status(:'forgotten'), '1 closed');
select same('unpaid for too long', overdue(:'unpaid') || ' ' || status(:'unpaid'), '1 closed');

-- An attempt that can no longer be paid is closed along with it; one that may be or of which nobody knows keeps it open.
select renewal_in('awaiting_payment', 'form') as form, renewal_in('awaiting_payment', 'doubt') as doubt \gset
select attempt(:'form') as attempt, attempt(:'doubt') as doubtful \gset
select same('while a form may still be paid nothing is closed', overdue(:'form') || ' ' || status(:'form'), '0 awaiting_payment');
update xuqi.payment_attempt set created_at = now() - interval '2 days';
update xuqi.payment_attempt set state = 'unknown' where attempt_no = :'doubtful';
select same('afterwards it is', overdue(:'form') || ' ' || status(:'form'), '1 closed');
select same('and so is the attempt', (select state from xuqi.payment_attempt where attempt_no = :'attempt'), 'closed');
select same('an attempt of unknown fate keeps its renewal open', overdue(:'doubt') || ' ' || status(:'doubt'), '0 awaiting_payment');
select same('a payment that comes all the same is surplus', settle(:'attempt', 'late') || ' ' || status(:'form'), 'surplus closed');
select same('which is to be refunded in full', (select reason || ' ' || amount_fen || ' ' || state from xuqi.surplus where renewal_no = :'form'), 'not_payable 20000 due');
select same('a hundred at a time', (select count(renewal_in('awaiting_payment', 'crowd ' || n)) from generate_series(1, 101) as n)::text, '101');
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where status = 'awaiting_payment' and renewal_no <> :'doubt';
select same('the rest at the next look', (select closed from xuqi.housekeeping(90000)) || ' ' || (select closed from xuqi.housekeeping(90000)), '100 1');

select renewal_in('awaiting_install', 'refund 1') as waiting, renewal_in('awaiting_review', 'refund 2') as review, renewal_in('awaiting_review', 'refund 3') as returned \gset
select claim('bob', :'returned') as claimed, give_back('bob', :'returned') as given \gset
select renewal_no as verified from submit('verified', 'verified', account => 'always') \gset
select settle(attempt(:'verified'), 'txn verified') as paid, claim('bob', :'verified') as claimed, approve('bob', :'verified') as approved \gset
select hire('fay', array['finance']) as fay \gset
select same('refund approved, ' || what, (select outcome || ' ' || (xuqi.refund_approve(token('fay'), refund_no)).outcome || ' ' || status(no) from xuqi.renewal_cancel(no)),
            'refund_asked approved cancelled')
  from (values ('awaiting_review', :'review'), ('returned', :'returned'), ('awaiting_account', :'verified'), ('awaiting_install', :'waiting')) as it (what, no);

select same('every move was made', (select string_agg(t.from_state || '>' || t.to_state, ' ') from xuqi.renewal_transition t
             where not exists (select from made m where (m.from_state, m.to_state) = (t.from_state, t.to_state))), null);
select same('and no other', (select string_agg(distinct from_state || '>' || to_state, ' ') from made where occasion is null), null);
