/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/audit.h"

#include "base/log.h"
#include "base/mem.h"
#include "store/audit.h"

#define LOOKS_WHILE_BUSY 8 /* in the time between two looks when nothing happens */

struct audit_sealer {
    struct jobs *jobs;
    struct loop_timer *timer;
    enum err trouble; /* why the last look failed: logged when it changes */
};

static void tell(struct audit_sealer *sealer, enum err err)
{
    if (err == sealer->trouble)
        return;
    if (err == OK)
        log_info("audit", "events are sealed again");
    else
        log_warn("audit", "events cannot be sealed: %s; tried again", err_code(err));
    sealer->trouble = err;
}

/* While events come, in small portions, which keep nobody waiting. */
static int64_t next_look_ms(const struct settings *settings, int64_t sealed)
{
    if (sealed == 0)
        return settings->audit_seal_ms;
    return sealed == settings->audit_seal_batch ? 1 : settings->audit_seal_ms / LOOKS_WHILE_BUSY;
}

static void sealed(void *context, enum err err, const struct row *rows)
{
    struct audit_sealer *sealer = context;
    const struct settings *settings = sealer->jobs->settings;
    struct audit_sealing done = {0};
    if (err == OK)
        err = store_seal_audit_read(rows, &done);
    tell(sealer, err);
    loop_timer_start(sealer->timer, next_look_ms(settings, done.sealed));
}

static void look(void *context)
{
    struct audit_sealer *sealer = context;
    const struct settings *settings = sealer->jobs->settings;
    enum err err = store_seal_audit(sealer->jobs->db, settings->audit_seal_batch, settings->database_call_ms, sealed,
                                    sealer);
    if (err == OK)
        return;
    tell(sealer, err);
    loop_timer_start(sealer->timer, settings->audit_seal_ms);
}

struct audit_sealer *audit_sealer_new(struct jobs *jobs)
{
    struct audit_sealer *sealer = mem_alloc(sizeof(*sealer));
    *sealer = (struct audit_sealer){.jobs = jobs};
    sealer->timer = loop_timer_new(jobs->loop, look, sealer);
    loop_timer_start(sealer->timer, 1);
    return sealer;
}

void audit_sealer_free(struct audit_sealer *sealer)
{
    if (sealer == NULL)
        return;
    loop_timer_free(sealer->timer);
    mem_free(sealer);
}
