/* SPDX-License-Identifier: Apache-2.0 */
/* Who works on which case: what is written beside decisions. */
#include "store/reader.h"
#include "store/review_queue.h"
#include "store/statements_internal.h"

const struct db_statement review_claim = {
    .name = "review_claim",
    .kind = DB_WRITE,
    .sql = "select outcome, claimed_by, claimed_until, version from xuqi.review_claim($1, $2, $3, $4)",
    .params = "btit",
    .columns = "ttzi",
};

const struct db_statement review_next = {
    .name = "review_next",
    .kind = DB_WRITE,
    .sql = "select outcome, renewal_no, claimed_by, claimed_until, version from xuqi.review_next($1, $2, $3, $4)",
    .params = "btit",
    .columns = "tttzi",
};

const struct db_statement review_release = {
    .name = "review_release",
    .kind = DB_WRITE,
    .sql = "select outcome, version from xuqi.review_release($1, $2, $3)",
    .params = "btt",
    .columns = "ti",
};

const struct db_statement review_reassign = {
    .name = "review_reassign",
    .kind = DB_WRITE,
    .sql = "select outcome, changed_by, changed_at, changed, claimed_by, claimed_until, version"
           " from xuqi.review_reassign($1, $2, $3, $4, $5, $6)",
    .params = "bttiit",
    .columns = "ttzttzi",
};

const struct db_statement review_hold = {
    .name = "review_hold",
    .kind = DB_WRITE,
    .sql = "select outcome, changed_by, changed_at, changed, version"
           " from xuqi.review_hold($1, $2, $3, $4, $5, $6)",
    .params = "btztit",
    .columns = "ttzti",
};

const struct db_statement review_resume = {
    .name = "review_resume",
    .kind = DB_WRITE,
    .sql = "select outcome, version from xuqi.review_resume($1, $2, $3)",
    .params = "btt",
    .columns = "ti",
};

const struct db_statement review_sample_look = {
    .name = "review_sample_look",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.review_sample_look($1, $2, $3, $4, $5)",
    .params = "btttt",
    .columns = "t",
};

const struct db_statement review_rules_publish = {
    .name = "review_rules_publish",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.review_rules_publish($1, $2, $3, $4, $5, $6, $7, $8, $9,"
           " $10)",
    .params = "TTIIIIIIII",
    .columns = "t",
};

/* -- claims -------------------------------------------------------------------------------------------------------- */

enum err store_claim_case(struct db *db, const struct review_write *write, int64_t lease_s, int64_t deadline_ms,
                          db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(write->token_digest), db_text(write->renewal_no), db_integer(lease_s),
                                      db_text(write->key)};
    return db_call(db, &review_claim, params, deadline_ms, done, context);
}

static void read_claim(struct reader *reader, struct claimed_case *out)
{
    out->claimed_by = next_text(reader);
    out->claimed_until_us = next_time(reader);
    out->version = next_integer(reader);
}

enum err store_claim_case_read(const struct row *rows, struct arena *arena, struct claimed_case *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "claimed", &reader));
    read_claim(&reader, out);
    return OK;
}

void store_claim_case_holder(const struct row *rows, struct arena *arena, struct claimed_case *out)
{
    struct reader reader = reader_at(rows, 0, arena);
    next_text(&reader); /* the outcome */
    read_claim(&reader, out);
}

enum err store_claim_next(struct db *db, const struct review_write *write, const char *platform, int64_t lease_s,
                          int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(write->token_digest), db_text(platform), db_integer(lease_s),
                                      db_text(write->key)};
    return db_call(db, &review_next, params, deadline_ms, done, context);
}

enum err store_claim_next_read(const struct row *rows, struct arena *arena, struct claimed_case *out)
{
    static const char *const accepted[] = {"empty", "claimed"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    out->renewal_no = next_text(&reader);
    read_claim(&reader, out);
    return OK;
}

static enum err read_version(const struct row *rows, struct arena *arena, const char *accepted, int64_t *version)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, accepted, &reader));
    *version = next_integer(&reader);
    return OK;
}

enum err store_release_case(struct db *db, const struct review_write *write, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_bytes(write->token_digest), db_text(write->renewal_no), db_text(write->key)};
    return db_call(db, &review_release, params, deadline_ms, done, context);
}

enum err store_release_case_read(const struct row *rows, struct arena *arena, int64_t *version)
{
    return read_version(rows, arena, "released", version);
}

/* Behind what was changed meanwhile. */
static enum err read_behind_change(const struct row *rows, struct arena *arena, const char *accepted,
                                   struct reader *reader)
{
    TRY(reader_expect(rows, arena, accepted, reader));
    next_text(reader);
    next_time(reader);
    next_text(reader);
    return OK;
}

enum err store_reassign_case(struct db *db, const struct review_write *write, const char *to, int64_t lease_s,
                             int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(write->token_digest), db_text(write->renewal_no), db_text(to),
                                      db_integer(lease_s),           db_integer(write->version), db_text(write->key)};
    return db_call(db, &review_reassign, params, deadline_ms, done, context);
}

enum err store_reassign_case_read(const struct row *rows, struct arena *arena, struct claimed_case *out)
{
    struct reader reader;
    TRY(read_behind_change(rows, arena, "reassigned", &reader));
    read_claim(&reader, out);
    return OK;
}

/* -- on hold ------------------------------------------------------------------------------------------------------- */

enum err store_hold_case(struct db *db, const struct review_write *write, int64_t until_us, const char *reason,
                         int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(write->token_digest), db_text(write->renewal_no), db_time(until_us), db_text(reason),
        db_integer(write->version),    db_text(write->key)};
    return db_call(db, &review_hold, params, deadline_ms, done, context);
}

enum err store_hold_case_read(const struct row *rows, struct arena *arena, int64_t *version)
{
    struct reader reader;
    TRY(read_behind_change(rows, arena, "held", &reader));
    *version = next_integer(&reader);
    return OK;
}

enum err store_resume_case(struct db *db, const struct review_write *write, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {db_bytes(write->token_digest), db_text(write->renewal_no), db_text(write->key)};
    return db_call(db, &review_resume, params, deadline_ms, done, context);
}

enum err store_resume_case_read(const struct row *rows, struct arena *arena, int64_t *version)
{
    return read_version(rows, arena, "resumed", version);
}

/* -- samples ------------------------------------------------------------------------------------------------------- */

enum err store_look_at_sample(struct db *db, const struct review_write *write, const char *verdict, const char *note,
                              int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(write->token_digest), db_text(write->renewal_no), db_text(verdict),
                                      db_text(note), db_text(write->key)};
    return db_call(db, &review_sample_look, params, deadline_ms, done, context);
}

enum err store_look_at_sample_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "looked", &reader);
}

/* -- rules --------------------------------------------------------------------------------------------------------- */

enum err store_publish_review_rules(struct db *db, const struct review_rules *rules, int64_t deadline_ms, db_done *done,
                                    void *context)
{
    const struct db_param params[] = {
        db_texts(rules->platforms, rules->count),        db_texts(rules->versions, rules->count),
        db_integers(rules->promised_days, rules->count), db_integers(rules->parallel, rules->count),
        db_integers(rules->risk_reviews, rules->count),  db_integers(rules->risk_fen, rules->count),
        db_integers(rules->approval_days, rules->count), db_integers(rules->sample_permyriad, rules->count),
        db_integers(rules->sample_last, rules->count),   db_integers(rules->wrong_permyriad, rules->count),
    };
    return db_call(db, &review_rules_publish, params, deadline_ms, done, context);
}

enum err store_publish_review_rules_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "published", &reader);
}
