/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/statement.h"

#include "base/mem.h"
#include "base/text.h"
#include "statement/internal.h"
#include "statement/text_lines.h"

#include <inttypes.h>
#include <string.h>

#define SPACES " \t\r\n"

struct statement *statement_open(const struct statement_options *options)
{
    struct statement *statement = mem_alloc(sizeof(*statement));
    statement->options = *options;
    statement->arena = arena_new();
    statement->format = "";
    statement->lines = text_lines_open(options->fill, options->fill_context);
    return statement;
}

void statement_close(struct statement *statement)
{
    if (statement == NULL)
        return;
    if (statement->reader != NULL)
        statement->reader->close(statement->state);
    text_lines_close(statement->lines);
    chain_free(&statement->chain);
    arena_free(statement->arena);
    mem_free(statement);
}

/* -- faults ------------------------------------------------------------------------------------------------------ */

void statement_reject(struct statement *statement, size_t line, const char *rule, const char *zh, const char *en)
{
    const struct statement_fault fault = {line, rule, zh, en};
    statement->faults++;
    statement->options.report(statement->options.report_context, &fault);
}

enum err statement_refuse(struct statement *statement, size_t line, const char *rule, const char *zh, const char *en)
{
    statement_reject(statement, line, rule, zh, en);
    return ERR_STATEMENT_REFUSED;
}

size_t statement_faults(const struct statement *statement)
{
    return statement->faults;
}

size_t statement_place(const struct statement *statement)
{
    return statement->place;
}

/* -- whose it is ------------------------------------------------------------------------------------------------- */

static bool is_padding(char c)
{
    return c == ' ' || c == '-';
}

/* From one end as far as both are seen; true when they agree up to a star or both end. */
static bool agrees(const char *written, const char *ours)
{
    for (;; written++, ours++) {
        while (is_padding(*written))
            written++;
        if (*written == '*')
            return true;
        if (*written != *ours)
            return false;
        if (*written == '\0')
            return true;
    }
}

static bool agrees_backwards(const char *written, const char *ours)
{
    size_t i = strlen(written), j = strlen(ours);
    for (; i > 0 && written[i - 1] != '*'; i--) {
        if (is_padding(written[i - 1]))
            continue;
        if (j == 0 || written[i - 1] != ours[--j])
            return false;
    }
    return true;
}

bool statement_is_ours(const struct statement *statement, const char *account)
{
    const char *ours = statement->options.account_no;
    return agrees(account, ours) && (strchr(account, '*') == NULL || agrees_backwards(account, ours));
}

/* -- what kind of file it is ------------------------------------------------------------------------------------- */

static bool begins(struct bytes bytes, const char *word)
{
    return bytes.size >= strlen(word) && memcmp(bytes.data, word, strlen(word)) == 0;
}

static enum err choose_reader(struct statement *statement)
{
    struct bytes head;
    TRY(text_lines_peek(statement->lines, &head));
    if (begins(head, "\xff\xfe") || begins(head, "\xfe\xff"))
        return statement_refuse(statement, 1, "encoding", "UTF-16编码，应另存为UTF-8或GB18030",
                                "This is UTF-16; save it as UTF-8 or GB 18030");
    while (head.size > 0 && *head.data != '\0' && strchr(SPACES, *head.data) != NULL)
        head = (struct bytes){head.data + 1, head.size - 1};
    if (head.size == 0)
        return statement_refuse(statement, 0, "empty", "文件是空的", "The file is empty");
    if (begins(head, "<"))
        return camt_open(statement);
    if (begins(head, "{1:") || begins(head, "{4:") || begins(head, ":20:"))
        return mt940_open(statement);
    return csv_open(statement);
}

/* -- lines ------------------------------------------------------------------------------------------------------- */

static void *column(struct arena *arena, size_t most, size_t size)
{
    return arena_alloc(arena, most * size);
}

static struct statement_batch batch_new(struct arena *arena, size_t most)
{
    return (struct statement_batch){
        .places = column(arena, most, sizeof(int64_t)),
        .line_keys = column(arena, most, sizeof(char *)),
        .days = column(arena, most, sizeof(int64_t)),
        .times_us = column(arena, most, sizeof(int64_t)),
        .movements_fen = column(arena, most, sizeof(int64_t)),
        .balances_fen = column(arena, most, sizeof(int64_t)),
        .payer_accounts = column(arena, most, sizeof(char *)),
        .payer_names = column(arena, most, sizeof(char *)),
        .payer_banks = column(arena, most, sizeof(char *)),
        .remarks = column(arena, most, sizeof(char *)),
        .bank_refs = column(arena, most, sizeof(char *)),
        .kinds = column(arena, most, sizeof(char *)),
        .reverses = column(arena, most, sizeof(char *)),
    };
}

static const char *number_or_dash(struct arena *arena, int64_t value)
{
    return value == STATEMENT_UNSAID ? "-" : arena_format(arena, "%" PRId64, value);
}

