/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/citic.h"

#include "base/file.h"
#include "base/gb18030.h"
#include "base/log.h"
#include "base/text.h"
#include "domain/identity.h"
#include "domain/money.h"

#include <inttypes.h>
#include <string.h>

#define PAGE_SIZE    20 /* DLTRNALL pageNumber: "page size", at most 20 */
#define ANSWER_MAX   (256 * 1024)
#define DIGITS       "0123456789"
#define REMARK_MAX   20  /* bytes of GBK that every bank shows */
#define ABSTRACT_MAX 102 /* of the field; what other banks show of it is less */
#define CODE_SIZE    6
#define CITIC_CNAPS  "302" /* the first three digits of CITIC's own branches */
#define ACCOUNT_MAX  32
#define NAME_MAX_GBK 122

struct citic {
    const char *url, *user_name, *account, *remark;
    int64_t timeout_ms;
};

/* A field of a message: its longest value in bytes of GBK. */
struct field {
    const char *tag, *value;
    size_t longest;
};

/* -- loading ------------------------------------------------------------------------------------------------------- */

static enum err refuse_setting(const char *why)
{
    log_error("settings", "%s", why);
    return ERR_SETTINGS_INVALID;
}

static enum err check_settings(const struct settings *settings, struct arena *arena)
{
    struct bytes remark;
    size_t length = strlen(settings->citic_account_no);
    if (settings->citic_url[0] == '\0' || settings->citic_user_file[0] == '\0')
        return refuse_setting("citic.url and citic.user_file must be set where bank.link is citic");
    if (length < 8 || length > 19 || strspn(settings->citic_account_no, DIGITS) != length)
        return refuse_setting("citic.account_no must be 8 to 19 digits");
    if (!gbk_encode(arena, settings->bank_remark, &remark) || remark.size + CODE_SIZE > REMARK_MAX)
        return refuse_setting("bank.remark must be at most 14 bytes in GBK: banks cut what is longer");
    return OK;
}

static enum err citic_load(const struct settings *settings, struct arena *arena, void **link, const char **account)
{
    struct bytes user;
    TRY(check_settings(settings, arena));
    TRY(file_read_secret(arena, settings_path(arena, settings, settings->citic_user_file), &user));
    struct citic *citic = ARENA_NEW(arena, struct citic);
    *citic = (struct citic){.url = settings->citic_url,
                            .user_name = arena_text_n(arena, (const char *)user.data, user.size),
                            .account = settings->citic_account_no,
                            .remark = settings->bank_remark,
                            .timeout_ms = settings->bank_call_ms};
    *link = citic;
    *account = citic->account;
    return OK;
}

/* -- messages ------------------------------------------------------------------------------------------------------ */

static const char *escaped(struct arena *arena, const char *text)
{
    static const char *const names[] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
    char *out = arena_alloc(arena, strlen(text) * strlen("&quot;") + 1), *at = out;
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < ARRAY_SIZE(names) && names[c] != NULL)
            at = stpcpy(at, names[c]);
        else
            *at++ = *text;
    }
    return out;
}

