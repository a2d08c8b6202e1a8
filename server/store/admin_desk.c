/* SPDX-License-Identifier: Apache-2.0 */
#include "store/admin_desk.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#define OVERVIEW                                                                                                       \
    "name, display_name, roles, platforms, status, version, certificates, created_at, granted_by, granted_at,"         \
    " last_used_at, unused"

const struct db_statement staff_list = {
    .name = "staff_list",
    .kind = DB_READ,
    .sql = "select outcome, " OVERVIEW ", locked, enrolment_until from xuqi.staff_list($1, $2, $3, $4)",
    .params = "biii",
    .columns = "ttttttiiztzzooz",
};

/* A write: that it was looked at is on the audit trail. */
const struct db_statement staff_review = {
    .name = "staff_review",
    .kind = DB_WRITE,
    .sql = "select 'ok'::text, " OVERVIEW " from xuqi.staff_review($1)",
    .params = "i",
    .columns = "ttttttiiztzzo",
};

const struct db_statement staff_stop = {
    .name = "staff_stop",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_stop($1, $2)",
    .params = "bt",
    .columns = "t",
};

const struct db_statement staff_enrolment = {
    .name = "staff_enrolment",
    .kind = DB_READ,
    .sql = "select name from xuqi.staff_enrolment($1)",
    .params = "b",
    .columns = "t",
};

const struct db_statement staff_enrol = {
    .name = "staff_enrol",
    .kind = DB_WRITE,
    .sql = "select outcome, name from xuqi.staff_enrol($1, $2, $3)",
    .params = "btb",
    .columns = "tt",
};

const struct db_statement admin_ask = {
    .name = "admin_ask",
    .kind = DB_WRITE,
    .sql = "select outcome, request_id from xuqi.admin_ask($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .params = "btttitTTti",
    .columns = "ti",
};

const struct db_statement admin_decide = {
    .name = "admin_decide",
    .kind = DB_WRITE,
    .sql = "select outcome, kind, subject from xuqi.admin_decide($1, $2, $3, $4, $5)",
    .params = "biobi",
    .columns = "ttt",
};

const struct db_statement admin_requests = {
    .name = "admin_requests",
    .kind = DB_READ,
    .sql =
        "select outcome, id, kind, subject, display_name, was, becomes, reason, state, asked_by, asked_at, expires_at,"
        " decided_by, decided_at, mine from xuqi.admin_requests($1, $2, $3, $4)",
    .params = "btii",
    .columns = "tittttttt"
               "t"
               "zztzo",
};

/* -- accounts ---------------------------------------------------------------------------------------------------- */

enum err store_list_staff(struct db *db, struct bytes token_digest, int64_t unused_days, const struct staff_lock *lock,
                          int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(unused_days), db_integer(lock->attempts),
                                      db_integer(lock->within_s)};
    return db_call(db, &staff_list, params, deadline_ms, done, context);
}

static struct reader read_account(const struct row *rows, size_t row, struct arena *arena, struct staff_account *out)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader); /* the outcome: the same in every row */
    *out = (struct staff_account){0};
    out->name = next_text(&reader);
    out->display_name = next_text(&reader);
    out->roles = next_text(&reader);
    out->platforms = next_text(&reader);
    out->status = next_text(&reader);
    out->version = next_integer(&reader);
    out->certificates = next_integer(&reader);
    out->created_at_us = next_time(&reader);
    out->granted_by = next_text(&reader);
    out->granted_at_us = next_time(&reader);
    out->last_used_at_us = next_time(&reader);
    out->unused = next_boolean(&reader);
    return reader;
}

enum err store_list_staff_read(const struct row *rows, struct arena *arena, struct staff_accounts *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    size_t count = row_count(rows);
    struct staff_account *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader row = read_account(rows, i, arena, &items[i]);
        items[i].locked = next_boolean(&row);
        items[i].enrolment_until_us = next_time(&row);
    }
    *out = (struct staff_accounts){items, count};
    return OK;
}

enum err store_review_staff(struct db *db, int64_t unused_days, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(unused_days)};
    return db_call(db, &staff_review, params, deadline_ms, done, context);
}

