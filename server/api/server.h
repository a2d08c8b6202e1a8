/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of a web process share; made once at start (main.c), read-only but for the counters. It holds no
 * signing key: of the gateways only what checks their notices, of personal data the key that seals it. */
#pragma once

#include "base/offload.h"
#include "base/settings.h"
#include "domain/platform.h"
#include "domain/template.h"
#include "edge/edge.h"
#include "edge/peer.h"
#include "pki/certificate.h"
#include "pki/expiry_watch.h"
#include "pki/profiles.h"
#include "pki/seal.h"
#include "remote/gateway.h"
#include "statement/bank_format.h"
#include "store/db.h"

struct api_server {
    const struct settings *settings;
    const struct platforms *platforms;
    const struct templates *templates; /* shown, not filled in: jobs sends messages */
    struct profiles *profiles;         /* has the profile of every platform */
    struct trust *trust;
    struct bytes issuing_certificate, root_certificate; /* DER */
    int64_t issuing_not_after_us;
    struct seal_keys *seal_keys;
    struct bank_formats bank_formats; /* of statement files */
    struct bytes access_key;
    struct portal_issuers *portal_issuers; /* whose tokens are believed */
    struct gateways gateways;              /* without what signs */
    struct db *db;
    struct offload *offload;
    struct peer_client *jobs, *issuer;
    struct edge *edge;
    struct events *events; /* pages that wait */
    struct refusals *refusals;
    struct presence *presence; /* of staff */
    struct rails *rails;       /* where no payment is begun */
    struct expiry_watch *watch;
};

/* request_server() with its type. */
struct api_server *api_server(const struct request *req);
/* The deadline of one database call. */
int64_t api_call_ms(const struct request *req);
