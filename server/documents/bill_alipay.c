/* SPDX-License-Identifier: Apache-2.0 */
/* Alipay's bill of a day (alipay.data.dataservice.bill.downloadurl.query, bill_type trade): a zip of two GBK files, the
 * rows and their summary. Notes begin with #; the last of them tell how many rows there are and what they add up to. */
#include "base/clock.h"
#include "documents/bill_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { TRADE, ATTEMPT, TYPE, DONE, AMOUNT, RECEIVED, REFUND_NO, FEE, COLUMN_COUNT };
static const char *const names[COLUMN_COUNT] = {
    [TRADE] = "支付宝交易号",
    [ATTEMPT] = "商户订单号",
    [TYPE] = "业务类型",
    [DONE] = "完成时间",
    [AMOUNT] = "订单金额",
    [RECEIVED] = "商家实收",
    [REFUND_NO] = "退款批次号/请求号",
    [FEE] = "服务费",
};

enum total { PAID_COUNT, REFUND_COUNT, TOTAL_FEE, TOTALS };
static const char *const total_names[TOTALS] = {"交易订单总笔数", "退款订单总笔数", "服务费"};
enum sum { SUM_PAID, SUM_REFUNDED }; /* 商家实收, without its sign */

#define DETAIL_END  "业务明细.csv"
#define SUMMARY_END "业务明细(汇总).csv"
#define ROWS_END    "业务明细列表结束"

/* -- lines --------------------------------------------------------------------------------------------------------- */

static enum err next_line(struct bill *bill, char **line)
{
    size_t size;
    TRY(bill_line_next(bill, line, &size));
    if (*line == NULL)
        return OK;
    if (!bill_from_gbk(*line, size, bill->utf8, sizeof(bill->utf8)) || strlen(bill->utf8) < size / 2)
        return bill_reject(bill, BILL_RULE_ENCODING, "不是GBK编码", "Not in GBK");
    *line = bill->utf8;
    return OK;
}

/* A cell in quotes (RFC 4180), written into its own place; NULL: its end is missing. */
static char *unquote(char *cell, char **rest)
{
    char *to = cell, *at = cell + 1;
    for (; *at != '\0'; at++) {
        if (*at == '"' && at[1] != '"')
            break;
        at += *at == '"';
        *to++ = *at;
    }
    if (*at != '"')
        return NULL;
    at++;
    at += strspn(at, "\t ");
    if (*at != '\0' && *at != ',')
        return NULL;
    *rest = *at == ',' ? at + 1 : NULL;
    *to = '\0';
    return cell;
}

static enum err split(struct bill *bill, char *line)
{
    bill->cell_count = 0;
    for (char *at = line; at != NULL;) {
        char *cell = at;
        if (bill->cell_count == BILL_CELLS_MAX)
            return bill_reject(bill, "columns", "列数过多", "Too many columns");
        if (*at == '"')
            cell = unquote(cell, &at);
        else
            strsep(&at, ",");
        if (cell == NULL)
            return bill_reject(bill, "quote", "引号不成对", "A quote is missing");
        bill_trim(&cell);
        bill->cells[bill->cell_count++] = cell;
    }
    return OK;
}

static enum err cut_off(struct bill *bill)
{
    return bill_reject(bill, "cut_off", "缺少列表结束行或合计行，文件不完整",
                       "The end of the list or its totals are missing: the file is cut off");
}

/* -- opening ------------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static enum err open_member(struct bill *bill, const char *end)
{
    for (size_t i = 0; i < bill_zip_count(bill->zip); i++) {
        if (!ends_with(bill_zip_name(bill->zip, i), end))
            continue;
        bill_text_free(bill->text);
        bill->text = bill_text_of_member(bill->zip, i);
        return bill->text != NULL ? OK : bill_reject_file(bill, BILL_RULE_UNPACK, "压缩文件损坏", "The zip is damaged");
    }
    return bill_reject_file(bill, "members", "压缩包内没有业务明细和汇总", "The zip lacks the rows or their summary");
}

/* "#起始日期：[2026年11月20日 00:00:00]…": the first of them must be the day. */
static enum err check_note(struct bill *bill, const char *line)
{
    const char *account = strstr(line, "账号：["), *from = strstr(line, "起始日期：[");
    const struct bill_options *options = &bill->options;
    char day[64];
    snprintf(day, sizeof(day), "起始日期：[%04d年%02d月%02d日", options->year, options->month, options->day);
    if (from != NULL && strncmp(from, day, strlen(day)) != 0)
        return bill_reject(bill, "day", "不是这一天的账单", "A bill of another day");
    if (account != NULL && options->merchant[0] != '\0' && strstr(account, options->merchant) == NULL)
        return bill_reject(bill, "merchant", "不是本商户的账单", "A bill of another merchant");
    return OK;
}

