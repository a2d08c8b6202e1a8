/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl key list, add, use, rotate, remove: changing the master key of personal data while the server runs.
 *   add     a new key that every process can read before anybody uses it
 *   use     it seals from now on; the old ones still open
 *   rotate  seals every value anew and makes every blind index anew, in small steps; may be broken off and run again
 *   remove  the old one, when no row needs it
 * Processes read the file at start: restart them after add, after use and after remove. */
#include "base/json.h"
#include "base/text.h"
#include "ctl/database.h"
#include "ctl/key_file.h"
#include "store/keyring.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BATCH 20 /* documents are megabytes */

struct key_work {
    const struct ctl *ctl;
    struct settings settings;
    struct key_file file;
    struct ctl_database *database;
    struct arena *arena; /* of one batch */
    struct sealed_places places;
    int64_t broken; /* values that no key opens */
};

static enum ctl_exit complain(const char *zh, const char *en)
{
    fprintf(stderr, "%s (%s)\n", zh, en);
    return CTL_FAILED;
}

static enum ctl_exit fail(enum err err)
{
    return complain(err_info(err)->zh, err_info(err)->en);
}

static enum err start(const struct ctl *ctl, struct key_work *work)
{
    *work = (struct key_work){.ctl = ctl};
    TRY(ctl_settings(ctl, &work->settings));
    TRY(key_file_open(ctl->arena, settings_path(ctl->arena, &work->settings, work->settings.keys_seal_file),
                      &work->file));
    enum err err = ctl_database_open(ctl, &work->settings, &work->database);
    if (err != OK)
        key_file_close(&work->file);
    else
        work->arena = arena_new();
    return err;
}

static enum ctl_exit finish(struct key_work *work, enum ctl_exit exit)
{
    arena_free(work->arena);
    ctl_database_close(work->database);
    key_file_close(&work->file);
    return exit;
}

/* -- what there is ----------------------------------------------------------------------------------------------- */

static enum err read_places(const struct row *rows, struct arena *arena, void *into)
{
    return store_list_sealed_read(rows, arena, into);
}

static enum err look(struct key_work *work)
{
    enum err started = store_list_sealed(ctl_database_db(work->database), CTL_CALL_MS, ctl_database_done,
                                         work->database);
    return ctl_database_wait(work->database, started, read_places, &work->places);
}

static int64_t uses_of(const struct key_work *work, size_t which)
{
    const char *id = hex_encode(work->ctl->arena, seal_key_id(work->file.keys, which));
    const char *index_id = hex_encode(work->ctl->arena, seal_index_id(work->file.keys, which));
    int64_t uses = 0;
    for (size_t i = 0; i < work->places.count; i++) {
        const struct sealed_place *place = &work->places.items[i];
        if (place->kind != SEALED_LOOKUP && strcmp(place->key_id, place->kind == SEALED_INDEX ? index_id : id) == 0)
            uses += place->uses;
    }
    return uses;
}

static int64_t lookups_of(const struct key_work *work, size_t which)
{
    int64_t uses = 0;
    for (size_t i = 0; i < work->places.count && which == seal_lookup_key(work->file.keys); i++)
        if (work->places.items[i].kind == SEALED_LOOKUP)
            uses += work->places.items[i].uses;
    return uses;
}

/* Values and indexes that are not under the current key; lookups stay under theirs. */
static int64_t stale_uses(const struct key_work *work)
{
    const char *id = hex_encode(work->ctl->arena, seal_key_id(work->file.keys, 0));
    const char *index_id = hex_encode(work->ctl->arena, seal_index_id(work->file.keys, 0));
    int64_t uses = 0;
    for (size_t i = 0; i < work->places.count; i++) {
        const struct sealed_place *place = &work->places.items[i];
        if (place->kind != SEALED_LOOKUP && place->uses > 0 &&
            strcmp(place->key_id, place->kind == SEALED_INDEX ? index_id : id) != 0)
            uses += place->uses;
    }
    return uses;
}

static void print_keys(const struct key_work *work)
{
    for (size_t i = 0; i < work->file.count; i++)
        printf("%s  %s  %" PRId64 "\n", hex_encode(work->ctl->arena, seal_key_id(work->file.keys, i)),
               i == 0 ? "当前 current" : "可读 readable", uses_of(work, i));
    for (size_t i = 0; i < work->places.count; i++)
        if (work->places.items[i].uses > 0)
            printf("  %-38s %s  %" PRId64 "\n", work->places.items[i].name, work->places.items[i].key_id,
                   work->places.items[i].uses);
}

