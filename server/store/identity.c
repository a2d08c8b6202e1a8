/* SPDX-License-Identifier: Apache-2.0 */
#include "store/identity.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#include <string.h>

const struct db_statement liveness_begin = {
    .name = "liveness_begin",
    .kind = DB_WRITE,
    .sql = "select outcome, check_id, personal_sealed, evidence_sha256, url_sealed, expires_at"
           " from xuqi.liveness_begin($1, $2, $3)",
    .params = "tti",
    .columns = "tibbbz",
};

const struct db_statement liveness_open = {
    .name = "liveness_open",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.liveness_open($1, $2, $3, $4, $5)",
    .params = "ibbbz",
    .columns = "t",
};

const struct db_statement identity_void = {
    .name = "identity_void",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.identity_void($1, $2)",
    .params = "it",
    .columns = "t",
};

const struct db_statement identity_manual = {
    .name = "identity_manual",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.identity_manual($1, $2)",
    .params = "it",
    .columns = "t",
};

const struct db_statement telecom_begin = {
    .name = "telecom_begin",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.telecom_begin($1, $2, $3)",
    .params = "tti",
    .columns = "t",
};

const struct db_statement identity_hurry = {
    .name = "identity_hurry",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.identity_hurry($1)",
    .params = "b",
    .columns = "t",
};

const struct db_statement identity_lease = {
    .name = "identity_lease",
    .kind = DB_WRITE,
    .sql = "select check_id, renewal_no, kind, looks, token_sealed, asked_at, expires_at, personal_sealed,"
           " evidence_sha256, lease_token from xuqi.identity_lease($1, $2)",
    .params = "ii",
    .columns = "ittibzzbbi",
};

const struct db_statement identity_again = {
    .name = "identity_again",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.identity_again($1, $2, $3)",
    .params = "iii",
    .columns = "t",
};

const struct db_statement identity_decide = {
    .name = "identity_decide",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.identity_decide($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    .params = "iitttitbi",
    .columns = "t",
};

const struct db_statement identity_list = {
    .name = "identity_list",
    .kind = DB_READ,
    .sql =
        "select kind, provider, result, reason, similarity, reference, asked_at, decided_at, stands, agent_name_masked,"
        " agent_id_masked, agent_mobile_masked from xuqi.identity_list($1)",
    .params = "t",
    .columns = "ttttitzzottt",
};

static const char *const begun_words[] = {
    [IDENTITY_ASKED] = "asked",   [IDENTITY_LIVE] = "live", [IDENTITY_PASSED] = "passed",
    [IDENTITY_MANUAL] = "manual", [IDENTITY_BUSY] = "busy",
};

enum err store_begin_liveness(struct db *db, const char *renewal_no, const struct identity_limits *limits,
                              int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_text(limits->provider), db_integer(limits->daily)};
    return db_call(db, &liveness_begin, params, deadline_ms, done, context);
}

enum err store_begin_liveness_read(const struct row *rows, struct arena *arena, struct liveness_begun *out)
{
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, begun_words, ARRAY_SIZE(begun_words), &reader, &which));
    out->begun = (enum identity_begun)which;
    out->check_id = next_integer(&reader);
    out->personal_sealed = next_bytes(&reader);
    out->evidence_sha256 = next_bytes(&reader);
    out->url_sealed = next_bytes(&reader);
    out->expires_at_us = next_time(&reader);
    return OK;
}

enum err store_open_liveness(struct db *db, const struct liveness_opening *opening, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {db_integer(opening->check_id), db_bytes(opening->token_digest),
                                      db_bytes(opening->token_sealed), db_bytes(opening->url_sealed),
                                      db_time(opening->expires_at_us)};
    return db_call(db, &liveness_open, params, deadline_ms, done, context);
}

enum err store_open_liveness_read(const struct row *rows, struct arena *arena, bool *stale)
{
    static const char *const accepted[] = {"opened", "stale"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *stale = which == 1;
    return OK;
}

enum err store_end_asking(struct db *db, int64_t check_id, bool manual, const char *reason, int64_t deadline_ms,
                          db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(check_id), db_text(reason)};
    return db_call(db, manual ? &identity_manual : &identity_void, params, deadline_ms, done, context);
}

