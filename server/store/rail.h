/* SPDX-License-Identifier: Apache-2.0 */
/* The rails as jobs finds them, and the certificates that gateways renew by themselves. */
#pragma once

#include "store/db.h"

/* Callers: web and jobs, again and again. */
struct rail_state {
    const char *rail;
    bool open;                  /* no payment is begun there */
    int64_t certificates_at_us; /* when the newest of its certificates came; 0: none */
};

struct rail_states {
    struct rail_state *items;
    size_t count;
};

enum err store_look_at_rails(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_look_at_rails_read(const struct row *rows, struct arena *arena, struct rail_states *out) MUST_CHECK;

/* Caller: jobs. breaker: "closed", "open", "half_open". */
enum err store_note_rail(struct db *db, const char *rail, const char *breaker, const char *reason, int64_t deadline_ms,
                         db_done *done, void *context) MUST_CHECK;
enum err store_note_rail_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* As the gateway sealed it. */
struct rail_certificate {
    const char *serial, *nonce, *associated_data;
    struct bytes ciphertext;
};

struct rail_certificates {
    struct rail_certificate *items;
    size_t count;
};

/* Caller: jobs. known: it was there, and was sealed anew. */
enum err store_put_certificate(struct db *db, const char *rail, const struct rail_certificate *certificate,
                               int64_t not_after_us, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_put_certificate_read(const struct row *rows, struct arena *arena, bool *known) MUST_CHECK;
/* Callers: web and jobs. */
enum err store_get_certificates(struct db *db, const char *rail, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_get_certificates_read(const struct row *rows, struct arena *arena,
                                     struct rail_certificates *out) MUST_CHECK;