enum ctl_exit ctl_key_list(const struct ctl *ctl)
{
    struct key_work work;
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    enum err err = look(&work);
    if (err == OK)
        print_keys(&work);
    return finish(&work, err == OK ? CTL_FINE : fail(err));
}

/* -- the file ---------------------------------------------------------------------------------------------------- */

static enum err read_noted(const struct row *rows, struct arena *arena, void *into)
{
    (void)into;
    return store_note_key_read(rows, arena);
}

/* Onto the audit trail first: a change that cannot be written down is not made. */
static enum err note(struct key_work *work, const char *action, const char *id, const char *detail)
{
    enum err started = store_note_key(ctl_database_db(work->database), action, id, detail, CTL_CALL_MS,
                                      ctl_database_done, work->database);
    return ctl_database_wait(work->database, started, read_noted, NULL);
}

static enum ctl_exit change(struct key_work *work, const char *action, const char *id, const char *next_zh,
                            const char *next_en)
{
    enum err err = note(work, action, id, "");
    if (err != OK)
        return finish(work, fail(err));
    if (key_file_write(&work->file, work->ctl->arena) != OK)
        return finish(work, CTL_FAILED);
    printf("%s\n%s\n%s\n", id, next_zh, next_en);
    return finish(work, CTL_FINE);
}

enum ctl_exit ctl_key_add(const struct ctl *ctl)
{
    struct key_work work;
    uint8_t fresh[SEAL_KEY_SIZE];
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    if (work.file.count == SEAL_KEYS_MAX)
        return finish(&work, complain("密钥已达上限，请先删除不再使用的", "there are too many keys; remove one first"));
    random_bytes(fresh, sizeof(fresh));
    size_t lookup = seal_lookup_key(work.file.keys);
    if (strstr(work.file.lines[lookup], SEAL_LOOKUP) == NULL) /* it stays so whichever is current */
        work.file.lines[lookup] = arena_format(ctl->arena, "%s%s", work.file.lines[lookup], SEAL_LOOKUP);
    work.file.lines[work.file.count++] = hex_encode(ctl->arena, (struct bytes){fresh, sizeof(fresh)});
    const char *id = hex_encode(ctl->arena, seal_id_of(ctl->arena, (struct bytes){fresh, sizeof(fresh)}));
    return change(&work, "key.add", id, "请备份密钥文件并重启全部进程，然后 xuqictl key use",
                  "back the key file up and restart every process, then xuqictl key use");
}

static size_t find(struct key_work *work)
{
    size_t which = key_file_find(&work->file, work->ctl->arena, work->ctl->operands[0]);
    if (which == work->file.count)
        complain("密钥文件中没有这个密钥", "the key file has no such key");
    return which;
}

enum ctl_exit ctl_key_use(const struct ctl *ctl)
{
    struct key_work work;
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    size_t which = find(&work);
    if (which == work.file.count)
        return finish(&work, CTL_FAILED);
    const char *chosen = work.file.lines[which];
    memmove(work.file.lines + 1, work.file.lines, which * sizeof(*work.file.lines));
    work.file.lines[0] = chosen;
    return change(&work, "key.use", ctl->operands[0], "请重启全部进程，然后 xuqictl key rotate",
                  "restart every process, then xuqictl key rotate");
}

enum ctl_exit ctl_key_remove(const struct ctl *ctl)
{
    struct key_work work;
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    size_t which = find(&work);
    if (which == work.file.count)
        return finish(&work, CTL_FAILED);
    enum err err = look(&work);
    if (err != OK)
        return finish(&work, fail(err));
    if (which == 0)
        return finish(&work, complain("当前密钥不能删除", "the current key cannot be removed"));
    if (uses_of(&work, which) > 0)
        return finish(&work,
                      complain(arena_format(ctl->arena, "仍有%" PRId64 "处数据使用这个密钥，请先 xuqictl key rotate",
                                            uses_of(&work, which)),
                               "values still need it: xuqictl key rotate first"));
    if (lookups_of(&work, which) > 0)
        return finish(&work, complain("网上营业厅的账号以这个密钥识别，不能删除",
                                      "accounts of the web hall are known by it: it stays"));
    work.file.count--;
    memmove(work.file.lines + which, work.file.lines + which + 1, (work.file.count - which) * sizeof(*work.file.lines));
    return change(&work, "key.remove", ctl->operands[0], "仍在备份中的旧数据需要它才能打开：请离线保存到备份到期",
                  "backups still need it: keep a copy offline until they end");
}

/* -- rotation ---------------------------------------------------------------------------------------------------- */

