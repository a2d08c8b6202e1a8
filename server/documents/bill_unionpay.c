/* SPDX-License-Identifier: Apache-2.0 */
/* UnionPay's file of a clearing day (《网关支付产品接口规范》, 对账文件): a zip of the rows (ZM, 607 bytes each, cut by
 * place and not by blanks), of disputes (ZME) and of a summary (RD) that the rows must add up to. As fetched the zip
 * comes in zlib. A clearing day ends at 23:00. */
#include "base/clock.h"
#include "documents/bill_internal.h"

#include <stdio.h>
#include <string.h>

#define ROW_SIZE       607
#define DISPUTE_SIZE   339
#define ZIP_SIZE_MAX   BILL_FILE_SIZE_MAX
#define RD_FIGURES     7
#define FIELD_SIZE_MAX 135

/* The lengths of the 42 fields, one blank between each; those that are used, by their number. */
static const unsigned char row_sizes[] = {3,  11, 11, 6,  10, 19, 12, 4,  2,  21, 2,  32, 2,  6,
                                          10, 13, 13, 4,  15, 2,  2,  6,  2,  4,  32, 1,  21, 15,
                                          1,  15, 32, 13, 13, 8,  32, 13, 13, 12, 2,  1,  32, 98};
static const unsigned char dispute_sizes[] = {3,  11, 11, 6,  10, 19, 12, 4, 2,  2, 6,
                                              10, 4,  12, 13, 13, 15, 15, 1, 12, 2, 135};
enum field {
    CODE = 1,
    AGENT = 2,
    SENDER = 3,
    TRACE = 4,
    TIME = 5,
    AMOUNT = 7,
    QUERY_ID = 10,
    ORDER_ID = 12,
    FEE = 16,
    SETTLED = 17,
    TYPE = 20,
    ORIGINAL = 27,
    MERCHANT = 28,
};

enum sum { SUM_FEE_OUT, SUM_FEE_BACK, SUM_NET };
enum stage { ROWS, DISPUTES };

/* -- fields -------------------------------------------------------------------------------------------------------- */

static enum err bad_value(struct bill *bill, const char *zh, const char *en)
{
    return bill_reject(bill, "value", arena_format(bill->row_arena, "%s无法识别", zh),
                       arena_format(bill->row_arena, "%s cannot be read", en));
}

/* Without the blanks around it; only ASCII is looked at. */
static const char *field(struct bill *bill, const char *line, const unsigned char *sizes, size_t number)
{
    char text[FIELD_SIZE_MAX + 1], *at = text;
    size_t place = 0;
    for (size_t i = 0; i + 1 < number; i++)
        place += (size_t)sizes[i] + 1;
    memcpy(text, line + place, sizes[number - 1]);
    text[sizes[number - 1]] = '\0';
    bill_trim(&at);
    return arena_text(bill->row_arena, at);
}

static bool read_digits(const char *text, size_t digits, int64_t *value)
{
    if (strlen(text) != digits || strspn(text, "0123456789") != digits)
        return false;
    *value = 0;
    for (; *text != '\0'; text++)
        *value = *value * 10 + (*text - '0');
    return true;
}

/* "D000000002861": C to the merchant, D from the merchant. */
static bool read_side(const char *text, int64_t *fen)
{
    if ((*text != 'C' && *text != 'D') || !read_digits(text + 1, 12, fen))
        return false;
    *fen = *text == 'D' ? -*fen : *fen;
    return true;
}

/* MMDDhhmmss without a year: that of the clearing day, or the one before it at New Year. */
static bool read_time(const struct bill *bill, const char *text, int64_t *at_us)
{
    int64_t digits;
    char plain[CLOCK_TEXT_SIZE];
    if (!read_digits(text, 10, &digits))
        return false;
    bool last_year = digits / 1000000 > bill->options.month * 100 + bill->options.day;
    snprintf(plain, sizeof(plain), "%04d-%.2s-%.2s %.2s:%.2s:%.2s", bill->options.year - last_year, text, text + 2,
             text + 4, text + 6, text + 8);
    return clock_parse_plain(plain, at_us);
}

/* -- the summary --------------------------------------------------------------------------------------------------- */

static bool find_member(const struct bill *bill, const char *begin, const char *inside, size_t *member)
{
    for (size_t i = 0; i < bill_zip_count(bill->zip); i++) {
        const char *name = bill_zip_name(bill->zip, i);
        if (strncmp(name, begin, strlen(begin)) == 0 && strstr(name, inside) != NULL) {
            *member = i;
            return true;
        }
    }
    return false;
}

