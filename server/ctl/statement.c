/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl statement accounts, statement links, statement import: our accounts at banks, and their statements from
 * files. */
#include "store/statement.h"

#include "base/clock.h"
#include "ctl/statement_file.h"
#include "domain/money.h"
#include "domain/platform.h"
#include "pki/digest.h"
#include "store/statement_link.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TAKE_MS     (60 * 60 * 1000) /* a million lines take a minute */
#define ACCOUNT_MIN 8
#define ACCOUNT_MAX 34

static const char *user_name(struct arena *arena)
{
    const struct passwd *user = getpwuid(getuid());
    return user != NULL ? arena_text(arena, user->pw_name) : arena_format(arena, "uid %u", (unsigned)getuid());
}

static enum ctl_exit failed(enum err err)
{
    if (err != ERR_SETTINGS_INVALID && err != ERR_STATEMENT_REFUSED) /* those have said more */
        fprintf(stderr, "%s，%s (%s; %s): %s\n", err_info(err)->zh, err_info(err)->fix_zh, err_info(err)->en,
                err_info(err)->fix_en, err_code(err));
    return CTL_FAILED;
}

static const char *yuan(struct arena *arena, int64_t fen)
{
    return fen < 0 ? arena_format(arena, "-%s", money_text_yuan(arena, -fen)) : money_text_yuan(arena, fen);
}

/* -- accounts ---------------------------------------------------------------------------------------------------- */

struct named {
    const char **banks, **numbers, **names;
    size_t count;
};

/* Of ours, but of no platform: where gateways pay out to, say. */
static void name_another(const struct ctl *ctl, struct named *named)
{
    if (ctl_option(ctl, "add") == NULL)
        return;
    named->banks[named->count] = ctl_option(ctl, "bank");
    named->numbers[named->count] = ctl_option(ctl, "add");
    named->names[named->count++] = ctl_option(ctl, "name");
}

static struct named named_accounts(const struct ctl *ctl, const struct platforms *platforms)
{
    struct arena *arena = ctl->arena;
    size_t room = 0;
    for (size_t i = 0; i < platforms_count(platforms); i++)
        room += platform_at(platforms, i)->bank_accounts_count;
    struct named named = {.banks = arena_alloc(arena, (room + 1) * sizeof(char *)),
                          .numbers = arena_alloc(arena, (room + 1) * sizeof(char *)),
                          .names = arena_alloc(arena, (room + 1) * sizeof(char *))};
    for (size_t i = 0; i < platforms_count(platforms); i++) {
        const struct platform *platform = platform_at(platforms, i);
        for (unsigned j = 0; j < platform->bank_accounts_count; j++) {
            named.banks[named.count] = platform->bank_accounts[j].bank;
            named.numbers[named.count] = platform->bank_accounts[j].number;
            named.names[named.count++] = platform->bank_accounts[j].holder;
        }
    }
    name_another(ctl, &named);
    return named;
}

