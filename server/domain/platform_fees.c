/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/platform_fees.h"

#include "base/clock.h"
#include "base/text.h"
#include "domain/money.h"
#include "domain/term.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define QUANTITY_MAX 1000
#define ITEMS_MAX    32 /* lines of an order */

/* -- as written -------------------------------------------------------------------------------------------------- */

struct platform_item_written {
    const char *name, *unit_price;
    int64_t quantity;
};

struct platform_term_written {
    int64_t months;
    struct platform_item_written *items;
    unsigned items_count;
};

const char *platform_check_yuan(const char *text)
{
    int64_t fen;
    return money_parse_yuan(text, &fen) && fen > 0 ? NULL : "is not an amount in yuan; like 200.00";
}

static const char *check_date(const char *text)
{
    char midnight[CLOCK_TEXT_SIZE];
    int64_t unix_us;
    snprintf(midnight, sizeof(midnight), "%s 00:00:00", text);
    bool valid = clock_parse_plain(midnight, &unix_us) && unix_us > 0;
    return valid ? NULL : "is not a date; like 2026-11-21";
}

static const struct yaml_field item_fields[] = {
    {.key = "name", .kind = YAML_TEXT, YAML_AT(struct platform_item_written, name), .max = 50},
    {.key = "unit_price",
     .kind = YAML_TEXT,
     YAML_AT(struct platform_item_written, unit_price),
     .check = platform_check_yuan},
    {.key = "quantity",
     .kind = YAML_INTEGER,
     YAML_AT(struct platform_item_written, quantity),
     .min = 1,
     .max = QUANTITY_MAX},
};
static const struct yaml_field term_fields[] = {
    {.key = "months",
     .kind = YAML_INTEGER,
     YAML_AT(struct platform_term_written, months),
     .min = 1,
     .max = TERM_MONTHS_MAX},
    {.key = "items",
     .kind = YAML_MAPPINGS,
     YAML_LIST_AT(struct platform_term_written, items, items_count),
     .max = ITEMS_MAX,
     YAML_FIELDS(struct platform_item_written, item_fields)},
};
const struct yaml_field platform_fees_fields[] = {
    {.key = "effective_from",
     .kind = YAML_TEXT,
     YAML_AT(struct platform_fees_written, effective_from),
     .check = check_date},
    {.key = "note", .kind = YAML_TEXT, YAML_AT(struct platform_fees_written, note), .optional = true, .max = 300},
    {.key = "terms",
     .kind = YAML_MAPPINGS,
     YAML_LIST_AT(struct platform_fees_written, terms, terms_count),
     YAML_FIELDS(struct platform_term_written, term_fields)},
};

/* -- as charged -------------------------------------------------------------------------------------------------- */

static int64_t take_items(struct arena *arena, const struct platform_term_written *written, struct platform_term *out)
{
    int64_t total = 0;
    out->items = arena_alloc(arena, written->items_count * sizeof(*out->items));
    out->items_count = written->items_count;
    for (unsigned i = 0; i < written->items_count; i++) {
        const struct platform_item_written *item = &written->items[i];
        int64_t price = 0;
        if (!money_parse_yuan(item->unit_price, &price)) /* the table's check has let it through */
            return -1;
        out->items[i] = (struct platform_fee_item){item->name, price, item->quantity};
        total += price * item->quantity;
    }
    return total;
}

static void take_term(struct yaml_file *file, struct arena *arena, const struct platform_fees_written *fees,
                      unsigned table, unsigned index, struct platform_term *out)
{
    const char *path = arena_format(arena, "fees[%u].terms[%u]", table + 1, index + 1);
    out->months = fees->terms[index].months;
    out->total_fen = take_items(arena, &fees->terms[index], out);
    if (out->total_fen <= 0 || out->total_fen > MONEY_MAX_FEN)
        yaml_fault(file, path, "costs too much; at most 1000000000.00 in all");
    for (unsigned before = 0; before < index; before++)
        if (fees->terms[before].months == out->months)
            yaml_fault(file, arena_format(arena, "%s.months", path), "%" PRId64 " is there twice; keep one",
                       out->months);
}

void platform_fees_take(struct yaml_file *file, struct arena *arena, const struct platform_fees_written *written,
                        unsigned count, struct platform *platform)
{
    platform->fees = arena_alloc(arena, count * sizeof(*platform->fees));
    platform->fees_count = count;
    for (unsigned table = 0; table < count; table++) {
        const struct platform_fees_written *from = &written[table];
        struct platform_fees *to = &platform->fees[table];
        to->effective_from = from->effective_from;
        to->note = from->note;
        to->terms = arena_alloc(arena, from->terms_count * sizeof(*to->terms));
        to->terms_count = from->terms_count;
        for (unsigned index = 0; index < from->terms_count; index++)
            take_term(file, arena, from, table, index, &to->terms[index]);
        if (table > 0 && strcmp(written[table - 1].effective_from, from->effective_from) >= 0)
            yaml_fault(file, arena_format(arena, "fees[%u].effective_from", table + 1),
                       "%s is not after %s before it; write the tables by date, the oldest first", from->effective_from,
                       written[table - 1].effective_from);
    }
}
