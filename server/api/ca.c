/* SPDX-License-Identifier: Apache-2.0 */
/* Where the certificates we issue point to: GET /crl/issuing.crl (cRLDistributionPoints) and /ca/issuing.cer
 * (caIssuers), and /ca/root.cer. DER with the media types of RFC 2585; everybody may read and keep them for a while. */
#include "api/handlers.h"
#include "api/server.h"
#include "base/clock.h"
#include "store/crl.h"

#include <inttypes.h>

#define LIST_AGE_S        300 /* a cache may hide a revocation for this long */
#define CERTIFICATE_AGE_S 3600

static void reply(struct request *req, const char *content_type, int64_t age_s, struct bytes der)
{
    request_add_header(req, "Cache-Control", arena_format(request_arena(req), "public, max-age=%" PRId64, age_s));
    request_reply(req, 200, content_type, der);
}

/* -- the revocation list ------------------------------------------------------------------------------------------ */

static void found(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct current_crl crl;
    if (err == OK)
        err = store_crl_current_read(rows, request_arena(req), &crl);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    int64_t left_s = (crl.next_update_us - clock_now_us()) / CLOCK_SECOND_US;
    int64_t age_s = left_s < LIST_AGE_S ? left_s : LIST_AGE_S;
    reply(req, "application/pkix-crl", age_s > 0 ? age_s : 0, crl.der);
}

enum err api_ca_crl(struct request *req)
{
    return store_crl_current(api_server(req)->db, api_call_ms(req), found, req);
}

/* -- the CA certificates ------------------------------------------------------------------------------------------ */

enum err api_ca_issuing(struct request *req)
{
    reply(req, "application/pkix-cert", CERTIFICATE_AGE_S, api_server(req)->issuing_certificate);
    return OK;
}

enum err api_ca_root(struct request *req)
{
    reply(req, "application/pkix-cert", CERTIFICATE_AGE_S, api_server(req)->root_certificate);
    return OK;
}
