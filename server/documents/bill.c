/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/bill.h"

#include "base/clock.h"
#include "base/mem.h"
#include "documents/bill_internal.h"

#include <stdio.h>
#include <string.h>

#define AMOUNT_DIGITS_MAX 13
#define DECIMALS          5

static const struct bill_reader *const readers[] = {&bill_alipay, &bill_unionpay, &bill_wechat};

static const struct bill_reader *find_reader(const char *rail)
{
    for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
        if (strcmp(readers[i]->rail, rail) == 0)
            return readers[i];
    return NULL;
}

bool bill_rail_known(const char *rail)
{
    return find_reader(rail) != NULL;
}

const char *bill_kind_text(enum bill_kind kind)
{
    static const char *const texts[] = {
        [BILL_PAYMENT] = "payment", [BILL_REFUND] = "refund", [BILL_DISPUTE] = "dispute"};
    return texts[kind];
}

bool bill_day_parse(const char *text, int *year, int *month, int *day)
{
    char noon[CLOCK_TEXT_SIZE];
    int64_t at;
    if (strlen(text) != strlen("2026-11-20"))
        return false;
    snprintf(noon, sizeof(noon), "%s 12:00:00", text);
    if (!clock_parse_plain(noon, &at))
        return false;
    struct beijing it = beijing_from_us(at);
    *year = it.year;
    *month = it.month;
    *day = it.day;
    return true;
}

/* -- a bill -------------------------------------------------------------------------------------------------------- */

enum err bill_open(const struct bill_options *options, struct bytes file, struct arena *arena, struct bill_fault *fault,
                   struct bill **out)
{
    struct bill *bill = mem_alloc(sizeof(*bill));
    bill->reader = find_reader(options->rail);
    bill->options = *options;
    bill->options.merchant = arena_text(arena, options->merchant);
    bill->file = file;
    bill->arena = arena;
    bill->row_arena = arena;
    bill->fault = fault;
    enum err err = OK;
    if (bill->reader == NULL)
        err = bill_reject_file(bill, "rail", "没有这个支付渠道", "There is no such gateway");
    else if (file.size == 0 || file.size > BILL_FILE_SIZE_MAX)
        err = bill_reject_file(bill, BILL_RULE_SIZE, "文件为空或超过128 MB", "The file is empty or larger than 128 MB");
    else
        err = bill->reader->open(bill);
    if (err == OK)
        *out = bill;
    else
        bill_close(bill);
    return err;
}

static void add_up(struct bill_totals *totals, const struct bill_row *row)
{
    totals->rows++;
    totals->payments += row->kind == BILL_PAYMENT;
    totals->refunds += row->kind == BILL_REFUND;
    totals->disputes += row->kind == BILL_DISPUTE;
    totals->payments_fen += row->kind == BILL_PAYMENT ? row->amount_fen : 0;
    totals->refunds_fen += row->kind == BILL_REFUND ? row->amount_fen : 0;
    totals->fee_millifen += row->kind == BILL_DISPUTE ? 0 : row->fee_millifen;
}

enum err bill_next(struct bill *bill, struct arena *arena, struct bill_fault *fault, struct bill_row *row, bool *more)
{
    struct bill_row read = {
        .gateway_id = "", .payment_txn = "", .attempt_no = "", .refund_no = "", .status = "", .kind = BILL_DISPUTE};
    bill->row_arena = arena;
    bill->fault = fault;
    TRY(bill->reader->next(bill, &read, more));
    if (*more) {
        read.line = bill_text_number(bill->text);
        *row = read;
        add_up(&bill->totals, &read);
    }
    return OK;
}

struct bill_totals bill_totals(const struct bill *bill)
{
    return bill->totals;
}

void bill_close(struct bill *bill)
{
    if (bill == NULL)
        return;
    bill_text_free(bill->text);
    bill_zip_close(bill->zip);
    mem_free(bill);
}

/* -- faults -------------------------------------------------------------------------------------------------------- */

static enum err refuse_at(struct bill *bill, size_t line, const char *rule, const char *zh, const char *en)
{
    *bill->fault = (struct bill_fault){.line = line, .rule = rule, .zh = zh, .en = en};
    return ERR_BILL_MALFORMED;
}

