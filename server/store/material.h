/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of a renewal, sealed; the draft they complete; the facts of the printed form. Caller: web. */
#pragma once

#include "store/db.h"

#define MATERIAL_PAGES_MAX 10

struct material_upload {
    const char *renewal_no, *kind;
    int64_t page; /* 1 to MATERIAL_PAGES_MAX */
    const char *content_type;
    int64_t size;        /* of the document before it was sealed … */
    struct bytes sha256; /* … and its digest */
    struct bytes sealed;
};

/* Safe to call again. Refusals: renewal_unknown, renewal_state (only a draft or a returned one takes documents),
 * material_unexpected. */
enum err store_put_material(struct db *db, const struct material_upload *upload, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
/* created: false when the page was there before, the same or another. */
enum err store_put_material_read(const struct row *rows, struct arena *arena, bool *created) MUST_CHECK;

/* Refusals: renewal_unknown, renewal_state, material_unknown. */
enum err store_remove_material(struct db *db, const char *renewal_no, const char *kind, int64_t page,
                               int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_remove_material_read(const struct row *rows, struct arena *arena) MUST_CHECK;

struct material {
    const char *kind;
    int64_t page; /* 0: the kind is asked for and missing; the rest is empty then */
    const char *content_type;
    int64_t size;
    struct bytes sha256;
    int64_t uploaded_at_us;
};

struct material_list {
    const struct material *items; /* by kind and page */
    size_t count;
};

/* Empty also when there is no such renewal: the caller has admitted it. */
enum err store_list_materials(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_list_materials_read(const struct row *rows, struct arena *arena, struct material_list *out) MUST_CHECK;

/* Safe to call again. Refusals: renewal_unknown, renewal_state, material_missing, identity_missing. */
enum err store_submit_draft(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
/* missing: the kinds that are, and identity. before the steps, separated by spaces; set also when that is the refusal.
 */
enum err store_submit_draft_read(const struct row *rows, struct arena *arena, const char **status,
                                 const char **missing) MUST_CHECK;

struct material_document {
    const char *content_type;
    struct bytes sealed;
};

/* For a reviewer; it is on the audit trail. Refusals: unauthenticated, forbidden, renewal_unknown, material_unknown. */
enum err store_view_material(struct db *db, struct bytes token_digest, const char *renewal_no, const char *kind,
                             int64_t page, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_view_material_read(const struct row *rows, struct arena *arena,
                                  struct material_document *out) MUST_CHECK;

struct form_facts {
    const char *platform, *subject, *certificate_serial;
    int64_t old_not_after_us, not_after_us, term_months, amount_fen, submitted_at_us;
    const char *platform_version; /* of the rules it was submitted under … */
    int64_t corrections;          /* … and how often its fields were corrected since */
    struct bytes personal_sealed, evidence_sha256;
};

/* On the audit trail. Refusal: renewal_unknown. */
enum err store_get_application_form(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                    void *context) MUST_CHECK;
enum err store_get_application_form_read(const struct row *rows, struct arena *arena,
                                         struct form_facts *out) MUST_CHECK;
