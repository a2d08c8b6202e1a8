/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat Pay's trade bill (doc/v3/merchant/4013071230): UTF-8, each cell of a row behind a back-quote, commas of user
 * text written as "\ ", two lines of totals at the end. Plain or gzip; the caller holds its SHA-1 against the answer
 * that named it. */
#include "base/clock.h"
#include "base/text.h"
#include "documents/bill_internal.h"

#include <string.h>

enum column {
    AT,
    MERCHANT,
    TRANSACTION,
    ATTEMPT,
    STATE,
    FEE,
    AMOUNT,
    REFUND_ID,
    REFUND_NO,
    REFUND_AMOUNT,
    REFUND_STATE,
    CURRENCY,
    COLUMN_COUNT
};
#define REQUIRED 7 /* bills of payments alone have no columns for refunds */
static const char *const names[COLUMN_COUNT] = {
    [AT] = "交易时间",
    [MERCHANT] = "商户号",
    [TRANSACTION] = "微信订单号",
    [ATTEMPT] = "商户订单号",
    [STATE] = "交易状态",
    [FEE] = "手续费",
    [AMOUNT] = "订单金额",
    [CURRENCY] = "货币种类",
    [REFUND_ID] = "微信退款单号",
    [REFUND_NO] = "商户退款单号",
    [REFUND_AMOUNT] = "申请退款金额",
    [REFUND_STATE] = "退款状态",
};

enum total { TOTAL_COUNT, TOTAL_AMOUNT, TOTAL_REFUND, TOTAL_FEE, TOTALS };
static const char *const total_names[TOTALS] = {"总交易单数", "订单总金额", "申请退款总金额", "手续费总金额"};
enum sum { SUM_AMOUNT, SUM_REFUND, SUM_FEE }; /* as printed, in 1/1000 fen */

#define MARK      "\xef\xbb\xbf"
#define TOTALS_AT "总交易单数"

/* -- cells --------------------------------------------------------------------------------------------------------- */

static enum err too_many(struct bill *bill)
{
    return bill_reject(bill, "columns", "列数过多", "Too many columns");
}

static enum err split_heading(struct bill *bill, char *line)
{
    bill->cell_count = 0;
    for (char *at = line; at != NULL;) {
        if (bill->cell_count == BILL_CELLS_MAX)
            return too_many(bill);
        char *cell = strsep(&at, ",");
        cell += *cell == '`';
        bill_trim(&cell);
        bill->cells[bill->cell_count++] = cell;
    }
    return OK;
}

/* Cells are divided by ",`": a comma alone may be text. */
static enum err split_row(struct bill *bill, char *line)
{
    bill->cell_count = 0;
    for (char *at = line + 1; at != NULL;) {
        if (bill->cell_count == BILL_CELLS_MAX)
            return too_many(bill);
        char *cell = at, *end = strstr(at, ",`");
        at = end == NULL ? NULL : end + 2;
        if (end != NULL)
            *end = '\0';
        bill_trim(&cell);
        bill->cells[bill->cell_count++] = cell;
    }
    if (bill->cell_count == bill->column_count)
        return OK;
    return bill_reject(bill, "columns", "列数与表头不符", "Not as many columns as the heading");
}

static enum err next_line(struct bill *bill, char **line)
{
    size_t size;
    TRY(bill_line_next(bill, line, &size));
    if (*line != NULL && !utf8_valid(*line, size))
        return bill_reject(bill, BILL_RULE_ENCODING, "不是UTF-8编码", "Not in UTF-8");
    return OK;
}

static enum err cut_off(struct bill *bill)
{
    return bill_reject(bill, "cut_off", "缺少合计行，文件不完整", "The totals are missing: the file is cut off");
}

static enum err open_wechat(struct bill *bill)
{
    char *line;
    bill->text = bill_text_new(bill->file, bill->options.seen, bill->options.context);
    TRY(next_line(bill, &line));
    if (line == NULL)
        return cut_off(bill);
    line += strncmp(line, MARK, strlen(MARK)) == 0 ? strlen(MARK) : 0;
    TRY(split_heading(bill, line));
    if (!bill_find_columns(bill, names, COLUMN_COUNT, REQUIRED))
        return bill_reject(bill, "heading", "表头缺少交易账单的列", "The heading lacks a column of a trade bill");
    return OK;
}

/* -- a row --------------------------------------------------------------------------------------------------------- */

static enum err bad_value(struct bill *bill, const char *name)
{
    return bill_reject(bill, "value", arena_format(bill->row_arena, "%s无法识别", name),
                       arena_format(bill->row_arena, "%s cannot be read", name));
}

static enum err read_amounts(struct bill *bill, struct bill_row *row)
{
    int64_t amount, refund = 0;
    const char *refund_text = bill_cell(bill, REFUND_AMOUNT);
    if (!bill_read_yuan(bill_cell(bill, AMOUNT), &amount))
        return bad_value(bill, names[AMOUNT]);
    if (*refund_text != '\0' && !bill_read_yuan(refund_text, &refund))
        return bad_value(bill, names[REFUND_AMOUNT]);
    if (!bill_read_yuan(bill_cell(bill, FEE), &row->fee_millifen))
        return bad_value(bill, names[FEE]);
    int64_t counts = row->kind == BILL_REFUND ? refund : amount;
    if (counts < 0 || counts % MILLIFEN != 0)
        return bad_value(bill, row->kind == BILL_REFUND ? names[REFUND_AMOUNT] : names[AMOUNT]);
    row->amount_fen = counts / MILLIFEN;
    bill->sums[SUM_AMOUNT] += amount;
    bill->sums[SUM_REFUND] += refund;
    bill->sums[SUM_FEE] += row->fee_millifen;
    return OK;
}