static bool addition_fits(const struct ctl *ctl)
{
    const char *number = ctl_option(ctl, "add"), *bank = ctl_option(ctl, "bank"), *name = ctl_option(ctl, "name");
    if (number == NULL)
        return true;
    size_t length = strspn(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (number[length] != '\0' || length < ACCOUNT_MIN || length > ACCOUNT_MAX)
        fputs("--add 应为8至34位数字或大写字母的账号 (--add must be an account number of 8 to 34 digits or capital "
              "letters)\n",
              stderr);
    else if (bank == NULL || bank[0] == '\0' || name == NULL || name[0] == '\0')
        fputs("--add 需要 --bank 开户行 和 --name 户名 (--add needs --bank and --name)\n", stderr);
    else
        return true;
    return false;
}

static enum err read_added(const struct row *rows, struct arena *arena, void *into)
{
    return store_publish_accounts_read(rows, arena, into);
}

static enum err read_accounts(const struct row *rows, struct arena *arena, void *into)
{
    return store_list_accounts_read(rows, arena, into);
}

static void print_account(struct arena *arena, const struct collecting_account *account)
{
    printf("%s  %s  %s", account->account_no, account->account_name, account->bank);
    if (account->last_on[0] != '\0')
        printf("  对账单至 statements up to %s", account->last_on);
    if (account->balanced)
        printf("，余额 balance %s", yuan(arena, account->closing_fen));
    putchar('\n');
}

static enum err publish(const struct ctl *ctl, struct ctl_database *database, const struct platforms *platforms)
{
    struct named named = named_accounts(ctl, platforms);
    struct db *db = ctl_database_db(database);
    struct collecting_accounts accounts;
    int64_t added;
    TRY(ctl_database_wait(database,
                          store_publish_accounts(db, named.banks, named.numbers, named.names, named.count, CTL_CALL_MS,
                                                 ctl_database_done, database),
                          read_added, &added));
    TRY(ctl_database_wait(database, store_list_accounts(db, CTL_CALL_MS, ctl_database_done, database), read_accounts,
                          &accounts));
    printf("新增 added %" PRId64 "\n", added);
    for (size_t i = 0; i < accounts.count; i++)
        print_account(ctl->arena, &accounts.items[i]);
    return OK;
}

enum ctl_exit ctl_statement_accounts(const struct ctl *ctl)
{
    struct settings settings;
    struct platforms *platforms = NULL;
    struct ctl_database *database;
    unsigned faults = 0;
    if (!addition_fits(ctl))
        return CTL_USAGE;
    if (ctl_settings(ctl, &settings) != OK ||
        platforms_load(ctl->arena, &settings, sha256, ctl_print_fault, &faults, &platforms) != OK ||
        ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err err = publish(ctl, database, platforms);
    ctl_database_close(database);
    return err == OK ? CTL_FINE : failed(err);
}

/* -- links ----------------------------------------------------------------------------------------------------------
 */

static enum err read_links(const struct row *rows, struct arena *arena, void *into)
{
    return store_list_statement_links_read(rows, arena, into);
}

static void print_link(struct arena *arena, const struct statement_link *link)
{
    printf("%s  %s  ", link->account_no, link->bank);
    if (link->read_to[0] == '\0')
        printf("从未读完 never read to the end");
    else
        printf("读至 read to %s，于 at %s", link->read_to, clock_text(arena, link->success_at_us));
    if (link->balanced)
        printf("，余额 balance %s", yuan(arena, link->balance_fen));
    printf("，距今 %" PRId64 " s ago%s\n", link->lag.lag_s, link->lag.behind ? "，落后 BEHIND" : "");
    if (link->run_id != 0)
        printf("  run %" PRId64 " %s  %s 至 to %s，%" PRId64 " 笔 movements，失败 faults %" PRId64
               "，重来 restarts %" PRId64 "  %s\n",
               link->run_id, link->run_state, link->run_first, link->run_last, link->records, link->faults,
               link->restarts, link->word);
}

enum ctl_exit ctl_statement_links(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct statement_links links = {0};
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_list_statement_links(ctl_database_db(database), CTL_CALL_MS, ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_links, &links);
    for (size_t i = 0; i < links.count; i++)
        print_link(ctl->arena, &links.items[i]);
    if (err == OK && links.count == 0)
        puts("没有由银企直联读取的账户 no account is read through a bank's link");
    ctl_database_close(database);
    return err == OK ? CTL_FINE : failed(err);
}

/* -- import ------------------------------------------------------------------------------------------------------ */

static const char *day_text(struct arena *arena, int64_t day)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format_plain(day * CLOCK_DAY_US, text);
    return arena_text_n(arena, text, strlen("2026-11-21"));
}

static void print_found(struct arena *arena, const struct statement_file *file, const struct statement_taken *taken)
{
    const struct statement_summary *summary = &file->summary;
    printf("格式 form: %s，%s 至 to %s，%zu 笔 lines\n", summary->format, taken->first_on, taken->last_on,
           summary->lines);
    printf("收入 credits %s，支出 debits %s\n", yuan(arena, summary->credits_fen), yuan(arena, summary->debits_fen));
    if (summary->balanced)
        printf("期初余额 opening %s，期末余额 closing %s\n", yuan(arena, summary->opening_fen),
               yuan(arena, summary->closing_fen));
    else
        puts("文件没有完整的余额，无法核对期初与期末 (no balances in the file to check opening and closing)");
    printf("新增 new %" PRId64 "，已有 known %" PRId64 "\n", taken->lines_new, taken->lines_known);
    if (taken->lines_changed + taken->lines_missing + taken->lines_unexpected > 0)
        printf("注意 NOTE: 与已导入的不同 changed %" PRId64 "，已导入而文件中没有 missing %" PRId64
               "，暂不导入 held back %" PRId64 "；交由财务处理 (for finance)\n",
               taken->lines_changed, taken->lines_missing, taken->lines_unexpected);
}

/* What lies between this file and the one before it. */
static void print_gap(struct arena *arena, const struct statement_file *file, const struct statement_taken *taken)
{
    if (taken->previous_last_on[0] == '\0')
        return;
    printf("上一份对账单至 the one before ends on %s", taken->previous_last_on);
    bool comparable = taken->previous_balanced && file->summary.balanced;
    if (comparable && taken->previous_closing_fen == file->summary.opening_fen)
        printf("，余额衔接 its balance leads on\n");
    else if (comparable)
        printf("，注意 NOTE: 余额相差 its balance differs by %s，中间可能缺少流水 lines may be missing between them\n",
               yuan(arena, file->summary.opening_fen - taken->previous_closing_fen));
    else
        putchar('\n');
}

static enum err read_taken(const struct row *rows, struct arena *arena, void *into)
{
    return store_finish_statement_read(rows, arena, into);
}

static enum err take(const struct statement_file *file, bool apply, struct statement_taken *taken)
{
    struct arena *arena = file->ctl->arena;
    const struct statement_summary *summary = &file->summary;
    const struct statement_uploader uploader = {.by = file->by};
    const struct statement_upload upload = {
        .upload_id = file->upload_id,
        .apply = apply,
        .format = summary->format,
        .covered_from = summary->covers ? day_text(arena, summary->covered_from) : NULL,
        .covered_to = summary->covers ? day_text(arena, summary->covered_to) : NULL,
        .balanced = summary->balanced,
        .opening_fen = summary->opening_fen,
        .closing_fen = summary->closing_fen,
        .sha256 = file->sha256,
    };
    fprintf(stderr, "正在与数据库比较%s (%s)\n", apply ? "并写入" : "", apply ? "comparing and writing" : "comparing");
    return ctl_database_wait(file->database,
                             store_finish_statement(ctl_database_db(file->database), &uploader, &upload, TAKE_MS,
                                                    ctl_database_done, file->database),
                             read_taken, taken);
}

static void print_taken(struct arena *arena, const struct statement_file *file, const struct statement_taken *taken)
{
    print_found(arena, file, taken);
    print_gap(arena, file, taken);
}

/* Nothing is imported unasked. */
static bool agreed(const struct ctl *ctl)
{
    char answer[16] = "";
    if (ctl_option(ctl, "dry-run") != NULL) {
        puts("仅显示，没有导入 only shown, nothing was imported");
        return false;
    }
    if (!isatty(STDIN_FILENO)) {
        fputs("没有导入：不在终端上，核对以上内容后请加 --yes (nothing was imported: not on a terminal; look at the "
              "above and "
              "add --yes)\n",
              stderr);
        return false;
    }
    printf("确认导入？请输入 yes (import it? type yes): ");
    fflush(stdout);
    bool yes = fgets(answer, sizeof(answer), stdin) != NULL && strcmp(answer, "yes\n") == 0;
    if (!yes)
        puts("没有导入 nothing was imported");
    return yes;
}

static enum err read_discarded(const struct row *rows, struct arena *arena, void *into)
{
    (void)into;
    return store_discard_statement_read(rows, arena);
}

static enum err discard(const struct statement_file *file)
{
    return ctl_database_wait(file->database,
                             store_discard_statement(ctl_database_db(file->database), file->upload_id, CTL_CALL_MS,
                                                     ctl_database_done, file->database),
                             read_discarded, NULL);
}

static enum err import(struct statement_file *file)
{
    const struct ctl *ctl = file->ctl;
    struct statement_taken taken;
    bool ask = ctl_option(ctl, "yes") == NULL || ctl_option(ctl, "dry-run") != NULL;
    TRY(statement_file_send(file));
    if (ask) {
        TRY(take(file, false, &taken));
        print_taken(ctl->arena, file, &taken);
        if (!agreed(ctl)) {
            TRY(discard(file));
            return ctl_option(ctl, "dry-run") != NULL ? OK : ERR_SETTINGS_INVALID;
        }
    }
    TRY(take(file, true, &taken));
    if (!ask)
        print_taken(ctl->arena, file, &taken);
    if (strcmp(taken.outcome, "known") == 0)
        puts("known: 全部流水此前已导入 every line was imported before");
    else
        printf("imported: 已导入 import %" PRId64 "\n", taken.import_id);
    return OK;
}

enum ctl_exit ctl_statement_import(const struct ctl *ctl)
{
    struct settings settings;
    struct bank_formats formats;
    unsigned faults = 0;
    struct statement_file file = {.ctl = ctl,
                                  .formats = &formats,
                                  .path = ctl->operands[0],
                                  .account_no = ctl_option(ctl, "account"),
                                  .by = user_name(ctl->arena)};
    if (file.account_no == NULL) {
        fputs("需要 --account 账号 (--account NUMBER is needed)\n", stderr);
        return CTL_USAGE;
    }
    if (ctl_settings(ctl, &settings) != OK ||
        bank_formats_load(ctl->arena, &settings, ctl_print_fault, &faults, &formats) != OK ||
        ctl_database_open_several(ctl, &settings, STATEMENT_CONNECTIONS, &file.database) != OK)
        return CTL_FAILED;
    enum err err = import(&file);
    ctl_database_close(file.database);
    return err == OK ? CTL_FINE : failed(err);
}
