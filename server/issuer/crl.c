/* SPDX-License-Identifier: Apache-2.0 */
/* One list at a time: due?, what is revoked, build, lint, sign and verify in the pool, record with our fence. Whatever
 * fails, the next look begins anew; a list that was signed but not recorded is forgotten, its number is free. */
#include "issuer/crl.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "issuer/lease.h"
#include "pki/crl.h"
#include "store/crl.h"

#include <inttypes.h>

#define HOUR_S          3600
#define STANDBY_LOOK_MS 500 /* whether the lease is ours by now */

struct crl_maker {
    const struct issuer *issuer;
    struct loop_timer *timer;
    bool stopping;
    enum err trouble; /* why the last look failed: logged when it changes */

    /* of the list being made; the arena is NULL between lists */
    struct arena *arena;
    int64_t fence;
    struct crl_due due;
    struct crl_request request;
    struct bytes der; /* these two are written by the pool thread */
    enum err made;
};

/* -- the end of a look -------------------------------------------------------------------------------------------- */

static void tell(struct crl_maker *maker, enum err err)
{
    if (err == maker->trouble || maker->stopping)
        return;
    if (err == OK)
        log_info("issuer", "revocation lists can be made again");
    else
        log_line(err_info(err)->category == ERR_LATER ? LOG_WARN : LOG_ERROR, "issuer",
                 "no new revocation list: %s; tried again every %" PRId64 " s", err_code(err),
                 maker->issuer->settings->issuer_crl_check_s);
    maker->trouble = err;
}

static void look_again(struct crl_maker *maker, int64_t after_ms)
{
    if (!maker->stopping)
        loop_timer_start(maker->timer, after_ms);
}

static void end(struct crl_maker *maker, enum err err)
{
    tell(maker, err);
    arena_free(maker->arena);
    maker->arena = NULL;
    look_again(maker, maker->issuer->settings->issuer_crl_check_s * 1000);
}

/* -- record ------------------------------------------------------------------------------------------------------- */

static void recorded(void *context, enum err err, const struct row *rows)
{
    struct crl_maker *maker = context;
    if (err == OK)
        err = store_crl_record_read(rows, maker->arena);
    if (err == OK)
        log_info("issuer", "revocation list %" PRId64 " with %zu entries", maker->request.number,
                 maker->request.entry_count);
    end(maker, err);
}

static enum err record(struct crl_maker *maker)
{
    TRY(maker->made);
    struct crl_record row = {.fence = maker->fence,
                             .number = maker->request.number,
                             .this_update_us = maker->request.this_update_us,
                             .next_update_us = maker->request.next_update_us,
                             .revocations = maker->due.revocations,
                             .der = maker->der};
    return store_crl_record(maker->issuer->db, &row, maker->issuer->settings->database_call_ms, recorded, maker);
}

static void was_made(void *context)
{
    struct crl_maker *maker = context;
    enum err err = record(maker);
    if (err != OK)
        end(maker, err);
}

/* -- build and sign, on a thread of the pool: a long list would hold the loop up ----------------------------------- */

static enum err make_list(struct crl_maker *maker)
{
    const struct issuer *issuer = maker->issuer;
    struct bytes tbs, signature;
    TRY(crl_build(maker->arena, &issuer->certificate, &maker->request, &tbs));
    TRY(crl_lint(maker->arena, tbs, &issuer->certificate, &maker->request));
    TRY(hsm_sign(issuer->hsm, offload_thread(), issuer->key, tbs, maker->arena, &signature));
    return crl_assemble(maker->arena, tbs, signature, &issuer->certificate, &maker->der);
}

static void make(void *context)
{
    struct crl_maker *maker = context;
    maker->made = make_list(maker);
}

/* -- what goes in ------------------------------------------------------------------------------------------------- */

static void take_entries(struct crl_maker *maker, const struct revocations *revoked)
{
    struct crl_entry *entries = arena_alloc(maker->arena, revoked->count * sizeof(*entries));
    for (size_t i = 0; i < revoked->count; i++)
        entries[i] = (struct crl_entry){.serial = revoked->items[i].serial,
                                        .revoked_at_us = revoked->items[i].revoked_at_us,
                                        .reason = crl_reason_of_text(revoked->items[i].reason)};
    int64_t life_us = maker->issuer->settings->issuer_crl_hours * HOUR_S * CLOCK_SECOND_US;
    maker->request = (struct crl_request){.number = maker->due.number,
                                          .this_update_us = maker->due.at_us,
                                          .next_update_us = maker->due.at_us + life_us,
                                          .entries = entries,
                                          .entry_count = revoked->count};
}

static enum err take_revoked(struct crl_maker *maker, enum err err, const struct row *rows)
{
    struct revocations revoked;
    TRY(err);
    ENSURE(!maker->stopping, ERR_SHUTTING_DOWN);
    TRY(store_crl_revoked_read(rows, maker->arena, &revoked));
    take_entries(maker, &revoked);
    return offload_submit(maker->issuer->offload, make, was_made, maker);
}

static void revoked(void *context, enum err err, const struct row *rows)
{
    struct crl_maker *maker = context;
    err = take_revoked(maker, err, rows);
    if (err != OK)
        end(maker, err);
}

/* -- the look ----------------------------------------------------------------------------------------------------- */

static enum err take_due(struct crl_maker *maker, enum err err, const struct row *rows)
{
    const struct issuer *issuer = maker->issuer;
    TRY(err);
    ENSURE(!maker->stopping, ERR_SHUTTING_DOWN);
    TRY(store_crl_due_read(rows, maker->arena, &maker->due));
    if (maker->due.due)
        return store_crl_revoked(issuer->db, issuer->certificate.subject_der, issuer->settings->database_call_ms,
                                 revoked, maker);
    end(maker, OK);
    return OK;
}

static void asked_whether_due(void *context, enum err err, const struct row *rows)
{
    struct crl_maker *maker = context;
    err = take_due(maker, err, rows);
    if (err != OK)
        end(maker, err);
}

static void look(void *context)
{
    struct crl_maker *maker = context;
    const struct settings *settings = maker->issuer->settings;
    if (!lease_held(maker->issuer->lease, &maker->fence)) {
        look_again(maker, STANDBY_LOOK_MS);
        return;
    }
    maker->arena = arena_new();
    enum err err = store_crl_due(maker->issuer->db, settings->issuer_crl_hours * HOUR_S / 2, settings->database_call_ms,
                                 asked_whether_due, maker);
    if (err != OK)
        end(maker, err);
}

/* -- life --------------------------------------------------------------------------------------------------------- */

struct crl_maker *crl_maker_new(const struct issuer *issuer)
{
    struct crl_maker *maker = mem_alloc(sizeof(*maker));
    *maker = (struct crl_maker){.issuer = issuer};
    maker->timer = loop_timer_new(issuer->loop, look, maker);
    loop_timer_start(maker->timer, 0);
    return maker;
}

void crl_maker_stop(struct crl_maker *maker)
{
    maker->stopping = true;
    loop_timer_stop(maker->timer);
}

bool crl_maker_busy(const struct crl_maker *maker)
{
    return maker->arena != NULL;
}

void crl_maker_free(struct crl_maker *maker)
{
    if (maker == NULL)
        return;
    loop_timer_free(maker->timer);
    arena_free(maker->arena);
    mem_free(maker);
}
