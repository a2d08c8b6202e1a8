/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/lookup: the renewals of a certificate, for who signs a nonce with its key. Also for an expired
 * certificate: that is how its owner comes back to what was submitted in time. */
#include "api/access.h"
#include "api/challenge.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "api/signed_request.h"
#include "pki/digest.h"
#include "store/proof.h"
#include "store/renewal.h"

static struct json *renewal_json(struct request *req, const struct found_renewal *renewal)
{
    struct arena *arena = request_arena(req);
    const struct api_server *server = api_server(req);
    const char *token = access_token(arena, server->access_key, renewal->renewal_no);
    struct json *row = json_new_object();
    json_put_text(row, "renewal_no", renewal->renewal_no);
    reply_put_state(row, renewal->status);
    json_put_text(row, "platform", renewal->platform);
    json_put_text(row, "organisation", renewal->organisation);
    reply_put_time(req, row, "submitted_at", renewal->submitted_at_us);
    reply_put_time(req, row, "not_after", renewal->not_after_us);
    json_put_text(row, "access_token", token);
    json_put_text(row, "pay_url", access_pay_url(arena, server->settings->web_public_url, renewal->renewal_no, token));
    return row;
}

static void found(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct found_renewals renewals;
    if (err == OK)
        err = store_lookup_renewals_read(rows, request_arena(req), &renewals);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (size_t i = 0; i < renewals.count; i++)
        json_append(list, renewal_json(req, &renewals.items[i]));
    json_put(body, "renewals", list);
    request_reply_json(req, 200, body);
}

/* In a session of the web hall: what its account has submitted there. */
static enum err lookup_in_hall(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(access_require_portal(req));
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_list_portal_renewals(api_server(req)->db, access_portal_digest(req), api_call_ms(req), found, req);
}

enum err api_renewal_lookup(struct request *req)
{
    struct arena *arena = request_arena(req);
    struct signed_content signed_content;
    AUTO_JSON *document = NULL;
    const char *nonce = NULL;
    if (reply_body_is_json(req))
        return lookup_in_hall(req);
    const struct json_field fields[] = {{"nonce", FIELD_TEXT, .into = &nonce, .length_max = 64}};
    TRY(signed_request_read(req, &signed_content, &document));
    TRY(json_read(document, "", fields, ARRAY_SIZE(fields), request_fault(req)));
    ENSURE(challenge_well_formed(arena, nonce), ERR_NONCE_UNKNOWN);
    const struct renewal_lookup ask = {challenge_digest(arena, nonce), sha256(arena, request_body(req)),
                                       signed_content.signer.fingerprint};
    return store_lookup_renewals(api_server(req)->db, &ask, api_call_ms(req), found, req);
}
