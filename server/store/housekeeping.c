/* SPDX-License-Identifier: Apache-2.0 */
#include "store/housekeeping.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement housekeeping = {
    .name = "housekeeping",
    .kind = DB_WRITE,
    .sql = "select challenges, sessions, login_failures, outbox_done, closed, reminded from xuqi.housekeeping($1)",
    .params = "i",
    .columns = "iiiiii",
};

enum err store_keep_house(struct db *db, int64_t attempt_life_s, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(attempt_life_s)};
    return db_call(db, &housekeeping, params, deadline_ms, done, context);
}

enum err store_keep_house_read(const struct row *rows, struct housekeeping_counts *out)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    struct reader reader = reader_at(rows, 0, NULL);
    out->challenges = next_integer(&reader);
    out->sessions = next_integer(&reader);
    out->login_failures = next_integer(&reader);
    out->outbox_done = next_integer(&reader);
    out->renewals_closed = next_integer(&reader);
    out->renewals_reminded = next_integer(&reader);
    return OK;
}
