-- SPDX-License-Identifier: Apache-2.0
-- The review desk: one reviewer at a time, each person once, exactly the content that was seen.
set search_path = story;

select renewal_in('awaiting_review', 'lee') as no \gset
select hire('clerk', array['finance']) as clerk \gset
select same('without a session nothing is shown',
            (select string_agg(outcome, ' ') from xuqi.review_list(digest('guess'), 'waiting', '', 10)), 'unauthenticated');
select same('without the role neither', (select string_agg(outcome, ' ') from xuqi.review_list(token('clerk'), 'waiting', '', 10)),
            'forbidden');
select same('nor claimed, seen, approved, rejected or released',
            claim('clerk', :'no') || ' ' || (select outcome from xuqi.review_case(token('clerk'), :'no')) || ' ' ||
            approve('clerk', :'no') || ' ' || (select outcome from xuqi.review_reject(token('clerk'), :'no', 'a', 'b'))
            || ' ' || (select outcome from xuqi.review_release(token('clerk'), :'no')),
            'forbidden forbidden forbidden forbidden forbidden');
select same('an unknown case', claim('ann', '01000000000000000') || ' ' || approve('ann', '01000000000000000') || ' ' ||
            (select outcome from xuqi.review_case(token('ann'), '01000000000000000')), 'renewal_unknown renewal_unknown renewal_unknown');
select renewal_in('awaiting_payment', 'unpaid') as unpaid \gset
select same('what is not paid is not reviewed', claim('ann', :'unpaid'), 'renewal_state');

select same('the case waits', (select string_agg(outcome || renewal_no, ' ') from xuqi.review_list(token('ann'), 'waiting', '', 10)), 'ok' || :'no');
select same('deciding needs a claim', approve('ann', :'no'), 'case_not_claimed');
select same('a claim', claim('ann', :'no'), 'claimed');
select same('again', claim('ann', :'no'), 'claimed');
select same('somebody else', claim('bob', :'no'), 'case_claimed');
select same('nor may he decide', approve('bob', :'no'), 'case_claimed');
select same('nor release', (select outcome from xuqi.review_release(token('bob'), :'no')), 'case_claimed');
select same('it is mine', (select claimed_by from xuqi.review_list(token('ann'), 'mine', '', 10)), 'ANN');
select same('and waits no more', (select outcome from xuqi.review_list(token('bob'), 'waiting', '', 10)), 'empty');
select same('the case shows it all', (select outcome || ' ' || claimed_by_me || ' ' || gateway_txn || ' ' || agent_name_masked
                                        from xuqi.review_case(token('ann'), :'no')), 'ok true txn lee 张*');
select same('with the hash of its content', (select content_hash::text from xuqi.review_case(token('ann'), :'no')),
            xuqi.renewal_content_hash(:'no')::text);
select same('releasing', (select outcome from xuqi.review_release(token('ann'), :'no')), 'released');
select same('again', (select outcome from xuqi.review_release(token('ann'), :'no')), 'released');
select same('now somebody else may', claim('bob', :'no'), 'claimed');
update xuqi.renewal set claimed_until = now() - interval '1 s' where renewal_no = :'no';
select same('a claim that ran out decides nothing', approve('bob', :'no'), 'case_not_claimed');
select same('and may be taken over', claim('ann', :'no'), 'claimed');
select same('another content than was seen', (select outcome from xuqi.review_approve(token('ann'), :'no', digest('seen'))), 'case_changed');
select same('approving', approve('ann', :'no'), 'approved');
select same('again', approve('ann', :'no'), 'approved');
select same('moves it on', status(:'no'), 'awaiting_install');
select same('and writes one approval', (select count(*) from xuqi.approval where renewal_no = :'no')::text, '1');
select same('the applicant is told once', (select count(*) from xuqi.outbox where event = 'approved')::text, '1');
select same('rejecting is too late', (select outcome from xuqi.review_reject(token('bob'), :'no', 'a', 'b')), 'renewal_state');
select same('it is among what I have done', (select renewal_no from xuqi.review_list(token('ann'), 'done', '', 10)), :'no');

