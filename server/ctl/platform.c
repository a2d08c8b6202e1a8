/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl platform load: brings the prices of platform files into the database, after showing what that changes. What
 * is or was in force stays as it is. */
#include "base/clock.h"
#include "ctl/database.h"
#include "ctl/fee_difference.h"
#include "pki/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct load {
    const struct platform *platform;
    struct loaded_fees loaded, wanted;
    unsigned changes;
};

struct loads {
    const struct ctl *ctl;
    struct ctl_database *database;
    struct load *list;
    size_t count;
    unsigned changes;
};

static enum err choose(const struct ctl *ctl, const struct platforms *platforms, struct loads *out)
{
    size_t all = platforms_count(platforms);
    out->count = ctl->operand_count > 0 ? ctl->operand_count : all;
    out->list = arena_alloc(ctl->arena, out->count * sizeof(*out->list));
    for (size_t i = 0; i < out->count; i++) {
        const char *id = ctl->operand_count > 0 ? ctl->operands[i] : NULL;
        out->list[i].platform = id != NULL ? platform_find(platforms, id) : platform_at(platforms, i);
        if (out->list[i].platform != NULL)
            continue;
        fprintf(stderr, "没有这个平台 / there is no such platform: %s\n", id);
        return ERR_PLATFORM_UNKNOWN;
    }
    return OK;
}

static enum err read_fees(const struct row *rows, struct arena *arena, void *into)
{
    return store_get_fees_read(rows, arena, into);
}

static enum err compare(struct loads *loads, struct load *load)
{
    struct ctl_database *database = loads->database;
    enum err started = store_get_fees(ctl_database_db(database), load->platform->id, CTL_CALL_MS, ctl_database_done,
                                      database);
    TRY(ctl_database_wait(database, started, read_fees, &load->loaded));
    fee_rows(loads->ctl->arena, load->platform, &load->wanted);
    return OK;
}

/* A file that is the one loaded last says nothing new: what the desk has decided since stays. */
static bool is_known(const struct loads *loads, const struct load *load)
{
    bool known = ctl_option(loads->ctl, "changed") != NULL &&
                 strcmp(load->loaded.last_file, load->platform->version) == 0;
    if (known)
        printf("%s: 文件没有变化 the file is the one loaded last\n", load->platform->id);
    return known;
}

/* What two persons have decided is not taken back in passing. */
static enum err check_decided(const struct loads *loads)
{
    unsigned decided = 0;
    if (ctl_option(loads->ctl, "take-back") != NULL)
        return OK;
    for (size_t i = 0; i < loads->count; i++)
        decided += fee_difference_decided(loads->list[i].platform, &loads->list[i].loaded, &loads->list[i].wanted);
    return decided == 0 ? OK : ERR_SETTINGS_INVALID; /* it has said why */
}

/* All are looked at before any is loaded; those that are known leave the list. */
static enum err compare_all(struct loads *loads)
{
    unsigned faults = 0;
    size_t count = 0;
    for (size_t i = 0; i < loads->count; i++) {
        struct load *load = &loads->list[i];
        TRY(compare(loads, load));
        if (is_known(loads, load))
            continue;
        loads->list[count++] = *load;
        faults += fee_difference_check(load->platform, &load->loaded, &load->wanted, clock_now_us());
    }
    loads->count = count;
    ENSURE(faults == 0, ERR_FEES_BEGUN);
    TRY(check_decided(loads));
    for (size_t i = 0; i < loads->count; i++) {
        struct load *load = &loads->list[i];
        load->changes = fee_difference_print(loads->ctl->arena, load->platform, &load->loaded, &load->wanted);
        loads->changes += load->changes;
    }
    return OK;
}

/* Nothing is changed unasked. */
static bool agreed(const struct loads *loads)
{
    if (loads->changes == 0 || ctl_option(loads->ctl, "yes") != NULL)
        return true;
    if (!isatty(STDIN_FILENO)) {
        fputs("没有导入：不在终端上，核对以上差异后请加 --yes (nothing was loaded: not on a terminal; look at the "
              "differences "
              "above and add --yes)\n",
              stderr);
        return false;
    }
    char answer[16] = "";
    printf("确认导入以上收费标准？请输入 yes (load these prices? type yes): ");
    fflush(stdout);
    bool yes = fgets(answer, sizeof(answer), stdin) != NULL && strcmp(answer, "yes\n") == 0;
    if (!yes)
        puts("没有导入 nothing was loaded");
    return yes;
}

struct loaded {
    enum fee_load_end end;
    int64_t version;
};

static enum err read_loaded(const struct row *rows, struct arena *arena, void *into)
{
    struct loaded *loaded = into;
    return store_load_fees_read(rows, arena, &loaded->end, &loaded->version);
}

static enum err load_one(struct loads *loads, const struct load *load)
{
    static const char *const ends[] = {
        [FEES_UNCHANGED] = "没有变化，没有做任何事 unchanged, nothing was done",
        [FEES_RECORDED] = "收费标准没有变化，已登记新文件 the prices are the same, the new file is recorded",
        [FEES_LOADED] = "已导入 loaded"};
    struct arena *arena = loads->ctl->arena;
    const struct fee_load fees = {.platform = load->platform->id,
                                  .file_sha256 = load->platform->version,
                                  .loaded_by = ctl_user(arena),
                                  .version = load->loaded.version,
                                  .fees = load->wanted.fees,
                                  .count = load->wanted.count};
    struct loaded loaded;
    enum err started = store_load_fees(ctl_database_db(loads->database), arena, &fees, CTL_CALL_MS, ctl_database_done,
                                       loads->database);
    TRY(ctl_database_wait(loads->database, started, read_loaded, &loaded));
    printf("%s: %s（版本 version %" PRId64 "）\n", load->platform->id, ends[loaded.end], loaded.version);
    return OK;
}

static enum err load_all(struct loads *loads)
{
    TRY(compare_all(loads));
    if (ctl_option(loads->ctl, "dry-run") != NULL) {
        puts("仅显示，没有导入 only shown, nothing was loaded");
        return OK;
    }
    if (!agreed(loads))
        return ERR_SETTINGS_INVALID; /* it has said why */
    for (size_t i = 0; i < loads->count; i++)
        TRY(load_one(loads, &loads->list[i]));
    return OK;
}

enum ctl_exit ctl_platform_load(const struct ctl *ctl)
{
    struct settings settings;
    struct platforms *platforms = NULL;
    struct loads loads = {.ctl = ctl};
    unsigned faults = 0;
    if (ctl_settings(ctl, &settings) != OK ||
        platforms_load(ctl->arena, &settings, sha256, ctl_print_fault, &faults, &platforms) != OK ||
        choose(ctl, platforms, &loads) != OK || ctl_database_open(ctl, &settings, &loads.database) != OK)
        return CTL_FAILED;
    enum err err = load_all(&loads);
    if (err != OK && err != ERR_SETTINGS_INVALID)
        fprintf(stderr, "%s，%s (%s; %s)\n", err_info(err)->zh, err_info(err)->fix_zh, err_info(err)->en,
                err_info(err)->fix_en);
    ctl_database_close(loads.database);
    return err == OK ? CTL_FINE : CTL_FAILED;
}
