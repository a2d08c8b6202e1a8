/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/aliyun_sms.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "remote/aliyun_signature.h"

#include <string.h>
#include <time.h>

#define ACTION       "SendSms"
#define VERSION      "2017-05-25"
#define NONCE_SIZE   16
#define ANSWER_MAX   16384
#define CODE_MAX     64
#define HEADER_COUNT 6

struct aliyun_sms {
    const struct settings *settings;
    const char *host;
    struct bytes secret;
};

/* -- settings ---------------------------------------------------------------------------------------------------- */

static enum err check_set(const char *value, const char *name)
{
    if (value[0] != '\0')
        return OK;
    log_error("settings", "sms.%s is missing; sms.access_key_id is set, so all of sms must be", name);
    return ERR_SETTINGS_INVALID;
}

static enum err check_all(const struct settings *settings)
{
    TRY(check_set(settings->sms_access_key_secret_file, "access_key_secret_file"));
    TRY(check_set(settings->sms_sign_name, "sign_name"));
    TRY(check_set(settings->sms_template_register, "template_register"));
    TRY(check_set(settings->sms_template_login, "template_login"));
    return check_set(settings->sms_template_password, "template_password");
}

/* scheme://host[:port], nothing behind it: the signature is over the path / and the host as sent. */
static const char *host_of(const char *endpoint)
{
    const char *slashes = strstr(endpoint, "://");
    return slashes != NULL && slashes[3] != '\0' && strpbrk(slashes + 3, "/?#@ ") == NULL ? slashes + 3 : NULL;
}

enum err aliyun_sms_load(const struct settings *settings, struct arena *arena, struct aliyun_sms **out)
{
    TRY(check_all(settings));
    struct aliyun_sms *sms = ARENA_NEW(arena, struct aliyun_sms);
    sms->settings = settings;
    sms->host = host_of(settings->sms_endpoint);
    if (sms->host == NULL) {
        log_error("settings", "sms.endpoint is %s; it must be https://host without a path", settings->sms_endpoint);
        return ERR_SETTINGS_INVALID;
    }
    TRY(file_read_secret(arena, settings_path(arena, settings, settings->sms_access_key_secret_file), &sms->secret));
    *out = sms;
    return OK;
}

/* -- the request ------------------------------------------------------------------------------------------------- */

static const char *template_of(const struct settings *settings, const char *purpose)
{
    const struct {
        const char *purpose, *template;
    } templates[] = {{"register", settings->sms_template_register},
                     {"login", settings->sms_template_login},
                     {"password", settings->sms_template_password}};
    for (size_t i = 0; i < ARRAY_SIZE(templates); i++)
        if (strcmp(templates[i].purpose, purpose) == 0)
            return templates[i].template;
    return NULL;
}

