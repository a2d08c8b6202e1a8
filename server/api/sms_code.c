/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/portal/sms_codes: asks for a code. The answer never tells whether the number is known. */
#include "store/sms_code.h"
#include "api/handlers.h"
#include "api/portal.h"
#include "api/reply.h"
#include "api/server.h"
#include "pki/code.h"

#include <string.h>

#define CODE_LIFETIME_S 300
/* What Aliyun lets through for one signature and one number (isv.BUSINESS_LIMIT_CONTROL). */
#define CODES_PER_MINUTE 1
#define CODES_PER_HOUR   5
#define CODES_PER_DAY    10

static enum err check_purpose(struct request *req, const char *purpose)
{
    if (strcmp(purpose, "register") == 0 || strcmp(purpose, "login") == 0 || strcmp(purpose, "password") == 0)
        return OK;
    fault_field(request_fault(req), "purpose", "unknown_word", "只能是 register、login 或 password",
                "One of register, login, password");
    return ERR_FIELDS_INVALID;
}

static void requested(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t expires_at_us = 0;
    if (err == OK)
        err = store_request_sms_code_read(rows, request_arena(req), &expires_at_us);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "status", "requested");
    reply_put_time(req, body, "expires_at", expires_at_us);
    request_reply_json(req, 202, body);
}

static enum err request_code(struct request *req, const char *typed, const char *purpose)
{
    const struct api_server *server = api_server(req);
    struct arena *arena = request_arena(req);
    struct portal_mobile mobile;
    const char *canonical;
    TRY(portal_read_mobile(req, typed, &mobile, &canonical));
    struct bytes salt = code_salt(arena);
    const char *code = code_text(server->seal_keys, arena, salt);
    const struct sms_code_request ask = {
        .mobile_index = mobile.index,
        .mobile_sealed = mobile.sealed,
        .purpose = purpose,
        .salt = salt,
        .code_digest = code_digest(server->seal_keys, arena, purpose, canonical, code),
        .address = request_address(req),
        .lifetime_s = CODE_LIFETIME_S,
        .per_minute = CODES_PER_MINUTE,
        .per_hour = CODES_PER_HOUR,
        .per_day = CODES_PER_DAY,
        .address_per_hour = server->settings->sms_address_per_hour,
        .all_per_day = server->settings->sms_all_per_day,
    };
    return store_request_sms_code(server->db, &ask, api_call_ms(req), requested, req);
}

enum err api_sms_code_request(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *mobile = NULL, *purpose = NULL;
    const struct json_field fields[] = {
        {"mobile", FIELD_TEXT, .into = &mobile, .length_max = 20},
        {"purpose", FIELD_TEXT, .into = &purpose, .length_max = 20},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    ENSURE(api_server(req)->settings->sms_access_key_id[0] != '\0', ERR_SMS_UNAVAILABLE);
    TRY(check_purpose(req, purpose));
    return request_code(req, mobile, purpose);
}
