/* SPDX-License-Identifier: Apache-2.0 */
/* What UnionPay says: notices posted to backUrl and frontUrl, answers to queryTrans. First the signature over the
 * values as they came, then whom it is for, and only then what it says. */
#include "base/clock.h"
#include "base/text.h"
#include "domain/money.h"
#include "remote/unionpay_key.h"

#include <stdio.h>
#include <string.h>

#define QUERY_ID_SIZE_MAX 40
#define AMOUNT_DIGITS_MAX 12
#define ACCOUNT_SIZE_MAX  40
#define CODE_SIZE_MAX     8
#define TRACE_TIME_SIZE   10 /* MMDDhhmmss */

static enum err malformed(struct fault *fault, struct arena *arena, const char *name)
{
    return fault_explain(fault, ERR_FORM_MALFORMED, arena_format(arena, "银联报文中的%s无法识别", name),
                         arena_format(arena, "The message's %s cannot be read", name));
}

/* "" where it is absent: an empty field is as good as none (5.1.0). */
static const char *value_of(const struct form_fields *fields, const char *name)
{
    const char *value = form_value(fields, name);
    return value != NULL ? value : "";
}

/* -- the parts of an answer ---------------------------------------------------------------------------------------- */

/* Where the pair that begins at raw ends: at the next & outside braces and brackets, which do not nest. */
static size_t pair_size(struct bytes raw)
{
    char closing = '\0';
    for (size_t i = 0; i < raw.size; i++) {
        char c = (char)raw.data[i];
        if (closing != '\0')
            closing = c == closing ? '\0' : closing;
        else if (c == '{' || c == '[')
            closing = c == '{' ? '}' : ']';
        else if (c == '&')
            return i;
    }
    return raw.size;
}

static enum err add_pair(struct bytes pair, struct arena *arena, struct form_fields *fields)
{
    const uint8_t *equals = pair.size > 0 ? memchr(pair.data, '=', pair.size) : NULL;
    ENSURE(equals != NULL && equals > pair.data && fields->count < FORM_COUNT_MAX, ERR_FORM_MALFORMED);
    ENSURE(memchr(pair.data, '\0', pair.size) == NULL, ERR_FORM_MALFORMED);
    size_t name_size = (size_t)(equals - pair.data);
    const char *name = arena_text_n(arena, (const char *)pair.data, name_size);
    ENSURE(form_value(fields, name) == NULL, ERR_FORM_MALFORMED);
    const char *value = arena_text_n(arena, (const char *)equals + 1, pair.size - name_size - 1);
    fields->items[fields->count++] = (struct form_field){name, value};
    return OK;
}

enum err unionpay_split(struct bytes raw, struct arena *arena, struct form_fields *out)
{
    return unionpay_split_file(raw, FORM_BYTES_MAX, arena, out);
}

enum err unionpay_split_file(struct bytes raw, size_t size_max, struct arena *arena, struct form_fields *out)
{
    ENSURE(raw.size > 0 && raw.size <= size_max && raw.data[raw.size - 1] != '&', ERR_FORM_MALFORMED);
    struct form_fields fields = {arena_alloc(arena, FORM_COUNT_MAX * sizeof(struct form_field)), 0};
    while (raw.size > 0) {
        size_t size = pair_size(raw), used = size + (size < raw.size);
        TRY(add_pair((struct bytes){raw.data, size}, arena, &fields));
        raw = (struct bytes){raw.data + used, raw.size - used};
    }
    *out = fields;
    return OK;
}

/* -- whom it is for ------------------------------------------------------------------------------------------------ */

static enum err expect(const struct form_fields *fields, const char *name, const char *expected, struct arena *arena,
                       struct fault *fault)
{
    if (strcmp(value_of(fields, name), expected) == 0)
        return OK;
    return fault_explain(fault, ERR_NOTICE_MISMATCH, arena_format(arena, "%s与本商户或本交易不符", name),
                         arena_format(arena, "%s is not this merchant's or this transaction's", name));
}

static enum err check_text(const struct form_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        ENSURE(utf8_valid(fields->items[i].value, strlen(fields->items[i].value)), ERR_FORM_MALFORMED);
    return OK;
}

static enum err check_identity(const struct unionpay *unionpay, const struct form_fields *fields, struct arena *arena,
                               struct fault *fault)
{
    TRY(check_text(fields));
    TRY(expect(fields, "encoding", UNIONPAY_ENCODING, arena, fault));
    return expect(fields, "merId", unionpay->merchant_id, arena, fault);
}

/* -- what it says -------------------------------------------------------------------------------------------------- */

static enum err read_amount(const struct form_fields *fields, struct arena *arena, struct fault *fault, int64_t *fen)
{
    const char *text = value_of(fields, "txnAmt");
    size_t size = strspn(text, "0123456789");
    int64_t amount = 0;
    if (size == 0 || text[size] != '\0' || size > AMOUNT_DIGITS_MAX)
        return malformed(fault, arena, "txnAmt");
    for (size_t i = 0; i < size; i++)
        amount = amount * 10 + (text[i] - '0');
    if (amount <= 0 || amount > MONEY_MAX_FEN)
        return malformed(fault, arena, "txnAmt");
    *fen = amount;
    return OK;
}

