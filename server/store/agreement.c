/* SPDX-License-Identifier: Apache-2.0 */
#include "store/agreement.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement agreement_publish = {
    .name = "agreement_publish",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.agreement_publish($1, $2, $3, $4, $5, $6)",
    .params = "tttttt",
    .columns = "t",
};

enum err store_publish_agreement(struct db *db, const struct published_agreement *it, int64_t deadline_ms,
                                 db_done *done, void *context)
{
    const struct db_param params[] = {db_text(it->kind),  db_text(it->id),     db_text(it->version),
                                      db_text(it->title), db_text(it->sha256), db_text(it->text)};
    return db_call(db, &agreement_publish, params, deadline_ms, done, context);
}

enum err store_publish_agreement_read(const struct row *rows, struct arena *arena)
{
    static const char *const accepted[] = {"published", "known"};
    struct reader reader;
    size_t which;
    return reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which);
}
