/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl bank import: the list of bank branches from a file, whole or not at all. */
#include "store/bank.h"
#include "base/file.h"
#include "ctl/database.h"
#include "domain/bank_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FAULTS_SHOWN 20
#define IMPORT_MS    (10 * 60 * 1000)

static void report(void *context, size_t line, const char *fault)
{
    size_t *faults = context;
    if (fault == NULL)
        fprintf(stderr, "已读取 %zu 行 (rows read)\n", line);
    else if (++*faults <= FAULTS_SHOWN && line > 0)
        fprintf(stderr, "第 %zu 行 (line): %s\n", line, fault);
    else if (*faults <= FAULTS_SHOWN)
        fprintf(stderr, "%s\n", fault);
}

static enum err read_list(const struct ctl *ctl, struct bank_list *list)
{
    struct bytes file;
    size_t faults = 0;
    TRY(file_read(ctl->arena, ctl->operands[0], BANK_FILE_SIZE_MAX, &file));
    enum err err = bank_file_read(ctl->arena, file, report, &faults, list);
    if (err != OK)
        fprintf(stderr, "%zu 行有误，未导入任何数据 (%zu bad rows; nothing was imported)\n", faults, faults);
    return err;
}

static enum err read_counts(const struct row *rows, struct arena *arena, void *into)
{
    return store_import_banks_read(rows, arena, into);
}

static enum err import_list(const struct ctl *ctl, const struct bank_list *list, bool apply,
                            struct bank_imported *imported)
{
    struct settings settings;
    struct ctl_database *database;
    TRY(ctl_settings(ctl, &settings));
    TRY(ctl_database_open(ctl, &settings, &database));
    fprintf(stderr, "正在与数据库比较%s %zu 行 (%s)\n", apply ? "并写入" : "", list->count,
            apply ? "comparing and writing" : "comparing");
    const struct bank_import import = {list->codes,  list->names,    list->banks, list->provinces,
                                       list->cities, list->searches, list->count, apply};
    enum err err = ctl_database_wait(
        database, store_import_banks(ctl_database_db(database), &import, IMPORT_MS, ctl_database_done, database),
        read_counts, imported);
    ctl_database_close(database);
    if (err != OK)
        fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
    return err;
}

enum ctl_exit ctl_bank_import(const struct ctl *ctl)
{
    const char *dry_run = ctl_option(ctl, "dry-run");
    if (dry_run != NULL && strcmp(dry_run, "yes") != 0) {
        fputs("--dry-run 只能写 yes (--dry-run takes yes only)\n", stderr);
        return CTL_USAGE;
    }
    struct bank_list list;
    struct bank_imported imported;
    if (read_list(ctl, &list) != OK || import_list(ctl, &list, dry_run == NULL, &imported) != OK)
        return CTL_FAILED;
    printf("%s: 新增 added %" PRId64 ", 更改 changed %" PRId64 ", 删除 removed %" PRId64 ", 未变 unchanged %" PRId64
           ", 校验位不符 wrong check digit %zu\n",
           dry_run != NULL    ? "checked"
           : imported.applied ? "imported"
                              : "known",
           imported.added, imported.changed, imported.removed, imported.unchanged, list.doubtful);
    return CTL_FINE;
}
