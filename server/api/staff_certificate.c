/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/staff/sessions/certificate: logging in with the client certificate of this TLS connection. That its key
 * is there TLS has shown; whether it is to be believed is found out on a pool thread, and whose it is by the database.
 * Whatever is wrong is recorded with its own code. */
#include "api/access.h"
#include "api/desk.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "api/staff_session.h"
#include "pki/client_certificate.h"
#include "store/staff.h"

struct entry {
    struct request *req;
    const char *ca_path, *crl_path;
    struct bytes der;
    enum err verdict; /* written by the pool thread */
    const char *token;
    struct bytes token_digest;
};

static void session_opened(void *context, enum err err, const struct row *rows)
{
    const struct entry *entry = context;
    struct staff_session session;
    if (err == OK)
        err = store_open_session_read(rows, request_arena(entry->req), &session);
    if (err == OK)
        staff_session_reply(entry->req, &session, entry->token, entry->token_digest);
    else
        request_fail(entry->req, err);
}

static void check_certificate(void *context)
{
    struct entry *entry = context;
    entry->verdict = client_certificate_check(entry->ca_path, entry->crl_path, entry->der);
}

static enum err open_session(struct entry *entry)
{
    struct request *req = entry->req;
    const struct settings *settings = api_server(req)->settings;
    struct certificate certificate;
    struct staff_certificate_login login = {.verdict = entry->verdict == OK ? "" : err_code(entry->verdict),
                                            .idle_s = settings->staff_session_idle_s,
                                            .absolute_s = settings->staff_session_absolute_s};
    TRY(certificate_parse(request_arena(req), entry->der, &certificate));
    login.fingerprint = certificate.fingerprint;
    entry->token = access_session_token(request_arena(req), &entry->token_digest);
    login.token_digest = entry->token_digest;
    return store_open_certificate_session(api_server(req)->db, &login, api_call_ms(req), session_opened, entry);
}

static void certificate_checked(void *context)
{
    struct entry *entry = context;
    enum err err = open_session(entry);
    if (err != OK)
        request_fail(entry->req, err);
}

enum err api_staff_session_certificate(struct request *req)
{
    AUTO_JSON *document = NULL;
    const struct settings *settings = api_server(req)->settings;
    struct entry *entry = ARENA_NEW(request_arena(req), struct entry);
    TRY(desk_require_origin(req));
    TRY(reply_read_body(req, &document, NULL, 0));
    ENSURE(settings->web_staff_client_ca[0] != '\0', ERR_CLIENT_CERTIFICATE_OFF);
    *entry = (struct entry){.req = req,
                            .ca_path = settings_path(request_arena(req), settings, settings->web_staff_client_ca),
                            .crl_path = settings_path(request_arena(req), settings, settings->web_staff_client_crl),
                            .der = request_client_certificate(req)};
    ENSURE(entry->der.size > 0, ERR_CLIENT_CERTIFICATE_MISSING);
    return offload_submit(api_server(req)->offload, check_certificate, certificate_checked, entry);
}
