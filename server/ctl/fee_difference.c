/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/fee_difference.h"

#include "base/clock.h"
#include "domain/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WIDTH_TERM    10
#define WIDTH_NAME    24
#define WIDTH_AMOUNT  24
#define NOTHING_SHOWN "—"

/* The rows of one fee table: they follow each other. */
struct day {
    const struct loaded_fee *rows;
    size_t count;
};

void fee_rows(struct arena *arena, const struct platform *platform, struct loaded_fees *out)
{
    size_t count = 0;
    for (unsigned i = 0; i < platform->fees_count; i++)
        for (unsigned t = 0; t < platform->fees[i].terms_count; t++)
            count += platform->fees[i].terms[t].items_count;
    struct loaded_fees rows = {.file_sha256 = platform->version,
                               .fees = arena_alloc(arena, count * sizeof(*rows.fees))};
    for (unsigned i = 0; i < platform->fees_count; i++)
        for (unsigned t = 0; t < platform->fees[i].terms_count; t++) {
            const struct platform_term *term = &platform->fees[i].terms[t];
            for (unsigned n = 0; n < term->items_count; n++)
                rows.fees[rows.count++] = (struct loaded_fee){
                    .effective_on = platform->fees[i].effective_from,
                    .months = term->months,
                    .item = {term->items[n].name, term->items[n].unit_price_fen, term->items[n].quantity}};
        }
    *out = rows;
}

static struct day day_of(const struct loaded_fees *fees, const char *effective_on)
{
    struct day day = {NULL, 0};
    for (size_t i = 0; i < fees->count; i++)
        if (strcmp(fees->fees[i].effective_on, effective_on) == 0) {
            if (day.count++ == 0)
                day.rows = &fees->fees[i];
        }
    return day;
}

/* The table that is replaced: the last one before. */
static struct day day_before(const struct loaded_fees *fees, const char *effective_on)
{
    const char *last = NULL;
    for (size_t i = 0; i < fees->count; i++)
        if (strcmp(fees->fees[i].effective_on, effective_on) < 0 &&
            (last == NULL || strcmp(fees->fees[i].effective_on, last) > 0))
            last = fees->fees[i].effective_on;
    return last == NULL ? (struct day){NULL, 0} : day_of(fees, last);
}

/* The item's place among those of its term. */
static size_t line_of(struct day day, size_t at)
{
    size_t line = 0;
    for (size_t i = 0; i < at; i++)
        line += day.rows[i].months == day.rows[at].months;
    return line;
}

static bool has_row(struct day day, const struct loaded_fee *row, size_t line)
{
    for (size_t i = 0; i < day.count; i++)
        if (day.rows[i].months == row->months && line_of(day, i) == line &&
            strcmp(day.rows[i].item.name, row->item.name) == 0 && day.rows[i].item.unit_fen == row->item.unit_fen &&
            day.rows[i].item.quantity == row->item.quantity)
            return true;
    return false;
}

/* Terms may stand in another order, a term's items may not. */
static bool same_day(struct day a, struct day b)
{
    if (a.count != b.count)
        return false;
    for (size_t i = 0; i < a.count; i++)
        if (!has_row(b, &a.rows[i], line_of(a, i)))
            return false;
    return true;
}

/* -- history ----------------------------------------------------------------------------------------------------- */

static bool first_of_day(const struct loaded_fees *fees, size_t at)
{
    return at == 0 || strcmp(fees->fees[at].effective_on, fees->fees[at - 1].effective_on) != 0;
}

static unsigned line_of_table(const struct platform *platform, const char *effective_on)
{
    char key[64] = "fees";
    for (unsigned i = 0; i < platform->fees_count; i++)
        if (strcmp(platform->fees[i].effective_from, effective_on) == 0)
            snprintf(key, sizeof(key), "fees[%u].effective_from", i + 1);
    return platform_line(platform, key);
}

static void refuse(const struct platform *platform, const char *effective_on, const char *zh, const char *en)
{
    fprintf(stderr, "%s:%u: fees: %s %s\n    %s %s\n", platform->path, line_of_table(platform, effective_on),
            effective_on, zh, effective_on, en);
}

static unsigned check_begun(const struct platform *platform, const struct loaded_fees *loaded,
                            const struct loaded_fees *wanted, bool *any)
{
    unsigned faults = 0;
    for (size_t i = 0; i < loaded->count; i++) {
        const struct loaded_fee *row = &loaded->fees[i];
        if (!row->begun || !first_of_day(loaded, i))
            continue;
        *any = true;
        struct day day = day_of(wanted, row->effective_on);
        if (same_day(day_of(loaded, row->effective_on), day))
            continue;
        faults++;
        refuse(platform, row->effective_on,
               day.count == 0 ? "起的收费标准已经生效，不能删除；请恢复这一段"
                              : "起的收费标准已经生效，不能更改；请恢复原样，另加一段明天或以后生效的新标准",
               day.count == 0 ? "is or was in force and may not vanish; put it back"
                              : "is or was in force and may not change; restore it and add a table that takes effect "
                                "tomorrow or later");
    }
    return faults;
}

