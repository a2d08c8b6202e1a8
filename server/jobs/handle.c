/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of what web may ask jobs for while somebody waits. */
#include "jobs/figures.h"
#include "jobs/jobs.h"
#include "jobs/liveness.h"
#include "jobs/payment_open.h"

#include <string.h>

static const struct {
    const char *operation;
    void (*handle)(struct peer_call *call, struct bytes body);
} operations[] = {
    {"payment_open", payment_open_handle},
    {"liveness_begin", liveness_begin_handle},
    {"figures", figures_handle},
};

void jobs_handle(struct peer_call *call, const char *operation, struct bytes body)
{
    for (size_t i = 0; i < ARRAY_SIZE(operations); i++) {
        if (strcmp(operations[i].operation, operation) == 0) {
            operations[i].handle(call, body);
            return;
        }
    }
    peer_fail(call, ERR_NOT_FOUND);
}