static enum err open_member(struct bill *bill, size_t member)
{
    bill_text_free(bill->text);
    bill->text = bill_text_of_member(bill->zip, member);
    return bill->text != NULL ? OK : bill_reject_file(bill, BILL_RULE_UNPACK, "压缩文件损坏", "The zip is damaged");
}

struct figures {
    bool found;
    int64_t count, debit, credit, fee_debit, fee_credit, net_debit, net_credit;
};

static bool read_figures(const char *text, struct figures *out)
{
    char words[RD_FIGURES][24];
    int64_t *const into[] = {&out->debit,      &out->credit,    &out->fee_debit,
                             &out->fee_credit, &out->net_debit, &out->net_credit};
    if (sscanf(text, "%23s %23s %23s %23s %23s %23s %23s", words[0], words[1], words[2], words[3], words[4], words[5],
               words[6]) != RD_FIGURES ||
        !bill_read_count(words[0], &out->count))
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(into); i++)
        if (!bill_read_fen(words[i + 1], into[i]))
            return false;
    return true;
}

static enum err read_note(struct bill *bill, const char *line, struct figures *out)
{
    static const char total[] = "总计", day[] = "清算日期:", merchant[] = "商户代码:";
    const struct bill_options *options = &bill->options;
    const char *at = strstr(line, day);
    char expected[16];
    snprintf(expected, sizeof(expected), "%04d%02d%02d", options->year, options->month, options->day);
    if (at != NULL && strncmp(at + strlen(day), expected, 8) != 0)
        return bill_reject(bill, "day", "不是这一天的账单", "A bill of another day");
    at = strstr(line, merchant);
    if (at != NULL && options->merchant[0] != '\0' &&
        strncmp(at + strlen(merchant), options->merchant, strlen(options->merchant)) != 0)
        return bill_reject(bill, "merchant", "不是本商户的账单", "A bill of another merchant");
    if (out->found || strncmp(line, total, strlen(total)) != 0)
        return OK;
    out->found = true;
    return read_figures(line + strlen(total), out) ? OK : bad_value(bill, "汇总", "The summary");
}

static enum err read_summary(struct bill *bill, struct figures *out)
{
    size_t member, size;
    char *line;
    if (!find_member(bill, "RD", "", &member))
        return bill_reject_file(bill, "members", "压缩包内没有汇总文件（RD）", "The zip has no summary (RD)");
    TRY(open_member(bill, member));
    for (;;) {
        TRY(bill_line_next(bill, &line, &size));
        if (line == NULL)
            break;
        if (!bill_from_gbk(line, size, bill->utf8, sizeof(bill->utf8)))
            return bill_reject(bill, BILL_RULE_ENCODING, "不是GBK编码", "Not in GBK");
        TRY(read_note(bill, bill->utf8, out));
    }
    return out->found ? OK : bill_reject(bill, "cut_off", "汇总没有总计行", "The summary has no total");
}

static enum err hold_totals(struct bill *bill)
{
    struct figures told = {0};
    const struct bill_totals *totals = &bill->totals;
    TRY(read_summary(bill, &told));
    if ((size_t)told.count != totals->payments + totals->refunds || told.credit != totals->payments_fen ||
        told.debit != totals->refunds_fen || told.fee_debit != bill->sums[SUM_FEE_OUT] ||
        told.fee_credit != bill->sums[SUM_FEE_BACK] || told.net_credit - told.net_debit != bill->sums[SUM_NET])
        return bill_reject(bill, "totals", "明细与汇总不符", "The rows do not add up to the summary");
    return OK;
}

/* -- rows ---------------------------------------------------------------------------------------------------------- */

static enum err open_unionpay(struct bill *bill)
{
    const char *rule;
    struct bytes zip = bill->file;
    size_t member;
    if (zip.size >= 2 && memcmp(zip.data, "PK", 2) != 0 && !bill_unpack(zip, ZIP_SIZE_MAX, bill->arena, &zip))
        return bill_reject_file(bill, BILL_RULE_UNPACK, "既不是zip也不是zlib", "Neither zip nor zlib");
    bill->zip = bill_zip_open(zip, bill->arena, &rule);
    if (bill->zip == NULL)
        return bill_reject_file(bill, rule, "不是可用的zip压缩包", "Not a zip that can be used");
    if (!find_member(bill, "INN", "ZM_", &member))
        return bill_reject_file(bill, "members", "压缩包内没有明细文件（ZM）", "The zip has no rows (ZM)");
    return open_member(bill, member);
}

