/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl calendar import: a year's holidays and shifted working days from a file, whole or not at all. */
#include "store/calendar.h"
#include "base/file.h"
#include "base/text.h"
#include "ctl/database.h"
#include "domain/calendar_file.h"
#include "pki/digest.h"

#include <inttypes.h>
#include <stdio.h>

static void report(void *context, size_t line, const char *fault)
{
    const char *path = context;
    if (line > 0)
        fprintf(stderr, "%s 第 %zu 行 (line): %s\n", path, line, fault);
    else
        fprintf(stderr, "%s: %s\n", path, fault);
}

static enum err read_counts(const struct row *rows, struct arena *arena, void *into)
{
    return store_import_calendar_read(rows, arena, into);
}

static enum err import_list(const struct ctl *ctl, const struct calendar_list *list, struct bytes file,
                            struct calendar_imported *imported)
{
    struct settings settings;
    struct ctl_database *database;
    TRY(ctl_settings(ctl, &settings));
    TRY(ctl_database_open(ctl, &settings, &database));
    const struct calendar_import import = {list->year, list->source, hex_encode(ctl->arena, sha256(ctl->arena, file)),
                                           list->days, list->names,  list->working,
                                           list->count};
    enum err err = ctl_database_wait(
        database, store_import_calendar(ctl_database_db(database), &import, CTL_CALL_MS, ctl_database_done, database),
        read_counts, imported);
    ctl_database_close(database);
    if (err != OK)
        fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
    return err;
}

enum ctl_exit ctl_calendar_import(const struct ctl *ctl)
{
    struct bytes file;
    struct calendar_list list;
    struct calendar_imported imported;
    const char *path = ctl->operands[0];
    if (file_read(ctl->arena, path, CALENDAR_FILE_SIZE_MAX, &file) != OK ||
        calendar_file_read(ctl->arena, file, report, (void *)(uintptr_t)path, &list) != OK ||
        import_list(ctl, &list, file, &imported) != OK)
        return CTL_FAILED;
    printf("%s: %" PRId64 "年 (%s), 新增 added %" PRId64 ", 更改 changed %" PRId64 ", 删除 removed %" PRId64 "\n",
           imported.applied ? "imported" : "known", list.year, list.source, imported.added, imported.changed,
           imported.removed);
    return CTL_FINE;
}
