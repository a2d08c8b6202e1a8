/* SPDX-License-Identifier: Apache-2.0 */
/* Refunds at WeChat Pay: POST /v3/refund/domestic/refunds and the question about it, which are answered alike. */
#include "base/json.h"
#include "remote/payment_text.h"
#include "remote/wechat_key.h"

#include <string.h>

#define HTTP_OK           200
#define REASON_LENGTH_MAX 80
#define URL_SIZE_MAX      255
#define PATH              "/v3/refund/domestic/refunds"

/* -- what is asked --------------------------------------------------------------------------------------------------
 */

static bool refund_fits(const struct wechat_refund *refund)
{
    return payment_number_fits(refund->out_refund_no) && wechat_is_number(refund->transaction_id) &&
           refund->amount_fen > 0 && refund->amount_fen <= refund->paid_fen && refund->paid_fen <= PAYMENT_FEN_MAX &&
           strncmp(refund->notify_url, "http", 4) == 0 && strlen(refund->notify_url) <= URL_SIZE_MAX &&
           strchr(refund->notify_url, '?') == NULL;
}

enum err wechat_refund(const struct wechat *wechat, const struct wechat_refund *refund, int64_t now_us,
                       struct arena *arena, struct wechat_request *out)
{
    ENSURE(wechat->private_key != NULL && refund_fits(refund), ERR_INTERNAL);
    struct json *body = json_new_object(), *amount = json_new_object();
    json_put_text(body, "transaction_id", refund->transaction_id);
    json_put_text(body, "out_refund_no", refund->out_refund_no);
    json_put_text(body, "reason", text_clip(arena, refund->reason, REASON_LENGTH_MAX));
    json_put_text(body, "notify_url", refund->notify_url);
    json_put_integer(amount, "refund", refund->amount_fen);
    json_put_integer(amount, "total", refund->paid_fen);
    json_put_text(amount, "currency", "CNY");
    json_put(body, "amount", amount);
    return wechat_sign_request(wechat, "POST", PATH, body, now_us, arena, out);
}

enum err wechat_refund_query(const struct wechat *wechat, const char *out_refund_no, int64_t now_us,
                             struct arena *arena, struct wechat_request *out)
{
    ENSURE(wechat->private_key != NULL && payment_number_fits(out_refund_no), ERR_INTERNAL);
    return wechat_sign_request(wechat, "GET", arena_format(arena, PATH "/%s", out_refund_no), NULL, now_us, arena, out);
}

/* -- what is answered -----------------------------------------------------------------------------------------------
 */

static const struct {
    const char *word;
    enum wechat_refund_state state;
} states[] =
    {
        {"SUCCESS", WECHAT_REFUND_SUCCESS},
        {"PROCESSING", WECHAT_REFUND_PROCESSING},
        {"ABNORMAL", WECHAT_REFUND_PROCESSING},
        {"CLOSED", WECHAT_REFUND_CLOSED},
},
  errors[] = {
      {"RESOURCE_NOT_EXISTS", WECHAT_REFUND_NOT_FOUND},
      {"INVALID_REQUEST", WECHAT_REFUND_REFUSED},
      {"NOT_ENOUGH", WECHAT_REFUND_REFUSED},
      {"NO_AUTH", WECHAT_REFUND_REFUSED},
      {"PARAM_ERROR", WECHAT_REFUND_REFUSED},
      {"RULE_LIMIT", WECHAT_REFUND_REFUSED},
      {"USER_ACCOUNT_ABNORMAL", WECHAT_REFUND_REFUSED},
};

/* A code that is not in the table says nothing. */
static void read_error(struct bytes body, struct arena *arena, struct wechat_refund_answer *out)
{
    AUTO_JSON *document = NULL;
    const char *code = wechat_parse(body, NULL, &document) == OK ? json_member_text(document, "code") : NULL;
    *out = (struct wechat_refund_answer){WECHAT_REFUND_UNKNOWN, code == NULL ? "" : arena_text(arena, code), ""};
    for (size_t i = 0; code != NULL && i < ARRAY_SIZE(errors); i++)
        if (strcmp(errors[i].word, code) == 0)
            out->state = errors[i].state;
}

static enum err check_refund(const struct json *document, const struct wechat_refund *refund, struct fault *fault)
{
    const struct json *amount = json_member(document, "amount");
    const char *number = json_member_text(document, "out_refund_no");
    const char *transaction = json_member_text(document, "transaction_id");
    const char *currency = amount == NULL ? NULL : json_member_text(amount, "currency");
    int64_t refunded, total;
    if (number == NULL || strcmp(number, refund->out_refund_no) != 0)
        return wechat_mismatch(fault, "out_refund_no");
    if (transaction == NULL || strcmp(transaction, refund->transaction_id) != 0)
        return wechat_mismatch(fault, "transaction_id");
    if (amount == NULL || !json_member_integer(amount, "refund", &refunded) ||
        !json_member_integer(amount, "total", &total))
        return wechat_malformed(fault, "amount");
    if (refunded != refund->amount_fen || total != refund->paid_fen || currency == NULL || strcmp(currency, "CNY") != 0)
        return wechat_mismatch(fault, "amount");
    return OK;
}

enum err wechat_read_refund(int64_t status, struct bytes body, const struct wechat_refund *refund, struct arena *arena,
                            struct fault *fault, struct wechat_refund_answer *out)
{
    AUTO_JSON *document = NULL;
    if (status != HTTP_OK) {
        read_error(body, arena, out);
        return OK;
    }
    TRY(wechat_parse(body, fault, &document));
    TRY(check_refund(document, refund, fault));
    const char *word = json_member_text(document, "status"), *id = json_member_text(document, "refund_id");
    if (id == NULL || !wechat_is_number(id))
        return wechat_malformed(fault, "refund_id");
    for (size_t i = 0; word != NULL && i < ARRAY_SIZE(states); i++) {
        if (strcmp(states[i].word, word) == 0) {
            *out = (struct wechat_refund_answer){states[i].state, states[i].word, arena_text(arena, id)};
            return OK;
        }
    }
    return wechat_malformed(fault, "status");
}
