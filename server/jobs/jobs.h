/* SPDX-License-Identifier: Apache-2.0 */
/* What the jobs process holds: the gateways' credentials and the way out. Its work is THE job table in jobs.c. */
#pragma once

#include "base/loop.h"
#include "base/settings.h"
#include "domain/platform.h"
#include "domain/template.h"
#include "edge/peer.h"
#include "pki/expiry_watch.h"
#include "pki/seal.h"
#include "remote/aliyun_sms.h"
#include "remote/bank.h"
#include "remote/faceid.h"
#include "remote/gateway.h"
#include "remote/http.h"
#include "store/db.h"
#include "store/outbox.h"

struct breakers;
struct dispatcher;
struct messages;
struct timestamper;

struct jobs {
    const struct settings *settings;
    struct loop *loop;
    struct db *db;
    const struct platforms *platforms;
    struct templates *templates;
    struct seal_keys *seal_keys; /* messages need the addressee */
    struct aliyun_sms *sms;      /* NULL: no SMS is sent */
    struct http *http;           /* the way out */
    struct faceid *faceid;       /* NULL: identity checks are left to the reviewer */
    struct messages *messages;
    struct bank *bank; /* NULL: nothing is paid out */
    struct gateways gateways;
    struct arena *keys_arena;  /* lives as long as these gateways */
    struct breakers *breakers; /* of their rails */
    struct expiry_watch *watch;
    struct dispatcher *dispatcher;
    struct timestamper *timestamper; /* NULL: no authority is asked */
};

/* How one try at an outbox row ended. */
enum job_end {
    JOB_DONE,
    JOB_RETRY, /* later, with back-off */
    JOB_NEVER, /* no try can succeed: to the dead letters, with an alarm */
};

/* Reports the end of a try, exactly once per job. text: a result or a reason; no personal data. */
struct job;
void job_end(struct job *job, enum job_end end, const char *text);
const struct outbox_item *job_item(const struct job *job);
struct jobs *job_jobs(const struct job *job);
struct arena *job_arena(struct job *job);
/* The same for a handler whose own procedure has recorded the end of the try. */
void job_ended(struct job *job);

typedef void job_handler(struct job *job);

/* Starts looking at the outbox; each topic of the job table on its own, so that none delays another. */
struct dispatcher *dispatcher_new(struct jobs *jobs);
/* Leases nothing more. */
void dispatcher_stop(struct dispatcher *dispatcher);
size_t dispatcher_pending(const struct dispatcher *dispatcher);
void dispatcher_free(struct dispatcher *dispatcher);

/* The handler of the jobs' socket. Operations: payment_open, liveness_begin, figures. */
void jobs_handle(struct peer_call *call, const char *operation, struct bytes body);