/* Notes, then the heading. */
static enum err read_head(struct bill *bill, const char *const *wanted, size_t count, size_t required)
{
    char *line;
    do {
        TRY(next_line(bill, &line));
        if (line == NULL)
            return cut_off(bill);
        TRY(check_note(bill, line));
    } while (*line == '#' || *line == '\0');
    TRY(split(bill, line));
    if (!bill_find_columns(bill, wanted, count, required))
        return bill_reject(bill, "heading", "表头缺少业务明细的列", "The heading lacks a column");
    return OK;
}

static enum err open_alipay(struct bill *bill)
{
    const char *rule;
    bill->zip = bill_zip_open(bill->file, bill->arena, &rule);
    if (bill->zip == NULL)
        return bill_reject_file(bill, rule, "不是可用的zip压缩包", "Not a zip that can be used");
    TRY(open_member(bill, DETAIL_END));
    return read_head(bill, names, COLUMN_COUNT, COLUMN_COUNT);
}

/* -- a row --------------------------------------------------------------------------------------------------------- */

static enum err bad_value(struct bill *bill, const char *name)
{
    return bill_reject(bill, "value", arena_format(bill->row_arena, "%s无法识别", name),
                       arena_format(bill->row_arena, "%s cannot be read", name));
}

static int64_t positive(int64_t value)
{
    return value < 0 ? -value : value;
}

/* A refund's amounts are negative in most bills and positive in some; so are fees. What a row is, its type says. */
static enum err read_amounts(struct bill *bill, struct bill_row *row)
{
    int64_t amount, received, fee;
    if (!bill_read_fen(bill_cell(bill, AMOUNT), &amount))
        return bad_value(bill, names[AMOUNT]);
    if (!bill_read_fen(bill_cell(bill, RECEIVED), &received))
        return bad_value(bill, names[RECEIVED]);
    if (!bill_read_yuan(bill_cell(bill, FEE), &fee))
        return bad_value(bill, names[FEE]);
    row->amount_fen = positive(amount);
    row->fee_millifen = row->kind == BILL_REFUND ? -positive(fee) : positive(fee);
    if (row->kind == BILL_PAYMENT)
        bill->sums[SUM_PAID] += positive(received);
    else if (row->kind == BILL_REFUND)
        bill->sums[SUM_REFUNDED] += positive(received);
    return OK;
}

static enum err read_numbers(struct bill *bill, struct bill_row *row)
{
    struct arena *arena = bill->row_arena;
    const char *trade = bill_cell(bill, TRADE), *attempt = bill_cell(bill, ATTEMPT), *no = bill_cell(bill, REFUND_NO);
    if (!bill_is_number(trade))
        return bad_value(bill, names[TRADE]);
    if (!bill_is_number(attempt))
        return bad_value(bill, names[ATTEMPT]);
    if (row->kind == BILL_REFUND && !bill_is_number(no))
        return bad_value(bill, names[REFUND_NO]);
    row->payment_txn = arena_text(arena, trade);
    row->attempt_no = arena_text(arena, attempt);
    row->refund_no = row->kind == BILL_REFUND ? arena_text(arena, no) : "";
    /* A payment may be refunded in parts, all under its own number. */
    row->gateway_id = row->kind == BILL_REFUND ? arena_format(arena, "%s/%s", trade, no) : row->payment_txn;
    return OK;
}