unsigned fee_difference_decided(const struct platform *platform, const struct loaded_fees *loaded,
                                const struct loaded_fees *wanted)
{
    unsigned faults = 0;
    for (size_t i = 0; i < loaded->count; i++) {
        const struct loaded_fee *row = &loaded->fees[i];
        if (row->begun || !row->decided || !first_of_day(loaded, i) ||
            same_day(day_of(loaded, row->effective_on), day_of(wanted, row->effective_on)))
            continue;
        faults++;
        refuse(platform, row->effective_on,
               "起的收费标准由两位工作人员在管理台决定，文件中没有；请写入文件，或加 --take-back 取消",
               "was decided by two persons at the desk and is not in the file; write it there, or add --take-back");
    }
    return faults;
}

unsigned fee_difference_check(const struct platform *platform, const struct loaded_fees *loaded,
                              const struct loaded_fees *wanted, int64_t now_us)
{
    bool any_begun = false;
    unsigned faults = check_begun(platform, loaded, wanted, &any_begun);
    struct beijing now = beijing_from_us(now_us);
    char today[CLOCK_TEXT_SIZE];
    snprintf(today, sizeof(today), "%04d-%02d-%02d", now.year, now.month, now.day);
    for (size_t i = 0; any_begun && i < wanted->count; i++) {
        const char *day = wanted->fees[i].effective_on;
        if (!first_of_day(wanted, i) || strcmp(day, today) > 0 || day_of(loaded, day).count > 0)
            continue;
        faults++;
        refuse(platform, day, "起的新标准会改变已经收过的价格；生效日期最早为明天",
               "would change what was charged already; a new table takes effect tomorrow at the earliest");
    }
    return faults;
}

/* -- the table --------------------------------------------------------------------------------------------------- */

static void column(const char *text, unsigned width)
{
    unsigned used = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        if ((*c & 0xC0) != 0x80)
            used += *c >= 0xE1 && *c <= 0xEF && !(*c == 0xE2 && c[1] == 0x80) ? 2 : 1; /* U+1000…, but dashes */
    printf("%s%*s", text, (int)(used < width ? width - used : 1), "");
}

static const char *price_text(struct arena *arena, const struct loaded_fee *row)
{
    if (row == NULL)
        return NOTHING_SHOWN;
    return arena_format(arena, "%s×%" PRId64 "=%s", money_text_yuan(arena, row->item.unit_fen), row->item.quantity,
                        money_text_yuan(arena, row->item.unit_fen * row->item.quantity));
}

static const struct loaded_fee *row_named(struct day day, const struct loaded_fee *like)
{
    for (size_t i = 0; i < day.count; i++)
        if (day.rows[i].months == like->months && strcmp(day.rows[i].item.name, like->item.name) == 0)
            return &day.rows[i];
    return NULL;
}

static void print_row(struct arena *arena, const struct loaded_fee *like, const struct loaded_fee *old,
                      const struct loaded_fee *new)
{
    const char *from = price_text(arena, old), *to = price_text(arena, new);
    printf("    ");
    column(arena_format(arena, "%" PRId64 "个月", like->months), WIDTH_TERM);
    column(like->item.name, WIDTH_NAME);
    column(from, WIDTH_AMOUNT);
    printf("→ ");
    column(strcmp(from, to) == 0 ? "不变" : to, WIDTH_AMOUNT);
    putchar('\n');
}

static void print_day(struct arena *arena, const char *effective_on, const char *what, struct day old, struct day new)
{
    printf("  %s 起（北京时间0:00） %s\n    ", effective_on, what);
    column("期限", WIDTH_TERM);
    column("项目", WIDTH_NAME);
    column("原价（元）", WIDTH_AMOUNT);
    printf("→ 新价（元）\n");
    for (size_t i = 0; i < new.count; i++)
        print_row(arena, &new.rows[i], row_named(old, &new.rows[i]), &new.rows[i]);
    for (size_t i = 0; i < old.count; i++)
        if (row_named(new, &old.rows[i]) == NULL)
            print_row(arena, &old.rows[i], &old.rows[i], NULL);
}

static void print_notes(const struct platform *platform)
{
    for (unsigned i = 0; i < platform->fees_count; i++)
        if (platform->fees[i].note[0] != '\0')
            printf("  注意 NOTE（%s 起的标准）：%s\n", platform->fees[i].effective_from, platform->fees[i].note);
}

unsigned fee_difference_print(struct arena *arena, const struct platform *platform, const struct loaded_fees *loaded,
                              const struct loaded_fees *wanted)
{
    unsigned changes = 0;
    printf("%s  %s\n", platform->id, platform->name_zh);
    for (size_t i = 0; i < wanted->count; i++) {
        const char *on = wanted->fees[i].effective_on;
        struct day old = day_of(loaded, on), new = day_of(wanted, on);
        if (!first_of_day(wanted, i) || same_day(old, new))
            continue;
        changes++;
        print_day(arena, on, old.count > 0 ? "更改 changed" : "新增 added",
                  old.count > 0 ? old : day_before(wanted, on), new);
    }
    for (size_t i = 0; i < loaded->count; i++) {
        const char *on = loaded->fees[i].effective_on;
        if (!first_of_day(loaded, i) || day_of(wanted, on).count > 0)
            continue;
        changes++;
        print_day(arena, on, "取消 taken back", day_of(loaded, on), (struct day){NULL, 0});
    }
    if (changes == 0)
        printf("  收费标准没有变化 no difference\n");
    print_notes(platform);
    return changes;
}
