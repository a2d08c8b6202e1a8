/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/statement/reading.h"

#include "base/compiler.h"
#include "base/gb18030.h"
#include "base/settings.h"

#include <inttypes.h>
#include <stdlib.h>

size_t reading_piece;

struct source {
    const char *text;
    size_t left;
};

static enum err fill(void *context, void *out, size_t room, size_t *size)
{
    struct source *source = context;
    *size = source->left < room ? source->left : room;
    if (reading_piece > 0 && *size > reading_piece)
        *size = reading_piece;
    memcpy(out, source->text, *size);
    source->text += *size;
    source->left -= *size;
    return OK;
}

struct faults {
    struct arena *arena;
    const char *all;
};

static void report(void *context, const struct statement_fault *fault)
{
    struct faults *faults = context;
    assert_true(fault->zh[0] != '\0' && fault->en[0] != '\0');
    faults->all = arena_format(faults->arena, "%s %zu:%s", faults->all, fault->line, fault->rule);
}

static const char *number(struct arena *arena, int64_t value)
{
    return value == STATEMENT_UNSAID ? "-" : arena_format(arena, "%" PRId64, value);
}

static const char *lines_text(struct arena *arena, const struct statement_batch *batch)
{
    const char *all = "";
    for (size_t i = 0; i < batch->count; i++)
        all = arena_format(arena, "%s%" PRId64 " %s %" PRId64 " %s %" PRId64 " %s|%s|%s|%s|%s|%s|%s%s;", all,
                           batch->places[i], batch->line_keys[i], batch->days[i], number(arena, batch->times_us[i]),
                           batch->movements_fen[i], number(arena, batch->balances_fen[i]), batch->payer_accounts[i],
                           batch->payer_names[i], batch->payer_banks[i], batch->remarks[i], batch->bank_refs[i],
                           batch->kinds[i], batch->reverses[i]);
    return all;
}

static const char *end_text(struct arena *arena, struct statement *statement, const struct faults *faults)
{
    struct statement_summary it;
    if (statement_end(statement, &it) != OK)
        return arena_format(arena, "!%s", faults->all);
    const char *covers = it.covers ? arena_format(arena, " %" PRId64 "..%" PRId64, it.covered_from, it.covered_to) : "";
    if (!it.balanced)
        return arena_format(arena, "= %s %zu%s", it.format, it.lines, covers);
    return arena_format(arena, "= %s %zu %" PRId64 ">%" PRId64 "%s", it.format, it.lines, it.opening_fen,
                        it.closing_fen, covers);
}

static const struct bank_formats *formats_of(struct arena *arena)
{
    struct bank_formats *formats = ARENA_NEW(arena, struct bank_formats);
    struct settings settings = {0};
    settings.config_banks = arena_format(arena, "%s/config/banks", getenv("XUQI_SOURCE"));
    assert_int_equal(bank_formats_load(arena, &settings, NULL, NULL, formats), OK);
    return formats;
}

const char *told(struct arena *arena, const void *text, size_t size)
{
    struct source source = {text, size};
    struct faults faults = {arena, ""};
    struct statement *statement = statement_open(&(struct statement_options){.formats = formats_of(arena),
                                                                             .account_no = OURS,
                                                                             .fill = fill,
                                                                             .fill_context = &source,
                                                                             .report = report,
                                                                             .report_context = &faults});
    const char *all = "";
    struct statement_batch batch = {.count = 1};
    while (batch.count > 0) {
        if (statement_next(statement, arena, 3, &batch) != OK)
            break;
        all = arena_format(arena, "%s%s", all, lines_text(arena, &batch));
    }
    all = arena_format(arena, "%s%s", all, end_text(arena, statement, &faults));
    statement_close(statement);
    return all;
}

const char *told_text(struct arena *arena, const char *text)
{
    return told(arena, text, strlen(text));
}

const char *ended(struct arena *arena, const char *text)
{
    const char *all = told_text(arena, text), *good = strrchr(all, '='), *bad = strrchr(all, '!');
    return good != NULL ? good : bad != NULL ? bad : all;
}

const char *in_gb(struct arena *arena, const char *text)
{
    struct bytes bytes;
    assert_true(gb18030_encode(arena, text, &bytes));
    return arena_text_n(arena, (const char *)bytes.data, bytes.size);
}