static char *utc_text(struct arena *arena, int64_t now_us)
{
    time_t seconds = (time_t)(now_us / CLOCK_SECOND_US);
    struct tm utc;
    char *text = arena_alloc(arena, CLOCK_TEXT_SIZE);
    gmtime_r(&seconds, &utc);
    strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

static const char *param_json(struct arena *arena, const char *code)
{
    struct json *param = json_new_object();
    size_t size;
    json_put_text(param, "code", code);
    return json_finish(param, arena, &size);
}

static void put_query(struct arena *arena, const struct aliyun_sms *sms, const struct sms *message,
                      const char *template, struct form_fields *query)
{
    const struct form_field fields[] = {{"OutId", message->out_id},
                                        {"PhoneNumbers", message->mobile},
                                        {"SignName", sms->settings->sms_sign_name},
                                        {"TemplateCode", template},
                                        {"TemplateParam", param_json(arena, message->code)}};
    *query = (struct form_fields){arena_copy(arena, fields, sizeof(fields)), ARRAY_SIZE(fields)};
}

static void put_headers(struct arena *arena, const struct aliyun_sms *sms, const struct aliyun_call *call,
                        struct http_request *out)
{
    const char *authorization = aliyun_authorization(arena, call, sms->settings->sms_access_key_id, sms->secret);
    const struct http_header headers[HEADER_COUNT] = {{"x-acs-action", call->action},
                                                      {"x-acs-version", call->version},
                                                      {"x-acs-date", call->date},
                                                      {"x-acs-signature-nonce", call->nonce},
                                                      {"x-acs-content-sha256", ALIYUN_EMPTY_SHA256},
                                                      {"Authorization", authorization}};
    out->headers = arena_copy(arena, headers, sizeof(headers));
    out->header_count = HEADER_COUNT;
}

enum err aliyun_sms_request(const struct aliyun_sms *sms, const struct sms *message, int64_t now_us,
                            struct arena *arena, struct http_request *out)
{
    const char *template = template_of(sms->settings, message->purpose);
    ENSURE(template != NULL, ERR_INTERNAL);
    uint8_t nonce[NONCE_SIZE];
    random_bytes(nonce, sizeof(nonce));
    struct aliyun_call call = {.host = sms->host,
                               .action = ACTION,
                               .version = VERSION,
                               .date = utc_text(arena, now_us),
                               .nonce = hex_encode(arena, (struct bytes){nonce, sizeof(nonce)})};
    put_query(arena, sms, message, template, &call.query);
    *out = (struct http_request){
        .method = "POST",
        .url = arena_format(arena, "%s/?%s", sms->settings->sms_endpoint, aliyun_query(arena, &call.query)),
        .timeout_ms = sms->settings->remote_call_ms,
        .answer_max = ANSWER_MAX,
    };
    put_headers(arena, sms, &call, out);
    return OK;
}

/* -- the answer -------------------------------------------------------------------------------------------------- */

/* https://help.aliyun.com/zh/sms/developer-reference/api-error-codes; what is not listed is ours to look at. */
static const struct {
    const char *code; /* a prefix when it ends in . */
    enum sms_end end;
} ends[] = {
    {"OK", SMS_SENT},
    {"isv.BUSINESS_LIMIT_CONTROL", SMS_LIMITED},
    {"isv.DAY_LIMIT_CONTROL", SMS_LIMITED},
    {"isv.MONTH_LIMIT_CONTROL", SMS_LIMITED},
    {"isv.MOBILE_NUMBER_ILLEGAL", SMS_NUMBER},
    {"isv.BLACK_KEY_CONTROL_LIMIT", SMS_NUMBER},
    {"isp.SYSTEM_ERROR", SMS_LATER},
    {"Throttling", SMS_LATER},
    {"Throttling.", SMS_LATER},
    {"ServiceUnavailable", SMS_LATER},
};

static bool matches(const char *code, const char *pattern)
{
    size_t size = strlen(pattern);
    return pattern[size - 1] == '.' ? strncmp(code, pattern, size) == 0 : strcmp(code, pattern) == 0;
}

static enum sms_end end_of(const char *code)
{
    for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
        if (matches(code, ends[i].code))
            return ends[i].end;
    return SMS_OURS;
}

/* A code is a word; anything else is somebody's text and is not logged. */
static bool is_word(const char *code)
{
    size_t size = strlen(code);
    return size > 0 && size <= CODE_MAX &&
           strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == size;
}

enum sms_end aliyun_sms_read(const struct http_answer *answer, struct arena *arena, const char **word)
{
    AUTO_JSON *document = NULL;
    struct fault fault;
    fault_init(&fault, arena);
    if (json_parse((const char *)answer->body.data, answer->body.size, &fault, &document) != OK) {
        *word = arena_format(arena, "status %d without JSON", (int)answer->status);
        return SMS_UNKNOWN;
    }
    const char *code = json_member_text(document, "Code");
    if (code == NULL || !is_word(code)) {
        *word = arena_format(arena, "status %d without a code", (int)answer->status);
        return SMS_UNKNOWN;
    }
    *word = arena_text(arena, code);
    enum sms_end end = end_of(code);
    return end == SMS_SENT && answer->status != 200 ? SMS_UNKNOWN : end;
}
