/* SPDX-License-Identifier: Apache-2.0 */
/* Effects outside, enqueued by the business procedures in their own transaction. Caller: jobs. A row is leased with a
 * token; only who holds the current token may finish it, so a worker that was too slow changes nothing. */
#pragma once

#include "store/db.h"

struct outbox_item {
    int64_t id;
    const char *topic, *dedup_key;
    const char *event; /* "submitted", "paid", "approved", "rejected", "returned", "issued", "closed" … */
    const char *renewal_no;
    int64_t attempts; /* this one included */
    int64_t lease_token;
};

struct outbox_batch {
    const struct outbox_item *items;
    size_t count;
};

enum err store_lease_outbox(struct db *db, const char *topic, int64_t batch, int64_t seconds, int64_t deadline_ms,
                            db_done *done, void *context) MUST_CHECK;
enum err store_lease_outbox_read(const struct row *rows, struct arena *arena, struct outbox_batch *out) MUST_CHECK;

enum outbox_end { OUTBOX_FINISHED, OUTBOX_RETRY, OUTBOX_DEAD, OUTBOX_STALE /* somebody else's by now */ };

struct outbox_result {
    int64_t id, lease_token;
    const char *text; /* a short word or the provider's number; no personal data */
};

/* Several in one transaction; a row of the answer for each. */
enum err store_finish_outbox(struct db *db, const struct outbox_result *const *items, size_t count, int64_t deadline_ms,
                             db_done *done, void *context) MUST_CHECK;
enum err store_finish_outbox_read(const struct row *rows, size_t row, struct arena *arena,
                                  enum outbox_end *out) MUST_CHECK;

/* retry false: it will never succeed. Back-off min(5 s * 2^attempts, 1 h) +-20 %; dead after max_attempts. */
enum err store_fail_outbox(struct db *db, int64_t id, int64_t lease_token, const char *error, bool retry,
                           int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_fail_outbox_read(const struct row *rows, struct arena *arena, enum outbox_end *out) MUST_CHECK;

/* What a message template needs of a renewal. */
struct message_facts {
    const char *agent_name_masked, *agent_mobile_masked, *agent_email_masked;
    const char *organisation, *platform;
    int64_t amount_fen, not_after_us;
    const char *rejection_text;
    struct bytes personal_sealed, evidence_sha256;
    const char *returned; /* a line per item of the last return: its name, a space, the reason */
};

/* Of the renewals of several rows; a row of the answer for each. renewal_unknown when there is none. */
enum err store_get_message_facts(struct db *db, const struct outbox_item *const *items, size_t count,
                                 int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_get_message_facts_read(const struct row *rows, size_t row, struct arena *arena,
                                      struct message_facts *out) MUST_CHECK;