enum err store_review_staff_read(const struct row *rows, struct arena *arena, struct staff_accounts *out)
{
    size_t count = row_count(rows);
    struct staff_account *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        (void)read_account(rows, i, arena, &items[i]);
    *out = (struct staff_accounts){items, count};
    return OK;
}

enum err store_stop_staff(struct db *db, struct bytes token_digest, const char *name, int64_t deadline_ms,
                          db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(name)};
    return db_call(db, &staff_stop, params, deadline_ms, done, context);
}

enum err store_stop_staff_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "disabled", &reader);
}

enum err store_get_enrolment(struct db *db, struct bytes digest, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(digest)};
    return db_call(db, &staff_enrolment, params, deadline_ms, done, context);
}

enum err store_get_enrolment_read(const struct row *rows, struct arena *arena, const char **name)
{
    ENSURE(row_count(rows) == 1, ERR_ENROLMENT_UNKNOWN);
    *name = row_text(rows, 0, 0, arena);
    return OK;
}

enum err store_enrol(struct db *db, struct bytes digest, const char *password_hash, struct bytes totp_sealed,
                     int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(digest), db_text(password_hash), db_bytes(totp_sealed)};
    return db_call(db, &staff_enrol, params, deadline_ms, done, context);
}

enum err store_enrol_read(const struct row *rows, struct arena *arena, const char **name)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "enrolled", &reader));
    *name = next_text(&reader);
    return OK;
}

/* -- requests ---------------------------------------------------------------------------------------------------- */

enum err store_ask_admin(struct db *db, const struct admin_asking *asking, int64_t deadline_ms, db_done *done,
                         void *context)
{
    const struct db_param params[] = {
        db_bytes(asking->token_digest),
        db_text(asking->key),
        db_text(asking->kind),
        db_text(asking->subject),
        db_integer(asking->version),
        db_text(asking->display_name),
        db_texts(asking->roles, asking->role_count),
        db_texts(asking->platforms, asking->platform_count),
        db_text(asking->reason),
        db_integer(asking->life_s),
    };
    return db_call(db, &admin_ask, params, deadline_ms, done, context);
}

enum err store_ask_admin_read(const struct row *rows, struct arena *arena, const char **state, int64_t *request_id)
{
    static const char *const accepted[] = {"asked", "done", "refused"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *state = accepted[which];
    *request_id = next_integer(&reader);
    return OK;
}

enum err store_decide_admin(struct db *db, const struct admin_decision *decision, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {
        db_bytes(decision->token_digest),     db_integer(decision->request_id),  db_boolean(decision->approve),
        db_bytes(decision->enrolment_digest), db_integer(decision->enrolment_s),
    };
    return db_call(db, &admin_decide, params, deadline_ms, done, context);
}

enum err store_decide_admin_read(const struct row *rows, struct arena *arena, struct admin_decided *out)
{
    static const char *const accepted[] = {"done", "refused"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    out->state = accepted[which];
    out->kind = next_text(&reader);
    out->subject = next_text(&reader);
    return OK;
}

enum err store_list_admin_requests(struct db *db, struct bytes token_digest, const char *state, int64_t before,
                                   int64_t size, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(state), db_integer(before), db_integer(size)};
    return db_call(db, &admin_requests, params, deadline_ms, done, context);
}

static void read_request(const struct row *rows, size_t row, struct arena *arena, struct admin_request *out)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader); /* the outcome: the same in every row */
    out->id = next_integer(&reader);
    out->kind = next_text(&reader);
    out->subject = next_text(&reader);
    out->display_name = next_text(&reader);
    out->was = next_text(&reader);
    out->becomes = next_text(&reader);
    out->reason = next_text(&reader);
    out->state = next_text(&reader);
    out->asked_by = next_text(&reader);
    out->asked_at_us = next_time(&reader);
    out->expires_at_us = next_time(&reader);
    out->decided_by = next_text(&reader);
    out->decided_at_us = next_time(&reader);
    out->mine = next_boolean(&reader);
}

enum err store_list_admin_requests_read(const struct row *rows, struct arena *arena, struct admin_requests *out)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct admin_request *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_request(rows, i, arena, &items[i]);
    *out = (struct admin_requests){items, count};
    return OK;
}
