/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/faceid.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "remote/faceid_internal.h"
#include "remote/tc3.h"

#include <inttypes.h>
#include <string.h>

#define VERSION      "2018-03-01"
#define SERVICE      "faceid"
#define CONTENT_TYPE "application/json"
#define HEADERS      5
#define ANSWER_MAX   (256 * 1024) /* texts only: no picture and no video is asked for */

struct faceid {
    struct tc3_key key;
    const char *url, *host, *rule_id;
    int64_t timeout_ms;
};

/* -- loading ----------------------------------------------------------------------------------------------------- */

/* Without the port, which the provider's signature does not cover. */
static const char *host_of(struct arena *arena, const char *url)
{
    const char *start = strstr(url, "://");
    start = start == NULL ? url : start + 3;
    return arena_text_n(arena, start, strcspn(start, ":/"));
}

static const char *without_end(struct arena *arena, struct bytes text)
{
    size_t size = text.size;
    while (size > 0 && (text.data[size - 1] == '\n' || text.data[size - 1] == '\r' || text.data[size - 1] == ' '))
        size--;
    return arena_text_n(arena, (const char *)text.data, size);
}

enum err faceid_load(const struct settings *settings, struct arena *arena, struct faceid **out)
{
    struct bytes key;
    TRY(file_read_secret(arena, settings_path(arena, settings, settings->faceid_secret_key_file), &key));
    const char *secret = without_end(arena, key);
    if (secret[0] == '\0' || settings->faceid_rule_id[0] == '\0') {
        log_error("settings", "faceid.secret_key_file and faceid.rule_id must not be empty");
        return ERR_SETTINGS_INVALID;
    }
    struct faceid *faceid = ARENA_NEW(arena, struct faceid);
    *faceid = (struct faceid){.key = {settings->faceid_secret_id, secret},
                              .url = arena_format(arena, "%s/", settings->faceid_url),
                              .host = host_of(arena, settings->faceid_url),
                              .rule_id = settings->faceid_rule_id,
                              .timeout_ms = settings->identity_call_ms};
    *out = faceid;
    return OK;
}

/* -- requests ---------------------------------------------------------------------------------------------------- */

static void sign(const struct faceid *faceid, struct arena *arena, const char *action, struct json *body,
                 int64_t now_us, struct http_request *out)
{
    int64_t now_s = now_us / CLOCK_SECOND_US;
    struct bytes text;
    text.data = (const uint8_t *)json_finish(body, arena, &text.size);
    struct http_header *headers = arena_alloc(arena, HEADERS * sizeof(*headers));
    headers[0] = (struct http_header){"Content-Type", CONTENT_TYPE};
    headers[1] = (struct http_header){"X-TC-Action", action};
    headers[2] = (struct http_header){"X-TC-Version", VERSION};
    headers[3] = (struct http_header){"X-TC-Timestamp", arena_format(arena, "%" PRId64, now_s)};
    headers[4] = (struct http_header){
        "Authorization", tc3_authorization(arena, &faceid->key, SERVICE, faceid->host, CONTENT_TYPE, text, now_s)};
    *out = (struct http_request){.method = "POST",
                                 .url = faceid->url,
                                 .headers = headers,
                                 .header_count = HEADERS,
                                 .body = text,
                                 .timeout_ms = faceid->timeout_ms,
                                 .answer_max = ANSWER_MAX};
}

void faceid_begin(const struct faceid *faceid, struct arena *arena, const struct faceid_person *person,
                  const char *redirect_url, const char *extra, int64_t now_us, struct http_request *out)
{
    struct json *body = json_new_object();
    json_put_text(body, "RuleId", faceid->rule_id);
    json_put_text(body, "IdCard", person->id_number);
    json_put_text(body, "Name", person->name);
    json_put_text(body, "RedirectUrl", redirect_url);
    json_put_text(body, "Extra", extra);
    sign(faceid, arena, "DetectAuth", body, now_us, out);
}

void faceid_look(const struct faceid *faceid, struct arena *arena, const char *biz_token, int64_t now_us,
                 struct http_request *out)
{
    struct json *body = json_new_object();
    json_put_text(body, "BizToken", biz_token);
    json_put_text(body, "RuleId", faceid->rule_id);
    json_put_text(body, "InfoType", "1"); /* texts: pictures and video stay where they are */
    sign(faceid, arena, "GetDetectInfoEnhanced", body, now_us, out);
}

void faceid_telecom(const struct faceid *faceid, struct arena *arena, const struct faceid_person *person,
                    int64_t now_us, struct http_request *out)
{
    struct json *body = json_new_object();
    json_put_text(body, "IdCard", person->id_number);
    json_put_text(body, "Name", person->name);
    json_put_text(body, "Phone", person->mobile);
    json_put_text(body, "VerifyMode", "1"); /* says what does not match */
    sign(faceid, arena, "PhoneVerification", body, now_us, out);
}
