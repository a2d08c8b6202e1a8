/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl ledger …: the chart of accounts, whether the books are right, closing a month. */
#include "store/ledger.h"
#include "base/clock.h"
#include "base/text.h"
#include "ctl/database.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PLACES_TOLD 20               /* of one broken invariant */
#define LEDGER_MS   (10 * 60 * 1000) /* one part of the books, or closing a month */
#define MONTH_CHARS 7                /* YYYY-MM */

static enum ctl_exit failed(enum err err)
{
    fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
    return CTL_FAILED;
}

/* -- accounts --------------------------------------------------------------------------------------------------------
 */

static enum err read_accounts(const struct row *rows, struct arena *arena, void *into)
{
    return store_list_ledger_accounts_read(rows, arena, into);
}

static void print_account(const struct ledger_account *account)
{
    printf("%-18s  %-6s  %-12s  %-7s  %s %s\n    %s\n    %s\n", account->kind, account->normal_side, account->owner,
           account->guarded ? "guarded" : "", account->name_zh, account->name_en, account->meaning_zh,
           account->meaning_en);
}

enum ctl_exit ctl_ledger_accounts(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct ledger_accounts accounts = {0};
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_list_ledger_accounts(ctl_database_db(database), CTL_CALL_MS, ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_accounts, &accounts);
    for (size_t i = 0; i < accounts.count; i++)
        print_account(&accounts.items[i]);
    ctl_database_close(database);
    return err == OK ? CTL_FINE : failed(err);
}

/* -- verify ----------------------------------------------------------------------------------------------------------
 */

static enum err read_faults(const struct row *rows, struct arena *arena, void *into)
{
    return store_verify_ledger_read(rows, arena, into);
}

/* Each invariant once with how many places break it, then some of the places. */
static void print_faults(const struct ledger_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct ledger_fault *fault = &faults->items[i];
        if (i == 0 || strcmp(fault->invariant, faults->items[i - 1].invariant) != 0)
            printf("不符 broken: %s (%" PRId64 ")\n", fault->invariant, fault->found);
        printf("    %s\n", fault->detail);
    }
}

static enum err verify_part(struct ctl_database *database, const char *part, struct ledger_faults *faults)
{
    enum err started = store_verify_ledger(ctl_database_db(database), part, PLACES_TOLD, LEDGER_MS, ctl_database_done,
                                           database);
    return ctl_database_wait(database, started, read_faults, faults);
}

static enum err verify(struct ctl_database *database, size_t *broken)
{
    static const struct {
        const char *part, *zh;
    } parts[] = {{"accounts", "账户"},
                 {"postings", "凭证与分录"},
                 {"periods", "已结账月份"},
                 {"business", "业务单、订单与证书"}};
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        struct ledger_faults faults = {0};
        int64_t begun_us = clock_now_us();
        fprintf(stderr, "[%zu/%zu] %s %s … ", i + 1, ARRAY_SIZE(parts), parts[i].zh, parts[i].part);
        TRY(verify_part(database, parts[i].part, &faults));
        fprintf(stderr, "%.1f s\n", (double)(clock_now_us() - begun_us) / CLOCK_SECOND_US);
        print_faults(&faults);
        *broken += faults.count;
    }
    return OK;
}

enum ctl_exit ctl_ledger_verify(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    size_t broken = 0;
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err err = verify(database, &broken);
    ctl_database_close(database);
    if (err != OK)
        return failed(err);
    if (broken > 0)
        return CTL_FAILED;
    puts("账目正确 the books are right");
    return CTL_FINE;
}

/* -- close -----------------------------------------------------------------------------------------------------------
 */

static bool is_month(const char *text)
{
    if (strlen(text) != MONTH_CHARS || text[4] != '-')
        return false;
    for (size_t i = 0; i < MONTH_CHARS; i++)
        if (i != 4 && !isdigit((unsigned char)text[i]))
            return false;
    return strcmp(text + 5, "01") >= 0 && strcmp(text + 5, "12") <= 0 && strcmp(text, "2000-01") >= 0;
}

static enum err read_closing(const struct row *rows, struct arena *arena, void *into)
{
    return store_close_ledger_read(rows, arena, into);
}

static enum ctl_exit refused(const struct ledger_closing *closing)
{
    static const struct {
        const char *zh, *en;
    } why[] = {
        [LEDGER_PERIOD_RUNNING] = {"该月在北京时间尚未结束", "the month has not ended in Beijing"},
        [LEDGER_PERIOD_ORDER] = {"月份须依次结账，请先关闭", "months are closed in turn; close this one first"},
        [LEDGER_PERIOD_EMPTY] = {"还没有任何凭证", "there are no postings yet"},
        [LEDGER_FAULTY] = {"账目有误，详见 xuqictl ledger verify",
                           "the books have faults; xuqictl ledger verify lists them"},
        [LEDGER_UNEXPLAINED] = {"有未查明事项", "something is unexplained"},
    };
    fprintf(stderr, "没有结账：%s (not closed: %s)%s%s\n", why[closing->end].zh, why[closing->end].en,
            closing->detail[0] != '\0' ? ": " : "", closing->detail);
    return CTL_FAILED;
}

static enum ctl_exit print_closing(const struct ctl *ctl, const struct ledger_closing *closing)
{
    if (closing->end != LEDGER_CLOSED && closing->end != LEDGER_KNOWN)
        return refused(closing);
    printf("%s %s\n  凭证 postings %" PRId64 "\n  账户 accounts %" PRId64 "\n  SHA-256 %s\n", ctl->operands[0],
           closing->end == LEDGER_CLOSED ? "已结账 closed" : "此前已结账 was closed before", closing->postings,
           closing->accounts, hex_encode(ctl->arena, closing->sha256));
    return CTL_FINE;
}

enum ctl_exit ctl_ledger_close(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct ledger_closing closing;
    if (!is_month(ctl->operands[0])) {
        fprintf(stderr, "月份应写作 YYYY-MM，例如 2026-10 (a month is written YYYY-MM): %s\n", ctl->operands[0]);
        return CTL_USAGE;
    }
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_close_ledger(ctl_database_db(database), ctl->operands[0], ctl_user(ctl->arena), LEDGER_MS,
                                          ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_closing, &closing);
    ctl_database_close(database);
    return err == OK ? print_closing(ctl, &closing) : failed(err);
}