/* Without a number of the bank's: what a bank does not write differently the next time. Lines that are alike are
 * numbered by the database, which has them all. */
static const char *key_of(struct arena *arena, const struct statement_line *line)
{
    if (*line->key != '\0')
        return line->key;
    return arena_format(arena, "~%" PRId64 "|%s|%" PRId64 "|%s|%s", line->day, number_or_dash(arena, line->time_us),
                        line->movement_fen, number_or_dash(arena, line->balance_fen), line->payer_account);
}

static void add_line(struct arena *arena, struct statement_batch *batch, const struct statement_line *line)
{
    size_t i = batch->count++;
    batch->places[i] = (int64_t)line->place;
    batch->line_keys[i] = key_of(arena, line);
    batch->days[i] = line->day;
    batch->times_us[i] = line->time_us;
    batch->movements_fen[i] = line->movement_fen;
    batch->balances_fen[i] = line->balance_fen;
    batch->payer_accounts[i] = line->payer_account;
    batch->payer_names[i] = line->payer_name;
    batch->payer_banks[i] = line->payer_bank;
    batch->remarks[i] = line->remark;
    batch->bank_refs[i] = line->bank_ref;
    batch->kinds[i] = line->kind;
    batch->reverses[i] = line->reverses;
}

static void count_line(struct statement *statement, const struct statement_line *line)
{
    if (statement->count == 0 || line->day < statement->first_day)
        statement->first_day = line->day;
    if (statement->count == 0 || line->day > statement->last_day)
        statement->last_day = line->day;
    statement->count++;
    if (line->movement_fen > 0)
        statement->credits_fen += line->movement_fen;
    else
        statement->debits_fen -= line->movement_fen;
    if (!statement->declared)
        chain_add(&statement->chain, line->place, line->movement_fen, line->balance_fen);
}

static enum err take_line(struct statement *statement, struct arena *arena, struct statement_batch *batch)
{
    struct statement_line line;
    bool taken = false, more = false;
    TRY(statement->reader->next(statement, arena, &line, &taken, &more));
    statement->ended = !more;
    if (!taken)
        return OK;
    if (statement->count == STATEMENT_LINES_MAX)
        return statement_refuse(statement, line.place, "lines", "超过200万行，请按日期拆分",
                                "More than 2 million lines; split it by date");
    count_line(statement, &line);
    add_line(arena, batch, &line);
    return OK;
}

enum err statement_next(struct statement *statement, struct arena *arena, size_t most, struct statement_batch *out)
{
    if (statement->reader == NULL)
        TRY(choose_reader(statement));
    struct statement_batch batch = batch_new(arena, most);
    while (batch.count < most && !statement->ended)
        TRY(take_line(statement, arena, &batch));
    *out = batch;
    return OK;
}

/* -- the end ----------------------------------------------------------------------------------------------------- */

enum err statement_declare(struct statement *statement, size_t line, int64_t opening_fen, int64_t movements_fen,
                           int64_t closing_fen)
{
    if (opening_fen + movements_fen != closing_fen)
        return statement_refuse(statement, line, "balance", "期初余额加发生额不等于期末余额",
                                "Opening balance and movements do not lead to the closing balance");
    if (statement->declared && statement->closing_fen != opening_fen)
        return statement_refuse(statement, line, "balance", "期初余额与上一张对账单的期末余额不符",
                                "The opening balance is not the closing one of the statement before");
    if (!statement->declared)
        statement->opening_fen = opening_fen;
    statement->closing_fen = closing_fen;
    statement->declared = true;
    return OK;
}

/* In a file of single lines the days at both ends may be cut. */
static void cover(const struct statement *statement, struct statement_summary *out)
{
    int64_t margin = statement->complete ? 0 : 1;
    out->covered_from = statement->first_day + margin;
    out->covered_to = statement->last_day - margin;
    out->covers = out->balanced && out->covered_from <= out->covered_to;
}

enum err statement_end(struct statement *statement, struct statement_summary *out)
{
    struct statement_summary summary = {.format = statement->format,
                                        .lines = statement->count,
                                        .first_day = statement->first_day,
                                        .last_day = statement->last_day,
                                        .balanced = statement->declared,
                                        .opening_fen = statement->opening_fen,
                                        .closing_fen = statement->closing_fen,
                                        .credits_fen = statement->credits_fen,
                                        .debits_fen = statement->debits_fen};
    size_t broken = 0;
    ENSURE(statement->faults == 0, ERR_STATEMENT_REFUSED);
    if (statement->count == 0)
        return statement_refuse(statement, 0, "empty", "没有任何流水", "There are no lines");
    if (!statement->declared)
        summary.balanced = chain_check(&statement->chain, &summary.opening_fen, &summary.closing_fen, &broken);
    if (broken > 0)
        return statement_refuse(statement, broken, "balance", "余额与发生额不连续：文件可能被改动、筛选或缺行",
                                "The balances do not lead on: the file was edited or filtered, or lacks lines");
    cover(statement, &summary);
    *out = summary;
    return OK;
}
