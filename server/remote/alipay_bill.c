/* SPDX-License-Identifier: Apache-2.0 */
/* alipay.data.dataservice.bill.downloadurl.query, bill_type trade: a signed answer names an address that lives 30
 * seconds; the zip behind it is not signed and not hashed, so it is only taken over TLS. */
#include "remote/alipay_bill.h"

#include "base/clock.h"
#include "base/json.h"
#include "remote/alipay_key.h"

#include <inttypes.h>
#include <string.h>

#define HTTP_OK      200
#define URL_SIZE_MAX 2048
#define NODE         "alipay_data_dataservice_bill_downloadurl_query_response"

enum err alipay_ask_bill(const struct gateways *gateways, const char *day, struct arena *arena,
                         struct gateway_question *question)
{
    struct form form;
    /* digits and hyphens: nothing to escape */
    const char *content = arena_format(arena, "{\"bill_type\":\"trade\",\"bill_date\":\"%s\"}", day);
    TRY(alipay_request(gateways->alipay, "alipay.data.dataservice.bill.downloadurl.query", content, clock_now_us(),
                       arena, &form));
    *question = (struct gateway_question){
        .method = "POST",
        .url = form.action,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"}},
        .header_count = 1,
        .body = form_post_body(&form.fields, arena),
    };
    return OK;
}

static bool is_none(const struct json *node)
{
    static const char *const codes[] = {"isp.bill_not_exist", "NO_BILL_DATA", "isv.NO_BILL_DATA"};
    const char *sub_code = json_member_text(node, "sub_code"), *file = json_member_text(node, "bill_file_code");
    for (size_t i = 0; sub_code != NULL && i < ARRAY_SIZE(codes); i++)
        if (strcmp(codes[i], sub_code) == 0)
            return true;
    return file != NULL && strcmp(file, "EMPTY_DATA_WITH_BILL_FILE") == 0;
}

static enum err read_node(const struct alipay_opened *answer, const struct json *node, struct arena *arena,
                          struct fault *fault, struct gateway_bill_answer *out)
{
    const char *url = json_member_text(node, "bill_download_url");
    if (answer->is_signed && is_none(node)) {
        out->word = BILL_NONE;
        return OK;
    }
    if (!answer->result)
        return OK;
    if (url == NULL || strlen(url) > URL_SIZE_MAX || strchr(url, '@') != NULL)
        return fault_explain(fault, ERR_FORM_MALFORMED, "答复中的bill_download_url无法识别",
                             "The answer's bill_download_url cannot be read");
    out->word = BILL_THERE;
    out->url = arena_text(arena, url);
    return OK;
}

enum err alipay_read_bill(const struct gateways *gateways, const char *day, const struct http_answer *answer,
                          struct arena *arena, struct fault *fault, struct gateway_bill_answer *out)
{
    (void)day; /* Alipay does not repeat it: the file's own heading is held against it */
    struct alipay_opened opened;
    struct gateway_bill_answer read = {.word = BILL_LATER, .sha1 = "", .url = ""};
    if (answer->status != HTTP_OK) {
        read.said = arena_format(arena, "http %" PRId64, answer->status);
        *out = read;
        return OK;
    }
    TRY(alipay_open_answer(gateways->alipay, answer->body, NODE, arena, fault, &opened));
    AUTO_JSON *node = opened.node;
    read.said = opened.said;
    TRY(read_node(&opened, node, arena, fault, &read));
    *out = read;
    return OK;
}

/* Which hosts and schemes may be called is the way out's to say: https, or this machine. */
enum err alipay_fetch_bill(const struct gateways *gateways, const char *url, struct arena *arena,
                           struct gateway_question *question)
{
    (void)gateways;
    (void)arena;
    *question = (struct gateway_question){.method = "GET", .url = url};
    return OK;
}