enum err store_begin_telecom(struct db *db, const char *renewal_no, const struct identity_limits *limits,
                             int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_text(limits->provider), db_integer(limits->daily)};
    return db_call(db, &telecom_begin, params, deadline_ms, done, context);
}

enum err store_begin_telecom_read(const struct row *rows, struct arena *arena, enum identity_begun *begun)
{
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, begun_words, ARRAY_SIZE(begun_words), &reader, &which));
    *begun = (enum identity_begun)which;
    return OK;
}

enum err store_hurry_identity(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                              void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &identity_hurry, params, deadline_ms, done, context);
}

enum err store_lease_checks(struct db *db, int64_t batch, int64_t seconds, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_integer(batch), db_integer(seconds)};
    return db_call(db, &identity_lease, params, deadline_ms, done, context);
}

static void read_due(const struct row *rows, size_t row, struct arena *arena, struct due_check *out)
{
    struct reader reader = reader_at(rows, row, arena);
    out->check_id = next_integer(&reader);
    out->renewal_no = next_text(&reader);
    out->telecom = strcmp(next_text(&reader), "telecom") == 0;
    out->looks = next_integer(&reader);
    out->token_sealed = next_bytes(&reader);
    out->asked_at_us = next_time(&reader);
    out->expires_at_us = next_time(&reader);
    out->personal_sealed = next_bytes(&reader);
    out->evidence_sha256 = next_bytes(&reader);
    out->lease_token = next_integer(&reader);
}

enum err store_lease_checks_read(const struct row *rows, struct arena *arena, struct due_checks *out)
{
    size_t count = row_count(rows);
    struct due_check *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_due(rows, i, arena, &items[i]);
    *out = (struct due_checks){.items = items, .count = count};
    return OK;
}

enum err store_look_again(struct db *db, int64_t check_id, int64_t lease_token, int64_t after_s, int64_t deadline_ms,
                          db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(check_id), db_integer(lease_token), db_integer(after_s)};
    return db_call(db, &identity_again, params, deadline_ms, done, context);
}

enum err store_decide_check(struct db *db, const struct check_verdict *verdict, int64_t deadline_ms, db_done *done,
                            void *context)
{
    struct db_param params[] = {
        db_integer(verdict->check_id), db_integer(verdict->lease_token), db_text(verdict->provider),
        db_text(verdict->result),      db_text(verdict->reason),         db_integer(verdict->similarity),
        db_text(verdict->reference),   db_bytes(verdict->answer_sealed), db_integer(verdict->failures)};
    params[5].null = verdict->similarity < 0;
    return db_call(db, &identity_decide, params, deadline_ms, done, context);
}

enum err store_list_checks(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &identity_list, params, deadline_ms, done, context);
}

static void read_check(const struct row *rows, size_t row, struct arena *arena, struct identity_check *out)
{
    struct reader reader = reader_at(rows, row, arena);
    out->kind = next_text(&reader);
    out->provider = next_text(&reader);
    out->result = next_text(&reader);
    out->reason = next_text(&reader);
    bool none = row_is_null(rows, row, reader.column);
    int64_t similarity = next_integer(&reader);
    out->similarity = none ? -1 : similarity;
    out->reference = next_text(&reader);
    out->asked_at_us = next_time(&reader);
    out->decided_at_us = next_time(&reader);
    out->stands = next_boolean(&reader);
    out->agent_name_masked = next_text(&reader);
    out->agent_id_masked = next_text(&reader);
    out->agent_mobile_masked = next_text(&reader);
}

enum err store_list_checks_read(const struct row *rows, struct arena *arena, struct identity_checks *out)
{
    size_t count = row_count(rows);
    struct identity_check *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_check(rows, i, arena, &items[i]);
    *out = (struct identity_checks){.items = items, .count = count};
    return OK;
}
