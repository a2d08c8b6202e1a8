/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl reconcile import, run and show: a bill fetched by hand, a day once more, and how a day stands. */
#include "base/file.h"
#include "ctl/database.h"
#include "documents/bill.h"
#include "jobs/bill_load.h"
#include "store/difference.h"

#include <inttypes.h>
#include <stdio.h>

#define MATCH_MS (10 * 60 * 1000)

static void say(enum err err)
{
    fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
}

static bool rail_and_day_fit(const char *rail, const char *day)
{
    int year, month, date;
    if (rail != NULL && !bill_rail_known(rail)) {
        fputs("RAIL 应为 alipay、unionpay 或 wechat (RAIL is one of these)\n", stderr);
        return false;
    }
    if (bill_day_parse(day, &year, &month, &date))
        return true;
    fputs("DAY 应为日期，如 2026-11-20 (DAY is a date)\n", stderr);
    return false;
}

static void print_counts(const struct match_counts *counts)
{
    printf("支付 payments %" PRId64 ", 平账 even %" PRId64 ", 差异 differences %" PRId64 ", 待后续账单 waiting %" PRId64
           ", 未解释 unexplained %" PRId64 "\n",
           counts->payments, counts->even, counts->raised, counts->waiting, counts->opened);
}

/* -- import -------------------------------------------------------------------------------------------------------- */

struct importing {
    struct ctl_database *database;
    struct bill_loaded loaded;
};

static void imported(void *context, enum err err, const struct bill_loaded *loaded)
{
    struct importing *importing = context;
    importing->loaded = *loaded;
    ctl_database_done(importing->database, err, NULL);
}

static enum err import_bill(const struct ctl *ctl, const struct settings *settings, struct bytes file,
                            struct importing *importing)
{
    TRY(ctl_database_open(ctl, settings, &importing->database));
    const struct bill_loading loading = {.loop = ctl_database_loop(importing->database),
                                         .db = ctl_database_db(importing->database),
                                         .settings = settings,
                                         .rail = ctl->operands[0],
                                         .day = ctl->operands[1],
                                         .file = file,
                                         .source = "command",
                                         .actor = "admin",
                                         .sha1 = "",
                                         .merchant = bill_merchant(settings, ctl->operands[0])};
    enum err err = ctl_database_wait(importing->database, bill_load(&loading, ctl->arena, imported, importing), NULL,
                                     NULL);
    ctl_database_close(importing->database);
    if (err != OK)
        say(err);
    if (err == ERR_BILL_MALFORMED)
        fprintf(stderr, "%s\n", importing->loaded.fault == NULL ? "" : importing->loaded.fault);
    return err;
}

enum ctl_exit ctl_reconcile_import(const struct ctl *ctl)
{
    struct settings settings;
    struct bytes file;
    struct importing importing = {0};
    if (!rail_and_day_fit(ctl->operands[0], ctl->operands[1]))
        return CTL_USAGE;
    if (ctl_settings(ctl, &settings) != OK ||
        file_read(ctl->arena, ctl->operands[2], BILL_FILE_SIZE_MAX, &file) != OK ||
        import_bill(ctl, &settings, file, &importing) != OK)
        return CTL_FAILED;
    const struct bill_loaded *loaded = &importing.loaded;
    printf("%s: 明细 rows %" PRId64 ", 新增 added %" PRId64 ", 与以前不同 changed %" PRId64 "\n",
           loaded->known ? "known" : "loaded", loaded->rows, loaded->added, loaded->changed);
    print_counts(&loaded->counts);
    return CTL_FINE;
}

/* -- run ----------------------------------------------------------------------------------------------------------- */

static enum err read_counts(const struct row *rows, struct arena *arena, void *into)
{
    return store_run_match_read(rows, arena, into);
}

enum ctl_exit ctl_reconcile_run(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct match_counts counts;
    const char *rail = ctl->operands[0], *day = ctl->operands[1];
    if (!rail_and_day_fit(rail, day))
        return CTL_USAGE;
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_run_match(ctl_database_db(database), rail, day, bill_fee_rate(&settings, rail), MATCH_MS,
                                       ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_counts, &counts);
    ctl_database_close(database);
    if (err == OK)
        print_counts(&counts);
    else
        say(err);
    return err == OK ? CTL_FINE : CTL_FAILED;
}

/* -- show ---------------------------------------------------------------------------------------------------------- */

static enum err read_days(const struct row *rows, struct arena *arena, void *into)
{
    return store_show_match_read(rows, arena, into);
}

static void print_day(const struct match_day *day)
{
    printf("%s: 账单 bill %s\n", day->rail, day->state);
    printf("  我方 ours     支付 payments %" PRId64 ", %" PRId64 " fen\n", day->payments, day->payments_fen);
    printf("  网关 gateway  支付 payments %" PRId64 ", %" PRId64 " fen; 退款 refunds %" PRId64 ", %" PRId64
           " fen; 手续费 fee %" PRId64 " fen\n",
           day->their_payments, day->their_payments_fen, day->their_refunds, day->their_refunds_fen, day->fee_fen);
    printf("  到账 bank     %" PRId64 " fen\n", day->arrived_fen);
    printf("  平账 even %" PRId64 "; 差异 differences: %s\n", day->even,
           day->differences[0] == '\0' ? "无 none" : day->differences);
    if (day->fault[0] != '\0')
        printf("  最近的文件被拒绝 the last file was refused: %s\n", day->fault);
}

enum ctl_exit ctl_reconcile_show(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct match_days days = {0};
    if (!rail_and_day_fit(NULL, ctl->operands[0]))
        return CTL_USAGE;
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_show_match(ctl_database_db(database), ctl->operands[0], MATCH_MS, ctl_database_done,
                                        database);
    enum err err = ctl_database_wait(database, started, read_days, &days);
    for (size_t i = 0; i < days.count; i++)
        print_day(&days.items[i]);
    if (err != OK)
        say(err);
    else if (days.count == 0)
        puts("这一天没有任何交易或账单 nothing was traded or billed on this day");
    ctl_database_close(database);
    return err == OK ? CTL_FINE : CTL_FAILED;
}

/* -- explain ------------------------------------------------------------------------------------------------------- */

static enum err read_clearing(const struct row *rows, struct arena *arena, void *into)
{
    return store_explain_clearing_read(rows, arena, into);
}

static void print_clearing(const struct clearing_day *it)
{
    printf("%-10s  记账 booked %" PRId64 ", 账单 statement %" PRId64 ", 差异 differences %" PRId64
           ", 到账 arrived %" PRId64 ", 余 remaining %" PRId64 ": %s, 未解释 unexplained %" PRId64 "\n",
           it->day[0] == '\0' ? "合计 total" : it->day, it->booked_fen, it->statement_fen, it->differences_fen,
           it->arrived_fen, it->remaining_fen, it->why, it->unexplained_fen);
}

enum ctl_exit ctl_reconcile_explain(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct clearing_days days = {0};
    if (!rail_and_day_fit(ctl->operands[0], "2000-01-01"))
        return CTL_USAGE;
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_explain_clearing(ctl_database_db(database), (struct bytes){0}, ctl->operands[0], MATCH_MS,
                                              ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_clearing, &days);
    for (size_t i = 0; i < days.count; i++)
        print_clearing(&days.items[i]);
    if (err != OK)
        say(err);
    ctl_database_close(database);
    bool explained = err == OK && days.count > 0 && days.items[days.count - 1].unexplained_fen == 0;
    return explained ? CTL_FINE : CTL_FAILED;
}
