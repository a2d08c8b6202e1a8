/* SPDX-License-Identifier: Apache-2.0 */
#include "store/payout.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#include <string.h>

const struct db_statement payout_begin = {
    .name = "payout_begin",
    .kind = DB_WRITE,
    .sql = "select state, held, renewal_no, platform, organisation, amount_fen, asked, refused, account_sealed,"
           " personal_sealed, evidence_sha256, purpose, from_account, payee_account, payee_name, payee_bank,"
           " payee_bank_code from xuqi.payout_begin($1, $2)",
    .params = "ti",
    .columns = "totttiitbbbtttttt",
};

const struct db_statement payout_send = {
    .name = "payout_send",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.payout_send($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    .params = "iitttbbttbbtiii",
    .columns = "t",
};

const struct db_statement payout_unsent = {
    .name = "payout_unsent",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.payout_unsent($1, $2, $3, $4)",
    .params = "iiti",
    .columns = "t",
};

const struct db_statement payout_word = {
    .name = "payout_word",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.payout_word($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    .params = "iittttiiiiii",
    .columns = "t",
};

const struct db_statement account_facts = {
    .name = "account_facts",
    .kind = DB_READ,
    .sql = "select platform, organisation from xuqi.account_facts($1)",
    .params = "t",
    .columns = "tt",
};

const struct db_statement account_put = {
    .name = "account_put",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.account_put($1, $2, $3, $4, $5, $6, $7)",
    .params = "tbbbtii",
    .columns = "t",
};

const struct db_statement account_confirm = {
    .name = "account_confirm",
    .kind = DB_WRITE,
    .sql = "select outcome, tries_left from xuqi.account_confirm($1, $2, $3)",
    .params = "tbi",
    .columns = "ti",
};

const struct db_statement payout_list = {
    .name = "payout_list",
    .kind = DB_READ,
    .sql = "select client_id, state, renewal_no, amount_fen, payee_masked, bank_code, created_at, sent_at, asked, word,"
           " next_at, dead from xuqi.payout_list()",
    .params = "",
    .columns = "tttittzzitzo",
};

const struct db_statement payout_decide = {
    .name = "payout_decide",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.payout_decide($1, $2, $3, $4, $5, $6, $7)",
    .params = "tttttii",
    .columns = "t",
};

/* -- jobs ------------------------------------------------------------------------------------------------------------
 */

enum err store_begin_payout(struct db *db, const char *client_id, int64_t queries_per_hour, int64_t deadline_ms,
                            db_done *done, void *context)
{
    const struct db_param params[] = {db_text(client_id), db_integer(queries_per_hour)};
    return db_call(db, &payout_begin, params, deadline_ms, done, context);
}

enum err store_begin_payout_read(const struct row *rows, struct arena *arena, struct payout_facts *out)
{
    ENSURE(row_count(rows) == 1, ERR_PAYMENT_UNKNOWN);
    struct reader reader = reader_at(rows, 0, arena);
    out->state = next_text(&reader);
    out->held = next_boolean(&reader);
    out->renewal_no = next_text(&reader);
    out->platform = next_text(&reader);
    out->organisation = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    out->asked = next_integer(&reader);
    out->refused = next_text(&reader);
    out->account_sealed = next_bytes(&reader);
    out->personal_sealed = next_bytes(&reader);
    out->evidence_sha256 = next_bytes(&reader);
    out->repayment = strcmp(next_text(&reader), "repayment") == 0;
    out->from_account = next_text(&reader);
    out->payee_account = next_text(&reader);
    out->payee_name = next_text(&reader);
    out->payee_bank = next_text(&reader);
    out->payee_bank_code = next_text(&reader);
    return OK;
}

enum err store_send_payout(struct db *db, const struct payout_hold *hold, const struct payout_sending *sending,
                           int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {
        db_integer(hold->id),
        db_integer(hold->lease_token),
        db_text(hold->client_id),
        db_text(sending->bank),
        db_text(sending->from_account),
        db_bytes(sending->payee_sealed),
        db_bytes(sending->payee_index),
        db_text(sending->payee_masked),
        db_text(sending->payee_bank_code),
        db_bytes(sending->code_salt),
        db_bytes(sending->code_digest),
        db_text(sending->mode),
        db_integer(sending->per_account),
        db_integer(sending->per_hour),
        db_integer(sending->daily_budget_fen),
    };
    return db_call(db, &payout_send, params, deadline_ms, done, context);
}

enum err store_payout_outcome_read(const struct row *rows, struct arena *arena, enum payout_outcome *out)
{
    static const struct {
        const char *word;
        enum payout_outcome outcome;
    } words[] = {{"send", PAYOUT_SEND},     {"later", PAYOUT_LATER},   {"account_limit", PAYOUT_REFUSED},
                 {"paid", PAYOUT_PAID},     {"failed", PAYOUT_FAILED}, {"not_needed", PAYOUT_REFUSED},
                 {"person", PAYOUT_PERSON}, {"stale", PAYOUT_STALE}};
    const char *accepted[ARRAY_SIZE(words)];
    struct reader reader;
    size_t which;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        accepted[i] = words[i].word;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *out = words[which].outcome;
    return OK;
}

enum err store_unsend_payout(struct db *db, const struct payout_hold *hold, int64_t after_s, int64_t deadline_ms,
                             db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(hold->id), db_integer(hold->lease_token), db_text(hold->client_id),
                                      db_integer(after_s)};
    return db_call(db, &payout_unsent, params, deadline_ms, done, context);
}

enum err store_note_payout(struct db *db, const struct payout_hold *hold, const struct payout_word *word,
                           int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {
        db_integer(hold->id),        db_integer(hold->lease_token),
        db_text(hold->client_id),    db_text(word->word),
        db_text(word->failure),      db_text(word->said),
        db_integer(word->asked),     db_integer(word->after_s),
        db_integer(word->last),      db_integer(word->unknown_days),
        db_integer(word->code_days), db_integer(word->success_days),
    };
    return db_call(db, &payout_word, params, deadline_ms, done, context);
}

/* -- web -------------------------------------------------------------------------------------------------------------
 */

enum err store_get_account_facts(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                 void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &account_facts, params, deadline_ms, done, context);
}

