/* SPDX-License-Identifier: Apache-2.0 */
#include "store/challenge.h"

#include "store/statements_internal.h"

const struct db_statement challenge_create = {
    .name = "challenge_create",
    .kind = DB_WRITE,
    .sql = "select expires_at from xuqi.challenge_create($1, $2)",
    .params = "bi",
    .columns = "z",
};

enum err store_create_challenge(struct db *db, struct bytes nonce_digest, int64_t lifetime_s, int64_t deadline_ms,
                                db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(nonce_digest), db_integer(lifetime_s)};
    return db_call(db, &challenge_create, params, deadline_ms, done, context);
}

enum err store_create_challenge_read(const struct row *rows, int64_t *expires_at_us)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    *expires_at_us = row_time(rows, 0, 0);
    return OK;
}