select renewal_in('awaiting_review', 'two', 2) as two \gset
select claim('ann', :'two') as claimed \gset
select same('of two approvals the first', approve('ann', :'two') || ' ' || status(:'two'), 'first_approval awaiting_review');
select same('again', approve('ann', :'two'), 'first_approval');
select same('the same person cannot claim it once more', claim('ann', :'two'), 'reviewer_same');
select same('nor reject it', (select outcome from xuqi.review_reject(token('ann'), :'two', 'a', 'b')), 'reviewer_same');
select same('it waits for others only', (select outcome from xuqi.review_list(token('ann'), 'waiting', '', 10)) || ' ' ||
            (select renewal_no from xuqi.review_list(token('bob'), 'waiting', '', 10)), 'empty ' || :'two');
select claim('bob', :'two') as claimed \gset
select same('of two approvals the second', approve('bob', :'two') || ' ' || status(:'two'), 'approved awaiting_install');
select same('the first reviewer''s repetition', approve('ann', :'two'), 'approved');

select renewal_in('awaiting_review', 'bad') as bad \gset
select claim('ann', :'bad') as claimed \gset
select same('rejecting', (select outcome || ' ' || status from xuqi.review_reject(token('ann'), :'bad', 'name_wrong', '名称不符')), 'rejected rejected');
select same('again', (select outcome from xuqi.review_reject(token('ann'), :'bad', 'name_wrong', '名称不符')), 'rejected');
select same('approving is too late', approve('ann', :'bad'), 'renewal_state');
select same('a refund is due', (select amount_fen || state from xuqi.refund_due where renewal_no = :'bad'), '20000due');
select same('the applicant sees why', (select rejection_code || rejection_text from xuqi.renewal_progress(:'bad')), 'name_wrong名称不符');
select books_right();

select renewal_in('awaiting_review', 'claims') as claims \gset
\set answers `race 2 "select story.claim(case %i when 1 then 'ann' else 'bob' end, ':claims')"`
select same('of two claims at once one', :'answers', 'case_claimed=1 claimed=1');
select hire('dan') as dan, hire('eva') as eva \gset
select renewal_in('awaiting_review', 'contest') as contest \gset
select claim('ann', :'contest') as claimed \gset
\set answers `race 20 "select case when %i % 2 = 0 then story.approve('ann', ':contest') else (select outcome from xuqi.review_reject(story.token('ann'), ':contest', 'a', 'b')) end"`
select yes('approving and rejecting at once, one of them happens: ' || :'answers',
           :'answers' in ('approved=10 renewal_state=10', 'rejected=10 renewal_state=10',
                          'approved=10 reviewer_same=10', 'approved=10 renewal_state=9 reviewer_same=1'));
select same('exactly one', ((select count(*) from xuqi.approval where renewal_no = :'contest')
                            + (select count(*) from xuqi.refund_due where renewal_no = :'contest'))::text, '1');
select renewal_in('awaiting_review', 'double', 2) as double \gset
select claim('ann', :'double') as claimed \gset
\set answers `race 20 "select story.approve('ann', ':double')"`
select same('a reviewer''s twenty approvals at once are one', :'answers' || ' ' || (select reviews_done from xuqi.renewal where renewal_no = :'double'), 'first_approval=20 1');

select refused('the same person''s second approval row',
               format('insert into xuqi.approval (renewal_no, staff_id, content_hash) select renewal_no, staff_id, content_hash
                       from xuqi.approval where renewal_no = %L', :'double'), '23505');
select refused('editing an approval', 'update xuqi.approval set content_hash = sha256(''x'')');
-- Pages: 12 waiting cases, oldest payment first, five at a time, none missed and none twice.
select count(renewal_in('awaiting_review', 'page ' || n)) as made from generate_series(1, 12) as n \gset
create function story.leaf() returns bigint[] language plpgsql as $$
declare
    sizes bigint[] := '{}';
    seen  text[] := '{}';
    page  text[];
begin
    loop
        page := array(select renewal_no from xuqi.review_list(token('eva'), 'waiting', coalesce(seen[cardinality(seen)], ''), 5)
                       where outcome = 'ok');
        exit when cardinality(page) = 0;
        sizes := sizes || cardinality(page)::bigint;
        seen := seen || page;
    end loop;
    if seen is distinct from array(select renewal_no from xuqi.renewal where status = 'awaiting_review'
                                      and coalesce(claimed_until, '-infinity') < now() order by paid_at, renewal_no) then
        return null;
    end if;
    return sizes;
end
$$;
select yes('pages are complete and in order', (select array_length(leaf(), 1) >= 3));