enum err bill_reject(struct bill *bill, const char *rule, const char *zh, const char *en)
{
    return refuse_at(bill, bill->text == NULL ? 0 : bill_text_number(bill->text), rule, zh, en);
}

enum err bill_reject_file(struct bill *bill, const char *rule, const char *zh, const char *en)
{
    return refuse_at(bill, 0, rule, zh, en);
}

enum err bill_line_next(struct bill *bill, char **line, size_t *size)
{
    const char *rule = NULL;
    switch (bill_text_line(bill->text, line, size, &rule)) {
    case BILL_LINE:
        return OK;
    case BILL_END:
        *line = NULL;
        return OK;
    case BILL_BROKEN:
        break;
    }
    if (strcmp(rule, BILL_RULE_SIZE) == 0)
        return bill_reject(bill, rule, "解压后超过允许的大小", "It unpacks to more than a bill may hold");
    if (strcmp(rule, BILL_RULE_LINE) == 0)
        return bill_reject(bill, rule, "一行超过16384字节", "A line is longer than 16384 bytes");
    return bill_reject(bill, rule, "压缩文件损坏或不完整", "What is packed is damaged or cut off");
}

/* -- cells --------------------------------------------------------------------------------------------------------- */

void bill_trim(char **text)
{
    while (**text == ' ' || **text == '\t')
        ++*text;
    size_t size = strlen(*text);
    while (size > 0 && strchr(" \t\r", (*text)[size - 1]) != NULL)
        (*text)[--size] = '\0';
}

static bool heading_is(const char *cell, const char *name)
{
    static const char *const ends[] = {"", "（元）", "(元)"};
    size_t size = strlen(name);
    if (strncmp(cell, name, size) != 0)
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
        if (strcmp(cell + size, ends[i]) == 0)
            return true;
    return false;
}

bool bill_find_columns(struct bill *bill, const char *const *names, size_t count, size_t required)
{
    for (size_t wanted = 0; wanted < count; wanted++) {
        bill->columns[wanted] = -1;
        for (size_t i = 0; i < bill->cell_count; i++) {
            if (!heading_is(bill->cells[i], names[wanted]))
                continue;
            if (bill->columns[wanted] != -1)
                return false;
            bill->columns[wanted] = (int)i;
        }
        if (bill->columns[wanted] == -1 && wanted < required)
            return false;
    }
    bill->column_count = bill->cell_count;
    return true;
}

const char *bill_cell(const struct bill *bill, size_t wanted)
{
    return bill->columns[wanted] == -1 ? "" : bill->cells[bill->columns[wanted]];
}

/* -- values -------------------------------------------------------------------------------------------------------- */

bool bill_read_yuan(const char *text, int64_t *millifen)
{
    bool negative = *text == '-';
    text += negative;
    size_t whole = strspn(text, "0123456789");
    if (whole == 0 || whole > AMOUNT_DIGITS_MAX)
        return false;
    int64_t value = 0;
    size_t decimals = 0;
    for (size_t i = 0; i < whole; i++)
        value = value * 10 + (text[i] - '0');
    text += whole;
    if (*text == '.') {
        decimals = strspn(++text, "0123456789");
        if (decimals == 0 || decimals > DECIMALS)
            return false;
    }
    for (size_t i = 0; i < DECIMALS; i++)
        value = value * 10 + (i < decimals ? text[i] - '0' : 0);
    if (text[decimals] != '\0')
        return false;
    *millifen = negative ? -value : value;
    return true;
}

bool bill_read_fen(const char *text, int64_t *fen)
{
    int64_t millifen;
    if (!bill_read_yuan(text, &millifen) || millifen % MILLIFEN != 0)
        return false;
    *fen = millifen / MILLIFEN;
    return true;
}

bool bill_read_count(const char *text, int64_t *count)
{
    size_t size = strspn(text, "0123456789");
    if (size == 0 || size > 9 || text[size] != '\0')
        return false;
    *count = 0;
    for (; *text != '\0'; text++)
        *count = *count * 10 + (*text - '0');
    return true;
}

bool bill_is_number(const char *text)
{
    size_t size = 0;
    for (; text[size] != '\0'; size++)
        if (text[size] <= ' ' || text[size] > '~')
            return false;
    return size > 0 && size <= BILL_NUMBER_MAX;
}
