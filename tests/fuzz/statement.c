/* SPDX-License-Identifier: Apache-2.0 */
/* A bank's statement, CSV, camt.053 or MT940: what is taken is a line that may be booked, sums and balances agree, and
 * the same file comes out the same however it arrives. */
#include "fuzz.h"

#include "base/settings.h"
#include "statement/cell.h"
#include "statement/statement.h"

#include <string.h>

static struct arena *forms_arena;
static struct bank_formats formats;

void fuzz_start(void)
{
    struct settings settings = {.config_banks = XUQI_SOURCE "/config/banks"};
    forms_arena = arena_new();
    HOLDS(bank_formats_load(forms_arena, &settings, NULL, NULL, &formats) == OK);
}

struct source {
    struct bytes left;
    size_t piece;
};

static enum err fill(void *context, void *out, size_t room, size_t *size)
{
    struct source *source = context;
    *size = source->left.size < room ? source->left.size : room;
    if (*size > source->piece)
        *size = source->piece;
    if (*size > 0)
        memcpy(out, source->left.data, *size);
    source->left = (struct bytes){source->left.data + *size, source->left.size - *size};
    return OK;
}

static void count_fault(void *context, const struct statement_fault *fault)
{
    HOLDS(fault->rule[0] != '\0' && fault->zh[0] != '\0' && fault->en[0] != '\0');
    ++*(size_t *)context;
}

static void check_text(const char *text)
{
    HOLDS(utf8_valid(text, strlen(text)) && cell_clean(text));
}

static void check_lines(const struct statement_batch *batch, int64_t *sum)
{
    for (size_t i = 0; i < batch->count; i++) {
        HOLDS(batch->movements_fen[i] != 0 && batch->movements_fen[i] <= CELL_AMOUNT_MAX_FEN &&
              batch->movements_fen[i] >= -CELL_AMOUNT_MAX_FEN);
        HOLDS(batch->line_keys[i][0] != '\0' && strlen(batch->line_keys[i]) <= 320);
        HOLDS(batch->days[i] > 0 && batch->places[i] > 0);
        check_text(batch->payer_accounts[i]);
        check_text(batch->payer_names[i]);
        check_text(batch->payer_banks[i]);
        check_text(batch->bank_refs[i]);
        check_text(batch->reverses[i]);
        HOLDS(strcmp(batch->kinds[i], "ordinary") == 0 || strcmp(batch->kinds[i], "reversal") == 0 ||
              strcmp(batch->kinds[i], "returned") == 0);
        HOLDS(strcmp(batch->kinds[i], "returned") != 0 || batch->movements_fen[i] > 0);
        *sum += batch->movements_fen[i];
    }
}

/* Whether it is good; the summary then. */
static bool read_statement(struct arena *arena, struct bytes input, size_t piece, struct statement_summary *summary)
{
    struct source source = {input, piece};
    size_t faults = 0;
    int64_t sum = 0;
    struct statement *statement = statement_open(&(struct statement_options){.formats = &formats,
                                                                             .account_no = "7443900182600096874",
                                                                             .fill = fill,
                                                                             .fill_context = &source,
                                                                             .report = count_fault,
                                                                             .report_context = &faults});
    struct statement_batch batch = {.count = 1};
    enum err err = OK;
    while (err == OK && batch.count > 0) {
        err = statement_next(statement, arena, 7, &batch);
        if (err == OK)
            check_lines(&batch, &sum);
    }
    if (err == OK)
        err = statement_end(statement, summary);
    HOLDS(err == OK || err == ERR_STATEMENT_REFUSED);
    HOLDS((err == OK) == (faults == 0));
    HOLDS(err != OK || (summary->lines > 0 && summary->credits_fen - summary->debits_fen == sum));
    HOLDS(err != OK || !summary->balanced || summary->opening_fen + sum == summary->closing_fen);
    statement_close(statement);
    return err == OK;
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct statement_summary whole, pieces;
    bool good = read_statement(arena, input, SIZE_MAX, &whole);
    HOLDS(read_statement(arena, input, 5, &pieces) == good);
    if (good)
        HOLDS(whole.lines == pieces.lines && whole.credits_fen == pieces.credits_fen &&
              whole.debits_fen == pieces.debits_fen && strcmp(whole.format, pieces.format) == 0);
}