static enum err read_numbers(struct bill *bill, struct bill_row *row)
{
    struct arena *arena = bill->row_arena;
    const char *transaction = bill_cell(bill, TRANSACTION), *attempt = bill_cell(bill, ATTEMPT);
    const char *refund_id = bill_cell(bill, REFUND_ID), *refund_no = bill_cell(bill, REFUND_NO);
    if (!bill_is_number(transaction))
        return bad_value(bill, names[TRANSACTION]);
    if (!bill_is_number(attempt))
        return bad_value(bill, names[ATTEMPT]);
    if (row->kind == BILL_REFUND && !bill_is_number(refund_id))
        return bad_value(bill, names[REFUND_ID]);
    if (row->kind == BILL_REFUND && !bill_is_number(refund_no))
        return bad_value(bill, names[REFUND_NO]);
    row->payment_txn = arena_text(arena, transaction);
    row->attempt_no = arena_text(arena, attempt);
    row->gateway_id = row->kind == BILL_REFUND ? arena_text(arena, refund_id) : row->payment_txn;
    row->refund_no = row->kind == BILL_REFUND ? arena_text(arena, refund_no) : "";
    return OK;
}

static enum err read_row(struct bill *bill, char *line, struct bill_row *row)
{
    TRY(split_row(bill, line));
    const char *state = bill_cell(bill, STATE), *currency = bill_cell(bill, CURRENCY);
    row->kind = strcmp(state, "SUCCESS") == 0  ? BILL_PAYMENT
                : strcmp(state, "REFUND") == 0 ? BILL_REFUND
                                               : BILL_DISPUTE;
    if (!clock_parse_plain(bill_cell(bill, AT), &row->at_us))
        return bad_value(bill, names[AT]);
    if (bill->options.merchant[0] != '\0' && strcmp(bill_cell(bill, MERCHANT), bill->options.merchant) != 0)
        return bill_reject(bill, "merchant", "不是本商户的账单", "A bill of another merchant");
    if (*currency != '\0' && strcmp(currency, "CNY") != 0)
        return bad_value(bill, names[CURRENCY]);
    row->status = arena_text(bill->row_arena, row->kind == BILL_REFUND ? bill_cell(bill, REFUND_STATE) : state);
    TRY(read_numbers(bill, row));
    return read_amounts(bill, row);
}

/* -- the totals ---------------------------------------------------------------------------------------------------- */

/* Fees are summed in five decimals, and the total may be printed with two. */
static bool agrees(int64_t printed, int64_t sum)
{
    return printed == sum || (printed % MILLIFEN == 0 && printed - sum > -MILLIFEN && printed - sum < MILLIFEN);
}

static enum err hold_totals(struct bill *bill)
{
    int64_t count, amount, refund = 0, fee;
    const char *refund_text = bill_cell(bill, TOTAL_REFUND);
    if (!bill_read_count(bill_cell(bill, TOTAL_COUNT), &count) ||
        !bill_read_yuan(bill_cell(bill, TOTAL_AMOUNT), &amount) || !bill_read_yuan(bill_cell(bill, TOTAL_FEE), &fee) ||
        (*refund_text != '\0' && !bill_read_yuan(refund_text, &refund)))
        return bad_value(bill, "合计");
    const struct bill_totals *totals = &bill->totals;
    if (((size_t)count != totals->rows && (size_t)count != totals->payments) || amount != bill->sums[SUM_AMOUNT] ||
        refund != bill->sums[SUM_REFUND] || !agrees(fee, bill->sums[SUM_FEE]))
        return bill_reject(bill, "totals", "明细与合计不符", "The rows do not add up to the totals");
    return OK;
}

static enum err read_totals(struct bill *bill, char *heading)
{
    char *line;
    TRY(split_heading(bill, heading));
    if (!bill_find_columns(bill, total_names, TOTALS, TOTALS))
        return bill_reject(bill, "heading", "合计的表头缺少列", "The heading of the totals lacks a column");
    TRY(next_line(bill, &line));
    if (line == NULL || *line != '`')
        return cut_off(bill);
    TRY(split_row(bill, line));
    TRY(hold_totals(bill));
    for (;;) {
        TRY(next_line(bill, &line));
        if (line == NULL)
            return OK;
        if (*line != '\0')
            return bill_reject(bill, "after_end", "合计之后还有内容", "Something follows the totals");
    }
}

static enum err next_wechat(struct bill *bill, struct bill_row *row, bool *more)
{
    char *line;
    *more = false;
    TRY(next_line(bill, &line));
    if (line == NULL)
        return cut_off(bill);
    if (strncmp(line, TOTALS_AT, strlen(TOTALS_AT)) == 0)
        return read_totals(bill, line);
    if (*line != '`')
        return bill_reject(bill, "row", "明细行应以`开头", "A row must begin with a back-quote");
    *more = true;
    return read_row(bill, line, row);
}

const struct bill_reader bill_wechat = {"wechat", open_wechat, next_wechat};