static enum err read_amounts(struct bill *bill, const char *line, struct bill_row *row)
{
    int64_t fee, settled;
    if (!read_digits(field(bill, line, row_sizes, AMOUNT), 12, &row->amount_fen))
        return bad_value(bill, "交易金额", "The amount");
    if (!read_side(field(bill, line, row_sizes, FEE), &fee))
        return bad_value(bill, "商户手续费", "The fee");
    if (!read_side(field(bill, line, row_sizes, SETTLED), &settled))
        return bad_value(bill, "结算金额", "The settled amount");
    row->fee_millifen = -fee * MILLIFEN;
    bill->sums[fee < 0 ? SUM_FEE_OUT : SUM_FEE_BACK] += fee < 0 ? -fee : fee;
    bill->sums[SUM_NET] += settled;
    return OK;
}

static enum err read_numbers(struct bill *bill, const char *line, struct bill_row *row)
{
    row->gateway_id = field(bill, line, row_sizes, QUERY_ID);
    const char *order = field(bill, line, row_sizes, ORDER_ID), *original = field(bill, line, row_sizes, ORIGINAL);
    if (!bill_is_number(row->gateway_id))
        return bad_value(bill, "查询流水号", "The query id");
    if (!bill_is_number(order))
        return bad_value(bill, "商户订单号", "The order's number");
    row->attempt_no = row->kind == BILL_REFUND ? "" : order;
    row->refund_no = row->kind == BILL_REFUND ? order : "";
    row->payment_txn = row->kind != BILL_REFUND ? row->gateway_id : bill_is_number(original) ? original : "";
    return OK;
}

/* What a row is, its type says; codes of trades differ by product. */
static enum err read_row(struct bill *bill, const char *line, struct bill_row *row)
{
    const char *type = field(bill, line, row_sizes, TYPE), *merchant = bill->options.merchant;
    row->kind = strcmp(type, "01") == 0                              ? BILL_PAYMENT
                : strcmp(type, "04") == 0 || strcmp(type, "31") == 0 ? BILL_REFUND
                                                                     : BILL_DISPUTE;
    row->status = type;
    if (*merchant != '\0' && strcmp(field(bill, line, row_sizes, MERCHANT), merchant) != 0)
        return bill_reject(bill, "merchant", "不是本商户的账单", "A bill of another merchant");
    if (!read_time(bill, field(bill, line, row_sizes, TIME), &row->at_us))
        return bad_value(bill, "交易传输时间", "The time");
    TRY(read_numbers(bill, line, row));
    return read_amounts(bill, line, row);
}

/* Only what names it is read: its further columns are nowhere described. The line is kept for the person. */
static enum err read_dispute(struct bill *bill, const char *line, size_t size, struct bill_row *row)
{
    if (size != DISPUTE_SIZE)
        return bill_reject(bill, "size", "差错明细应为339字节", "A dispute must have 339 bytes");
    if (!bill_from_gbk(line, size, bill->utf8, sizeof(bill->utf8)))
        return bill_reject(bill, BILL_RULE_ENCODING, "不是GBK编码", "Not in GBK");
    row->kind = BILL_DISPUTE;
    row->status = arena_text(bill->row_arena, bill->utf8);
    row->gateway_id = arena_format(bill->row_arena, "ZME-%s-%s-%s", field(bill, line, dispute_sizes, SENDER),
                                   field(bill, line, dispute_sizes, TRACE), field(bill, line, dispute_sizes, TIME));
    if (!bill_is_number(row->gateway_id) || !read_time(bill, field(bill, line, dispute_sizes, TIME), &row->at_us))
        return bad_value(bill, "差错明细", "A dispute");
    if (!read_digits(field(bill, line, dispute_sizes, AMOUNT), 12, &row->amount_fen))
        return bad_value(bill, "交易金额", "The amount");
    return OK;
}

/* The rows are over: their totals, then the disputes if there are any. */
static enum err rows_over(struct bill *bill, bool *more)
{
    size_t member;
    TRY(hold_totals(bill));
    *more = find_member(bill, "INN", "ZME_", &member);
    return *more ? open_member(bill, member) : OK;
}

static enum err next_unionpay(struct bill *bill, struct bill_row *row, bool *more)
{
    char *line;
    size_t size;
    *more = true;
    TRY(bill_line_next(bill, &line, &size));
    if (line == NULL && bill->stage == ROWS) {
        bill->stage = DISPUTES;
        TRY(rows_over(bill, more));
        if (*more)
            TRY(bill_line_next(bill, &line, &size));
    }
    *more = line != NULL;
    if (line == NULL)
        return OK;
    if (bill->stage == DISPUTES)
        return read_dispute(bill, line, size, row);
    if (size != ROW_SIZE)
        return bill_reject(bill, "size", "明细行应为607字节", "A row must have 607 bytes");
    return read_row(bill, line, row);
}

const struct bill_reader bill_unionpay = {"unionpay", open_unionpay, next_unionpay};