static enum err read_row(struct bill *bill, char *line, struct bill_row *row)
{
    TRY(split(bill, line));
    if (bill->cell_count != bill->column_count)
        return bill_reject(bill, "columns", "列数与表头不符", "Not as many columns as the heading");
    const char *type = bill_cell(bill, TYPE);
    row->kind = strcmp(type, "交易") == 0 ? BILL_PAYMENT : strcmp(type, "退款") == 0 ? BILL_REFUND : BILL_DISPUTE;
    row->status = arena_text(bill->row_arena, type);
    if (!clock_parse_plain(bill_cell(bill, DONE), &row->at_us))
        return bad_value(bill, names[DONE]);
    TRY(read_numbers(bill, row));
    return read_amounts(bill, row);
}

/* -- the totals ---------------------------------------------------------------------------------------------------- */

static enum err not_the_sum(struct bill *bill)
{
    return bill_reject(bill, "totals", "明细与合计不符", "The rows do not add up to the totals");
}

/* "#交易合计：10笔，商家实收共8880.00元，…" */
static enum err hold_note(struct bill *bill, const char *line, const char *word, size_t count, int64_t sum_fen,
                          bool *found)
{
    const char *at = strstr(line, word);
    char *end;
    int64_t fen;
    if (at == NULL)
        return OK;
    *found = true;
    if (strtoull(at + strlen(word), &end, 10) != count || strncmp(end, "笔", strlen("笔")) != 0)
        return not_the_sum(bill);
    const char *sum = strstr(at, "共");
    if (sum == NULL)
        return OK;
    sum += strlen("共");
    const char *amount = arena_text_n(bill->row_arena, sum, strspn(sum, "-0123456789."));
    return bill_read_fen(amount, &fen) && positive(fen) == sum_fen ? OK : not_the_sum(bill);
}

static enum err read_end(struct bill *bill, const char *line)
{
    bool ended = false, told = false, refunds_told = false;
    for (char *at = (char *)(uintptr_t)line; at != NULL;) {
        if (*at != '#' && *at != '\0')
            return bill_reject(bill, "after_end", "列表结束之后还有明细", "Rows follow the end of the list");
        ended = ended || strstr(at, ROWS_END) != NULL;
        TRY(hold_note(bill, at, "#交易合计：", bill->totals.payments, bill->sums[SUM_PAID], &told));
        TRY(hold_note(bill, at, "#退款合计：", bill->totals.refunds, bill->sums[SUM_REFUNDED], &refunds_told));
        TRY(next_line(bill, &at));
    }
    return ended && told ? OK : cut_off(bill);
}

/* The row of the summary that sums all shops up is its last. */
static enum err read_summary(struct bill *bill)
{
    char *line;
    int64_t paid = 0, refunded = 0, fee = 0;
    TRY(open_member(bill, SUMMARY_END));
    TRY(read_head(bill, total_names, TOTALS, TOTALS));
    for (;;) {
        TRY(next_line(bill, &line));
        if (line == NULL || *line == '#')
            break;
        if (*line == '\0')
            continue;
        TRY(split(bill, line));
        if (bill->cell_count != bill->column_count || !bill_read_count(bill_cell(bill, PAID_COUNT), &paid) ||
            !bill_read_count(bill_cell(bill, REFUND_COUNT), &refunded) ||
            !bill_read_yuan(bill_cell(bill, TOTAL_FEE), &fee))
            return bad_value(bill, "汇总");
    }
    const struct bill_totals *totals = &bill->totals;
    if ((size_t)paid != totals->payments || (size_t)refunded != totals->refunds ||
        positive(fee) != positive(totals->fee_millifen))
        return not_the_sum(bill);
    return OK;
}

static enum err next_alipay(struct bill *bill, struct bill_row *row, bool *more)
{
    char *line;
    *more = false;
    TRY(next_line(bill, &line));
    if (line == NULL)
        return cut_off(bill);
    if (*line == '#') {
        TRY(read_end(bill, line));
        return read_summary(bill);
    }
    *more = true;
    return read_row(bill, line, row);
}

const struct bill_reader bill_alipay = {"alipay", open_alipay, next_alipay};
