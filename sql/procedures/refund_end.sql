-- SPDX-License-Identifier: Apache-2.0
-- What a gateway said of a refund. in_word: done; failed; refused (not taken when it was sent: failed, once it is not found
-- there); pending; not_found, no_answer (unknown: the same number again); mismatch (theirs, but not what was asked:
-- for a person); waiting, payout, ended (nothing was asked). Asks again at in_next_at. Only the holder of the outbox row's
-- current token may say so. What was asked because of a difference of
-- reconciliation is kept with it (match_answered). Outcomes: done, failed, later, person (nothing more to ask), ended, stale.
create or replace function xuqi.refund_end(
    in_id bigint, in_lease_token bigint, in_refund_no text, in_word text, in_said text, in_gateway_refund_no text,
    in_next_at timestamptz, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    task       outbox;
    r          refund;
    difference record;
begin
    select m.* into difference from refund as f, match_free(f.attempt_no) as m where f.refund_no = in_refund_no;
    perform refund_locked(in_refund_no);
    select * into task from outbox where id = in_id and lease_token = in_lease_token and state = 'leased' for update;
    if task.id is null or task.event <> in_refund_no then
        outcome := 'stale';
        return;
    end if;
    select * into strict r from refund where refund_no = in_refund_no;
    outcome := case when r.state not in ('sent', 'unknown') then 'ended'
                    when in_word = 'done' then 'done'
                    when in_word = 'failed' or in_word = 'not_found' and r.refused_there then 'failed'
                    when in_word = 'mismatch' or in_next_at is null then 'person'
                    else 'later' end;
    if outcome <> 'ended' then
        update refund
           set questions = questions + 1, last_word = left(trim(in_word || ' ' || in_said), 100),
               refused_there = case in_word when 'refused' then true when 'pending' then false else refused_there end,
               state = case when outcome = 'person' or in_word in ('no_answer', 'not_found', 'refused')
                            then 'unknown' else state end
         where refund_no = in_refund_no;
    end if;
    if outcome = 'done' then
        perform refund_finish(in_refund_no, 'gateway:' || r.gateway, in_gateway_refund_no);
    elsif outcome = 'failed' then
        perform refund_fail(in_refund_no, 'gateway:' || r.gateway,
                            case in_word when 'failed' then 'failed ' || in_said else r.last_word end);
    end if;
    if difference.asked and difference.free and in_word not in ('waiting', 'payout', 'ended') then
        perform match_answered(r.attempt_no, in_refund_no, in_word, in_said, '', now());
    end if;
    if outcome = 'later' then
        update outbox set state = 'ready', lease_until = null, attempts = 0, last_error = in_word, run_at = in_next_at
         where id = in_id;
    elsif outcome = 'person' then
        update outbox set state = 'dead', lease_until = null, last_error = in_word || ' ' || in_said where id = in_id;
        insert into audit_event (actor, action, object, detail)
        values ('jobs', 'refund.unknown', r.renewal_no, in_refund_no || ' ' || in_word || ' ' || in_said);
    else
        perform outbox_finish(in_id, in_lease_token, in_word);
    end if;
end
$$;