enum err store_get_account_facts_read(const struct row *rows, struct arena *arena, struct account_facts *out)
{
    ENSURE(row_count(rows) == 1, ERR_RENEWAL_UNKNOWN);
    struct reader reader = reader_at(rows, 0, arena);
    out->platform = next_text(&reader);
    out->organisation = next_text(&reader);
    return OK;
}

enum err store_put_account(struct db *db, const struct account_correction *correction, int64_t deadline_ms,
                           db_done *done, void *context)
{
    const struct db_param params[] = {
        db_text(correction->renewal_no),     db_bytes(correction->sealed), db_bytes(correction->whole_index),
        db_bytes(correction->payee_index),   db_text(correction->masked),  db_integer(correction->payouts),
        db_integer(correction->per_account),
    };
    return db_call(db, &account_put, params, deadline_ms, done, context);
}

enum err store_put_account_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "paying", &reader);
}

enum err store_confirm_account(struct db *db, const char *renewal_no, struct bytes code_digest, int64_t tries,
                               int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_bytes(code_digest), db_integer(tries)};
    return db_call(db, &account_confirm, params, deadline_ms, done, context);
}

enum err store_confirm_account_read(const struct row *rows, struct arena *arena, int64_t *tries_left)
{
    struct reader reader;
    *tries_left = row_count(rows) == 1 ? row_integer(rows, 0, 1) : 0;
    return reader_expect(rows, arena, "confirmed", &reader);
}

/* -- xuqictl ---------------------------------------------------------------------------------------------------------
 */

enum err store_list_payouts(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &payout_list, NULL, deadline_ms, done, context);
}

static struct open_payout read_open(const struct row *rows, size_t row, struct arena *arena)
{
    struct reader reader = reader_at(rows, row, arena);
    struct open_payout it = {.client_id = next_text(&reader)};
    it.state = next_text(&reader);
    it.renewal_no = next_text(&reader);
    it.amount_fen = next_integer(&reader);
    it.payee_masked = next_text(&reader);
    it.bank_code = next_text(&reader);
    it.created_at_us = next_time(&reader);
    it.sent_at_us = next_time(&reader);
    it.asked = next_integer(&reader);
    it.word = next_text(&reader);
    it.next_at_us = next_time(&reader);
    it.person = next_boolean(&reader);
    return it;
}

enum err store_list_payouts_read(const struct row *rows, struct arena *arena, struct open_payouts *out)
{
    size_t count = row_count(rows);
    struct open_payout *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = read_open(rows, i, arena);
    *out = (struct open_payouts){items, count};
    return OK;
}

enum err store_decide_payout(struct db *db, const struct payout_decision *decision, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {
        db_text(decision->client_id),       db_text(decision->state), db_text(decision->failure),
        db_text(decision->evidence),        db_text(decision->by),    db_integer(decision->code_days),
        db_integer(decision->success_days),
    };
    return db_call(db, &payout_decide, params, deadline_ms, done, context);
}