static bool fits(struct arena *arena, const struct field *field)
{
    struct bytes encoded;
    for (const char *at = field->value; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            return false;
    return gbk_encode(arena, field->value, &encoded) && encoded.size <= field->longest;
}

/* inside: elements of the message that are not fields, or "". */
static enum err build(const struct citic *citic, struct arena *arena, const struct field *fields, size_t count,
                      const char *inside, struct http_request *out)
{
    static const struct http_header headers[] = {{"Content-Type", "text/xml;charset=GBK"}};
    struct bytes body;
    const char *text = "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<stream>";
    for (size_t i = 0; i < count; i++) {
        ENSURE(fits(arena, &fields[i]), ERR_FIELDS_INVALID);
        text = arena_format(arena, "%s<%s>%s</%s>", text, fields[i].tag, escaped(arena, fields[i].value),
                            fields[i].tag);
    }
    ENSURE(gbk_encode(arena, arena_format(arena, "%s%s</stream>", text, inside), &body), ERR_FIELDS_INVALID);
    *out = (struct http_request){.method = "POST",
                                 .url = citic->url,
                                 .headers = headers,
                                 .header_count = ARRAY_SIZE(headers),
                                 .body = body,
                                 .timeout_ms = citic->timeout_ms,
                                 .answer_max = ANSWER_MAX};
    return OK;
}

/* DLOUTTRN (CITIC-1 §3): payType 03 is 小额, which is open day and night; 01 stays inside CITIC. */
static enum err citic_pay(const void *link, struct arena *arena, const struct bank_payment *payment,
                          struct http_request *out)
{
    const struct citic *citic = link;
    bool inside = strncmp(payment->payee_bank_code, CITIC_CNAPS, strlen(CITIC_CNAPS)) == 0;
    const struct field fields[] = {
        {"action", "DLOUTTRN", 8},
        {"userName", citic->user_name, 30},
        {"clientID", payment->client_id, 20},
        {"preFlg", "0", 1},
        {"preDate", "", 8},
        {"preTime", "", 6},
        {"payType", inside ? "01" : "03", 2},
        {"payAccountNo", citic->account, 19},
        {"recAccountNo", payment->payee_account, ACCOUNT_MAX},
        {"recAccountName", payment->payee_name, NAME_MAX_GBK},
        {"recOpenBankName", payment->payee_bank_name, NAME_MAX_GBK},
        {"recOpenBankCode", payment->payee_bank_code, 20},
        {"citicbankFlag", inside ? "0" : "1", 1},
        {"cityFlag", inside ? "" : "1", 1},
        {"tranAmount", money_text_yuan(arena, payment->amount_fen), 16},
        {"abstract",
         payment->remark != NULL ? payment->remark : arena_format(arena, "%s%s", payment->code, citic->remark),
         payment->remark != NULL ? ABSTRACT_MAX : REMARK_MAX},
        {"memo", "", 60},
    };
    return build(citic, arena, fields, ARRAY_SIZE(fields), "", out);
}

/* Our numbers are the same for no two kinds of payment, so that the type may be left out. */
static enum err citic_ask(const void *link, struct arena *arena, const char *client_id, struct http_request *out)
{
    const struct citic *citic = link;
    const struct field fields[] = {
        {"action", "DLCIDSTT", 8}, {"userName", citic->user_name, 30}, {"clientID", client_id, 20}, {"type", "", 8}};
    return build(citic, arena, fields, ARRAY_SIZE(fields), "", out);
}

static enum err citic_list(const void *link, struct arena *arena, const struct bank_page *page,
                           struct http_request *out)
{
    const struct citic *citic = link;
    const struct field fields[] = {
        {"action", "DLTRNALL", 8},
        {"userName", citic->user_name, 30},
        {"accountNo", citic->account, 19},
        {"lowAmount", "", 16},
        {"upAmount", "", 16},
        {"startDate", page->from, 8},
        {"endDate", page->to, 8},
        {"pageNumber", arena_format(arena, "%d", PAGE_SIZE), 2},
        {"startRecord", arena_format(arena, "%" PRId64, page->first), 10},
        {"controlFlag", "2", 1}, /* with reversals (1) and the original serial number (2) */
    };
    return build(citic, arena, fields, ARRAY_SIZE(fields), "", out);
}

static enum err citic_balance(const void *link, struct arena *arena, struct http_request *out)
{
    const struct citic *citic = link;
    const struct field fields[] = {{"action", "DLBALQRY", 8}, {"userName", citic->user_name, 30}};
    return build(
        citic, arena, fields, ARRAY_SIZE(fields),
        arena_format(arena, "<list name=\"userDataList\"><row><accountNo>%s</accountNo></row></list>", citic->account),
        out);
}

static enum err citic_read_balance(const void *link, struct arena *arena, const struct http_answer *answer,
                                   int64_t *balance_fen, const char **said)
{
    const struct citic *citic = link;
    return citic_find_balance(arena, answer, citic->account, balance_fen, said);
}

const struct bank_provider citic_provider = {
    .name = "citic",
    .page_size = PAGE_SIZE,
    .load = citic_load,
    .pay = citic_pay,
    .read_paying = citic_read_paying,
    .ask = citic_ask,
    .read_asking = citic_read_asking,
    .list = citic_list,
    .read_list = citic_read_list,
    .balance = citic_balance,
    .read_balance = citic_read_balance,
};