/* The value as it should be under the current key. */
static enum err renew(struct key_work *work, const struct sealed_place *place, const struct stale_value *stale,
                      struct bytes *out)
{
    const struct seal_keys *keys = work->file.keys;
    struct bytes plain;
    TRY(unseal(keys, work->arena, stale->source, stale->context, stale->sealed, &plain));
    if (place->kind == SEALED_VALUE) {
        *out = seal(keys, work->arena, place->place, stale->context, plain);
        return OK;
    }
    struct fault fault;
    fault_init(&fault, work->arena);
    AUTO_JSON *document = NULL;
    ENSURE(json_parse((const char *)plain.data, plain.size, &fault, &document) == OK, ERR_SEAL_BROKEN);
    const char *text = json_text_at(document, place->place);
    ENSURE(text != NULL, ERR_SEAL_BROKEN);
    *out = seal_marked_index(keys, work->arena, place->place, text);
    return OK;
}

struct batch {
    struct key_work *work;
    struct stale_values values;
    bool replaced;
};

static enum err read_stale(const struct row *rows, struct arena *arena, void *into)
{
    (void)arena; /* a batch has its own */
    struct batch *batch = into;
    return store_list_stale_read(rows, batch->work->arena, &batch->values);
}

static enum err read_replaced(const struct row *rows, struct arena *arena, void *into)
{
    (void)arena;
    struct batch *batch = into;
    return store_replace_sealed_read(rows, batch->work->arena, &batch->replaced);
}

static enum err replace(struct key_work *work, const struct sealed_place *place, const struct stale_value *stale,
                        struct batch *batch)
{
    struct bytes value;
    enum err err = renew(work, place, stale, &value);
    if (err != OK) {
        fprintf(stderr, "%s %s: %s (%s)\n", place->name, stale->row_key, err_info(err)->zh, err_info(err)->en);
        return err;
    }
    enum err started = store_replace_sealed(ctl_database_db(work->database), place->name, stale, value, CTL_CALL_MS,
                                            ctl_database_done, work->database);
    return ctl_database_wait(work->database, started, read_replaced, batch);
}

/* One column from its first row to its last. */
static enum err rotate_place(struct key_work *work, const struct sealed_place *place, int64_t *done)
{
    struct batch batch = {.work = work};
    char after[128] = ""; /* row keys: a renewal's number, a kind and a page; a name of at most 64 characters */
    struct bytes id = place->kind == SEALED_INDEX ? seal_index_id(work->file.keys, 0) : seal_key_id(work->file.keys, 0);
    do {
        arena_reset(work->arena);
        enum err err, started = store_list_stale(ctl_database_db(work->database), place->name, id, after, BATCH,
                                                 CTL_CALL_MS, ctl_database_done, work->database);
        TRY(ctl_database_wait(work->database, started, read_stale, &batch));
        for (size_t i = 0; i < batch.values.count; i++) {
            err = replace(work, place, &batch.values.items[i], &batch);
            if (err != OK && err != ERR_SEAL_BROKEN)
                return err;
            work->broken += err == ERR_SEAL_BROKEN; /* named; the others go on */
            *done += err == OK && batch.replaced;
            snprintf(after, sizeof(after), "%s", batch.values.items[i].row_key);
        }
        if (batch.values.count > 0)
            printf("%s %s %" PRId64 "\n", place->name, after, *done);
    } while (batch.values.count == BATCH);
    return OK;
}

static enum err rotate_all(struct key_work *work)
{
    TRY(look(work));
    int64_t done = 0;
    const char *before = "";
    for (size_t i = 0; i < work->places.count; i++) {
        if (work->places.items[i].kind != SEALED_LOOKUP && strcmp(before, work->places.items[i].name) != 0)
            TRY(rotate_place(work, &work->places.items[i], &done));
        before = work->places.items[i].name;
    }
    TRY(look(work));
    print_keys(work);
    return note(work, "key.rotate", hex_encode(work->ctl->arena, seal_key_id(work->file.keys, 0)),
                arena_format(work->ctl->arena, "%" PRId64 " made anew, %" PRId64 " left", done, stale_uses(work)));
}

enum ctl_exit ctl_key_rotate(const struct ctl *ctl)
{
    struct key_work work;
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    enum err err = rotate_all(&work);
    if (err != OK)
        return finish(&work, fail(err));
    if (work.broken > 0)
        return finish(&work,
                      complain(arena_format(ctl->arena, "有%" PRId64 "处数据没有密钥能够打开，见上", work.broken),
                               "some values open under no key; they are named above"));
    if (stale_uses(&work) > 0)
        return finish(&work, complain("仍有数据使用旧密钥：可能有进程未重启，请重启后再次运行",
                                      "some values still use an old key: restart every process and run it again"));
    puts("全部数据已使用当前密钥 every value uses the current key");
    return finish(&work, CTL_FINE);
}