static enum err read_query_id(const struct form_fields *fields, struct arena *arena, struct fault *fault,
                              const char **out)
{
    const char *value = value_of(fields, "queryId");
    size_t size = strspn(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    if (size == 0 || value[size] != '\0' || size > QUERY_ID_SIZE_MAX)
        return malformed(fault, arena, "queryId");
    *out = value;
    return OK;
}

static enum err read_transaction(const struct form_fields *fields, struct arena *arena, struct fault *fault,
                                 const char **order_id, int64_t *txn_time_us)
{
    const char *number = value_of(fields, "orderId");
    int64_t time;
    if (!unionpay_order_id_fits(number))
        return malformed(fault, arena, "orderId");
    if (!unionpay_parse_time(value_of(fields, "txnTime"), &time))
        return malformed(fault, arena, "txnTime");
    *order_id = number;
    *txn_time_us = time;
    return OK;
}

/* For people who compare. Merchants may be sent whole numbers: those are not kept. */
static const char *masked_account(const struct form_fields *fields)
{
    const char *account = value_of(fields, "accNo");
    size_t size = strspn(account, "0123456789*");
    return account[size] == '\0' && size <= ACCOUNT_SIZE_MAX && strstr(account, "***") != NULL ? account : "";
}

static enum err read_code(const struct form_fields *fields, const char *name, struct arena *arena, struct fault *fault,
                          const char **out)
{
    const char *code = value_of(fields, name);
    size_t size = strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (size == 0 || code[size] != '\0' || size > CODE_SIZE_MAX)
        return malformed(fault, arena, name);
    *out = code;
    return OK;
}

/* MMDDhhmmss without a year: that of txnTime, or the next one after New Year. */
static int64_t paid_at(const struct form_fields *fields, int64_t txn_time_us)
{
    const char *text = value_of(fields, "traceTime");
    struct beijing began = beijing_from_us(txn_time_us);
    char whole[CLOCK_TEXT_SIZE];
    int64_t time;
    if (strlen(text) != TRACE_TIME_SIZE)
        return txn_time_us;
    int month = (text[0] - '0') * 10 + text[1] - '0', year = began.year + (month < began.month ? 1 : 0);
    snprintf(whole, sizeof(whole), "%04d%.10s", year % 10000, text);
    return unionpay_parse_time(whole, &time) ? time : txn_time_us;
}

/* -- notices ------------------------------------------------------------------------------------------------------- */

static enum err check_payment(const struct form_fields *fields, struct arena *arena, struct fault *fault)
{
    TRY(expect(fields, "txnType", "01", arena, fault));
    TRY(expect(fields, "txnSubType", "01", arena, fault));
    TRY(expect(fields, "currencyCode", UNIONPAY_CURRENCY, arena, fault));
    if (strcmp(value_of(fields, "bizType"), unionpay_product_code(UNIONPAY_B2B)) == 0)
        return OK;
    return expect(fields, "bizType", unionpay_product_code(UNIONPAY_B2C), arena, fault);
}

static enum err read_payment(const struct form_fields *fields, struct arena *arena, struct fault *fault,
                             struct unionpay_notice *notice)
{
    const char *code;
    TRY(check_payment(fields, arena, fault));
    TRY(read_code(fields, "respCode", arena, fault, &code));
    TRY(read_amount(fields, arena, fault, &notice->amount_fen));
    notice->kind = unionpay_code(code) == UNIONPAY_SUCCESS ? UNIONPAY_PAID : UNIONPAY_NOT_PAID;
    if (notice->kind == UNIONPAY_PAID)
        TRY(read_query_id(fields, arena, fault, &notice->query_id));
    return OK;
}

static bool tells_refund(const struct form_fields *fields)
{
    const char *type = value_of(fields, "txnType");
    return strcmp(type, "04") == 0 || strcmp(type, "31") == 0;
}

static enum err read_refund(const struct form_fields *fields, struct arena *arena, struct fault *fault,
                            struct unionpay_notice *notice)
{
    const char *code;
    TRY(read_code(fields, "respCode", arena, fault, &code));
    notice->kind = UNIONPAY_REFUND;
    notice->refunded = unionpay_code(code) == UNIONPAY_SUCCESS;
    return OK;
}

static enum err read_notice(const struct form_fields *fields, struct arena *arena, struct fault *fault,
                            struct unionpay_notice *notice)
{
    TRY(read_transaction(fields, arena, fault, &notice->order_id, &notice->txn_time_us));
    notice->account_masked = masked_account(fields);
    notice->query_id = "";
    return tells_refund(fields) ? read_refund(fields, arena, fault, notice)
                                : read_payment(fields, arena, fault, notice);
}

enum err unionpay_read_notice(const struct unionpay *unionpay, struct bytes raw_form, int64_t now_us,
                              struct arena *arena, struct fault *fault, struct unionpay_notice *out)
{
    struct form_fields fields;
    struct unionpay_notice notice = {0};
    TRY(form_parse(raw_form, arena, &fields));
    TRY(unionpay_verify(unionpay, &fields, now_us, arena, fault, &notice.key_id));
    TRY(check_identity(unionpay, &fields, arena, fault));
    TRY(read_notice(&fields, arena, fault, &notice));
    *out = notice;
    return OK;
}

/* -- answers ------------------------------------------------------------------------------------------------------- */

static enum err read_paid(const struct form_fields *fields, int64_t txn_time_us, struct arena *arena,
                          struct fault *fault, struct unionpay_answer *answer)
{
    TRY(expect(fields, "currencyCode", UNIONPAY_CURRENCY, arena, fault));
    TRY(read_query_id(fields, arena, fault, &answer->query_id));
    TRY(read_amount(fields, arena, fault, &answer->amount_fen));
    answer->paid_us = paid_at(fields, txn_time_us);
    answer->account_masked = masked_account(fields);
    return OK;
}

/* respCode says whether the question was answered, origRespCode what became of the transaction. */
static enum err read_outcome(const struct form_fields *fields, int64_t txn_time_us, struct arena *arena,
                             struct fault *fault, struct unionpay_answer *answer)
{
    TRY(read_code(fields, "respCode", arena, fault, &answer->code));
    answer->outcome = unionpay_code(answer->code);
    if (answer->outcome == UNIONPAY_REFUSED) /* the question was: says nothing about the transaction */
        answer->outcome = UNIONPAY_UNKNOWN;
    if (answer->outcome != UNIONPAY_SUCCESS)
        return OK;
    TRY(read_code(fields, "origRespCode", arena, fault, &answer->code));
    answer->outcome = unionpay_code(answer->code);
    /* Only the question itself can be our fault or find nothing. */
    if (answer->outcome == UNIONPAY_OUR_FAULT || answer->outcome == UNIONPAY_NOT_FOUND)
        answer->outcome = UNIONPAY_UNKNOWN;
    return answer->outcome == UNIONPAY_SUCCESS ? read_paid(fields, txn_time_us, arena, fault, answer) : OK;
}

/* The signature, and what it is about. */
static enum err open_answer(const struct unionpay *unionpay, const struct unionpay_transaction *transaction,
                            struct bytes raw, int64_t now_us, struct arena *arena, struct fault *fault,
                            struct form_fields *fields, const char **key_id)
{
    char txn_time[UNIONPAY_TIME_SIZE];
    unionpay_format_time(transaction->txn_time_us, txn_time);
    TRY(unionpay_split(raw, arena, fields));
    TRY(unionpay_verify(unionpay, fields, now_us, arena, fault, key_id));
    TRY(check_identity(unionpay, fields, arena, fault));
    TRY(expect(fields, "orderId", transaction->order_id, arena, fault));
    return expect(fields, "txnTime", txn_time, arena, fault);
}

enum err unionpay_read_answer(const struct unionpay *unionpay, const struct unionpay_transaction *transaction,
                              struct bytes raw, int64_t now_us, struct arena *arena, struct fault *fault,
                              struct unionpay_answer *out)
{
    struct form_fields fields;
    struct unionpay_answer answer = {.query_id = "", .account_masked = ""};
    TRY(open_answer(unionpay, transaction, raw, now_us, arena, fault, &fields, &answer.key_id));
    TRY(read_outcome(&fields, transaction->txn_time_us, arena, fault, &answer));
    *out = answer;
    return OK;
}

/* 34 to 36: the payment is not there, or not as named; 43 to 46: it has gone back already. */
static bool payment_unfit(const char *code)
{
    return (strcmp(code, "34") >= 0 && strcmp(code, "36") <= 0) || (strcmp(code, "43") >= 0 && strcmp(code, "46") <= 0);
}

enum err unionpay_read_taken(const struct unionpay *unionpay, const struct unionpay_transaction *transaction,
                             struct bytes raw, int64_t now_us, struct arena *arena, struct fault *fault,
                             struct unionpay_answer *out)
{
    struct form_fields fields;
    struct unionpay_answer answer = {.query_id = "", .account_masked = ""};
    TRY(open_answer(unionpay, transaction, raw, now_us, arena, fault, &fields, &answer.key_id));
    TRY(expect(&fields, "txnType", "04", arena, fault));
    TRY(read_code(&fields, "respCode", arena, fault, &answer.code));
    answer.outcome = strcmp(answer.code, "12") == 0 ? UNIONPAY_UNKNOWN : unionpay_code(answer.code);
    if (strlen(answer.code) == 2 && payment_unfit(answer.code))
        answer.outcome = UNIONPAY_REFUSED;
    *out = answer;
    return OK;
}
