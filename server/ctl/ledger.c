/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl ledger check: are the books right? Prints each invariant that is broken, and where. */
#include "ctl/database.h"
#include "store/admin.h"

#include <stdio.h>

static enum err read_faults(const struct row *rows, struct arena *arena, void *into)
{
    return store_check_ledger_read(rows, arena, into);
}

enum ctl_exit ctl_ledger_check(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct ledger_faults faults = {0};
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_check_ledger(ctl_database_db(database), CTL_CALL_MS, ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_faults, &faults);
    for (size_t i = 0; i < faults.count; i++)
        printf("%s: %s\n", faults.items[i].invariant, faults.items[i].detail);
    if (err != OK)
        fprintf(stderr, "%s (%s)\n", err_info(err)->zh, err_info(err)->en);
    else if (faults.count == 0)
        puts("账目正确 the books are right");
    ctl_database_close(database);
    return err == OK && faults.count == 0 ? CTL_FINE : CTL_FAILED;
}
