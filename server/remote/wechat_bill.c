/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v3/bill/tradebill (doc/v3/merchant/4013071227): a signed answer names an address on the same host and the SHA-1
 * of the file; what comes from there is not signed (4013071238). Asked for gzipped. */
#include "remote/wechat_bill.h"

#include "base/clock.h"
#include "base/json.h"
#include "remote/wechat_key.h"

#include <inttypes.h>
#include <string.h>

#define HTTP_OK           200
#define HTTP_SERVER_FAULT 500
#define URL_SIZE_MAX      2048
#define SHA1_SIZE         40
#define USER_AGENT        "Xuqi/" XUQI_VERSION

static enum err ask(const struct gateways *gateways, const char *path, struct arena *arena,
                    struct gateway_question *question)
{
    struct wechat_request request;
    ENSURE(gateways->wechat->private_key != NULL, ERR_INTERNAL);
    TRY(wechat_sign_request(gateways->wechat, "GET", path, NULL, clock_now_us(), arena, &request));
    *question = (struct gateway_question){
        .method = request.method,
        .url = request.url,
        .headers = {{"Authorization", request.authorization},
                    {"Accept", "application/json"},
                    {"User-Agent", USER_AGENT}},
        .header_count = 3,
    };
    if (request.serial[0] != '\0')
        question->headers[question->header_count++] = (struct http_header){"Wechatpay-Serial", request.serial};
    return OK;
}

enum err wechat_ask_bill(const struct gateways *gateways, const char *day, struct arena *arena,
                         struct gateway_question *question)
{
    return ask(gateways, arena_format(arena, "/v3/bill/tradebill?bill_date=%s&bill_type=ALL&tar_type=GZIP", day), arena,
               question);
}

static enum err read_refusal(struct bytes body, struct arena *arena, struct gateway_bill_answer *out)
{
    AUTO_JSON *document = NULL;
    const char *code = json_parse((const char *)body.data, body.size, NULL, &document) == OK
                           ? json_member_text(document, "code")
                           : NULL;
    out->said = code == NULL ? "" : arena_text(arena, code);
    out->word = strcmp(out->said, "NO_STATEMENT_EXIST") == 0 ? BILL_NONE : BILL_LATER;
    return OK;
}

/* We sign what we ask there: it must be WeChat's own host. */
static bool url_fits(const struct wechat *wechat, const char *url)
{
    size_t size = strlen(wechat->api_url);
    return strlen(url) <= URL_SIZE_MAX && strncmp(url, wechat->api_url, size) == 0 && url[size] == '/';
}

static enum err malformed(struct fault *fault, struct arena *arena, const char *name)
{
    return fault_explain(fault, ERR_FORM_MALFORMED, arena_format(arena, "%s无法识别", name),
                         arena_format(arena, "%s cannot be read", name));
}

static enum err read_place(const struct wechat *wechat, struct bytes body, struct arena *arena, struct fault *fault,
                           struct gateway_bill_answer *out)
{
    AUTO_JSON *document = NULL;
    ENSURE(json_parse((const char *)body.data, body.size, fault, &document) == OK, ERR_FORM_MALFORMED);
    const char *type = json_member_text(document, "hash_type"), *hash = json_member_text(document, "hash_value");
    const char *url = json_member_text(document, "download_url");
    if (type == NULL || strcmp(type, "SHA1") != 0)
        return malformed(fault, arena, "hash_type");
    if (hash == NULL || strlen(hash) != SHA1_SIZE || strspn(hash, "0123456789abcdefABCDEF") != SHA1_SIZE)
        return malformed(fault, arena, "hash_value");
    if (url == NULL || !url_fits(wechat, url))
        return malformed(fault, arena, "download_url");
    out->word = BILL_THERE;
    out->url = arena_text(arena, url);
    out->sha1 = arena_text(arena, hash);
    return OK;
}

/* A fault of WeChat's own may come unsigned and says nothing; everything else must be signed, also "no bill". */
enum err wechat_read_bill(const struct gateways *gateways, const char *day, const struct http_answer *answer,
                          struct arena *arena, struct fault *fault, struct gateway_bill_answer *out)
{
    (void)day; /* WeChat does not repeat it */
    const struct wechat_headers headers = {
        .timestamp = http_answer_header(answer, "Wechatpay-Timestamp"),
        .nonce = http_answer_header(answer, "Wechatpay-Nonce"),
        .signature = http_answer_header(answer, "Wechatpay-Signature"),
        .serial = http_answer_header(answer, "Wechatpay-Serial"),
    };
    struct gateway_bill_answer read = {.word = BILL_LATER, .sha1 = "", .url = ""};
    read.said = arena_format(arena, "http %" PRId64, answer->status);
    if (answer->status < HTTP_SERVER_FAULT) {
        TRY(wechat_verify(gateways->wechat, &headers, answer->body, clock_now_us(), arena, fault));
        TRY(answer->status == HTTP_OK ? read_place(gateways->wechat, answer->body, arena, fault, &read)
                                      : read_refusal(answer->body, arena, &read));
    }
    *out = read;
    return OK;
}

enum err wechat_fetch_bill(const struct gateways *gateways, const char *url, struct arena *arena,
                           struct gateway_question *question)
{
    ENSURE(url_fits(gateways->wechat, url), ERR_INTERNAL);
    return ask(gateways, url + strlen(gateways->wechat->api_url), arena, question);
}
