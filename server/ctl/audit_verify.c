/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl audit verify: every event, sequence, leaf, node and checkpoint of the database, held against each other and
 * against what was kept outside of it. Reads in pieces, so that memory does not grow with the trail but for its nodes.
 * What is outside is read first: what it says must be there, and business goes on meanwhile. */
#include "base/clock.h"
#include "base/text.h"
#include "ctl/audit_chain.h"
#include "ctl/audit_levels.h"
#include "ctl/audit_stamps.h"
#include "ctl/audit_witness.h"
#include "ctl/database.h"
#include "pki/note.h"
#include "pki/timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAVES_AT_ONCE      5000
#define CHECKPOINTS_AT_ONCE 1000
#define NODES_AT_ONCE       10000
#define UNSEALED_MAX        1000000
#define UNSEALED_LATE_US    (600 * CLOCK_SECOND_US) /* sealing takes seconds */
#define FAULTS_TOLD         100
#define RECENT_US           (60 * CLOCK_SECOND_US) /* between witnessing and recording */
#define CALL_MS             (10 * 60 * 1000)

struct audit_work {
    const struct ctl *ctl;
    struct settings settings;
    struct ctl_database *database;
    struct audit_key key;
    struct bytes spki;
    const char *origin;
    struct audit_chain *chain;
    struct audit_levels *levels;
    int64_t faults;
    struct arena *batch; /* of rows */
    struct audit_events events;
    struct audit_events unsealed;
    struct audit_head head;

    struct audit_witness *witness;
    struct arena *witness_arena;
    bool witness_there;
    struct checkpoint witness_checkpoint; /* of the line that comes next */
    struct audit_witnessed witness_line;
    int64_t witness_size, witness_count;

    struct arena *checkpoint_arena;
    struct audit_checkpoints checkpoints;
    size_t checkpoint_next;
    int64_t checkpoint_after, checkpoint_count;

    struct timestamp_authority *authority; /* NULL: the settings name none */
    struct audit_stamps *stamps;
    int64_t stamp_count, stamped_size;
};

static void fault(void *context, const char *word, const char *place, const char *what)
{
    struct audit_work *work = context;
    if (work->faults++ < FAULTS_TOLD)
        printf("不符 broken: %s: %s: %s\n", word, place, what);
}

static struct db *db(const struct audit_work *work)
{
    return ctl_database_db(work->database);
}

static const char *text(struct audit_work *work, const char *format, int64_t number)
{
    return arena_format(work->batch, "%s %" PRId64, format, number);
}

/* -- nodes --------------------------------------------------------------------------------------------------------- */

static void keep_node(void *context, unsigned level, uint64_t index, const struct merkle_hash *hash)
{
    const struct audit_work *work = context;
    (void)index; /* they come in order */
    audit_levels_computed(work->levels, level, hash);
}

static enum err read_nodes(const struct row *rows, struct arena *arena, void *into)
{
    (void)arena;
    struct audit_work *work = ((void **)into)[0];
    return store_list_nodes_read(rows, work->batch, ((void **)into)[1]);
}

static enum err check_nodes(struct audit_work *work)
{
    struct audit_nodes nodes;
    void *into[] = {work, &nodes};
    int64_t level = 0, after = 0;
    do {
        arena_reset(work->batch);
        enum err started = store_list_nodes(db(work), level, after, NODES_AT_ONCE, CALL_MS, ctl_database_done,
                                            work->database);
        TRY(ctl_database_wait(work->database, started, read_nodes, into));
        for (size_t i = 0; i < nodes.count; i++) {
            audit_levels_stored(work->levels, &nodes.items[i], fault, work);
            level = nodes.items[i].level;
            after = nodes.items[i].index;
        }
    } while (nodes.count == NODES_AT_ONCE);
    audit_levels_finish(work->levels, fault, work);
    return OK;
}

/* -- checkpoints --------------------------------------------------------------------------------------------------- */

static enum err read_checkpoints(const struct row *rows, struct arena *arena, void *into)
{
    (void)arena;
    struct audit_work *work = into;
    return store_list_checkpoints_read(rows, work->checkpoint_arena, &work->checkpoints);
}

static enum err fetch_checkpoints(struct audit_work *work)
{
    arena_reset(work->checkpoint_arena);
    work->checkpoint_next = 0;
    enum err started = store_list_checkpoints(db(work), work->checkpoint_after, CHECKPOINTS_AT_ONCE, CALL_MS,
                                              ctl_database_done, work->database);
    TRY(ctl_database_wait(work->database, started, read_checkpoints, work));
    if (work->checkpoints.count > 0)
        work->checkpoint_after = work->checkpoints.items[work->checkpoints.count - 1].size;
    return OK;
}

/* The database's next checkpoint, NULL behind the last one that was there at the start. */
static enum err next_checkpoint(struct audit_work *work, const struct audit_checkpoint **out)
{
    if (work->checkpoint_next == work->checkpoints.count && work->checkpoints.count == CHECKPOINTS_AT_ONCE)
        TRY(fetch_checkpoints(work));
    const struct audit_checkpoint *next = work->checkpoint_next < work->checkpoints.count
                                              ? &work->checkpoints.items[work->checkpoint_next]
                                              : NULL;
    *out = next != NULL && next->size <= work->head.size ? next : NULL;
    return OK;
}

/* A note against the leaves so far. */
static void check_root(struct audit_work *work, const struct checkpoint *checkpoint, const char *place)
{
    struct merkle_hash root = merkle_root(audit_chain_range(work->chain));
    if (!merkle_equal(&root, &checkpoint->root))
        fault(work, "root_differs", place, "signed another tree than these leaves");
}

/* The same note was witnessed, and its signature holds. */
static bool is_witnessed(const struct audit_work *work, const struct audit_checkpoint *row)
{
    return work->witness_there && work->witness_size == row->size && strcmp(work->witness_line.note, row->note) == 0;
}

/* The outside witness. Without its CA nothing can be said about a token. */
static void check_stamp(struct audit_work *work, const struct audit_checkpoint *row, const char *place)
{
    int64_t at_us = 0;
    if (row->token.size == 0)
        return;
    work->stamp_count++;
    audit_stamps_token(work->stamps, row->size, row->token);
    work->stamped_size = row->size;
    if (work->authority == NULL)
        return;
    if (timestamp_check(work->authority, bytes_of_text(row->note), row->token, &at_us) != OK)
        fault(work, "timestamp_invalid", place, "the time stamp is not the authority's over this checkpoint");
    else if (at_us / CLOCK_SECOND_US != row->stamped_at_us / CLOCK_SECOND_US)
        fault(work, "timestamp_changed", place, "the row is not what its time stamp says");
}

static void check_checkpoint(struct audit_work *work, const struct audit_checkpoint *row)
{
    struct checkpoint read = work->witness_checkpoint;
    const char *place = text(work, "checkpoint", row->size);
    check_stamp(work, row, place);
    if (!is_witnessed(work, row) && note_open(work->batch, row->note, work->origin, work->spki, &read) != OK) {
        fault(work, "checkpoint_signature", place, "the signature does not hold");
        return;
    }
    if (read.size != row->size || row->root.size != MERKLE_HASH_SIZE ||
        memcmp(row->root.data, read.root.octets, MERKLE_HASH_SIZE) != 0)
        fault(work, "checkpoint_changed", place, "the row is not what its note says");
    else
        check_root(work, &read, place);
}

/* -- witness.log --------------------------------------------------------------------------------------------------- */

/* The next line that holds, ahead of which nothing has to be read. */
static void next_witnessed(struct audit_work *work)
{
    struct audit_witnessed line;
    arena_reset(work->witness_arena);
    while ((work->witness_there = audit_witness_next(work->witness, work->witness_arena, &line))) {
        const char *place = arena_format(work->witness_arena, "witness.log, line %" PRId64, line.line);
        struct checkpoint read;
        if (line.note == NULL || note_open(work->witness_arena, line.note, work->origin, work->spki, &read) != OK) {
            fault(work, "witness_signature", place, "is no checkpoint of this log");
            continue;
        }
        if (read.size < work->witness_size) {
            fault(work, "witness_order", place, "signs fewer leaves than the line before");
            continue;
        }
        work->witness_checkpoint = read;
        work->witness_line = line;
        work->witness_size = read.size;
        work->witness_count++;
        return;
    }
}

/* It may be on its way into the database. */
static bool is_recent(const char *time)
{
    int64_t at_us;
    return clock_parse(time, &at_us) && at_us > clock_now_us() - RECENT_US;
}

/* row: the database's checkpoint of this size, NULL when it has none. */
static void check_witnessed(struct audit_work *work, const struct audit_checkpoint *row)
{
    const char *place = arena_format(work->batch, "checkpoint %" PRId64 ", witnessed %s", work->witness_size,
                                     work->witness_line.time);
    check_root(work, &work->witness_checkpoint, place);
    if (row == NULL && (work->witness_size <= work->head.size || !is_recent(work->witness_line.time)))
        fault(work, "checkpoint_missing", place, "is not in the database any more");
}

/* Everything signed of the tree of so many leaves as there are now. */
static enum err check_signed(struct audit_work *work)
{
    int64_t size = (int64_t)audit_chain_range(work->chain)->size;
    const struct audit_checkpoint *row;
    TRY(next_checkpoint(work, &row));
    if (row != NULL && row->size > size)
        row = NULL;
    if (row != NULL) {
        check_checkpoint(work, row);
        work->checkpoint_next++;
        work->checkpoint_count++;
    }
    while (work->witness_there && work->witness_size <= size) {
        check_witnessed(work, row);
        next_witnessed(work);
    }
    return OK;
}

static enum err check_unreached(struct audit_work *work)
{
    const struct audit_checkpoint *row;
    TRY(next_checkpoint(work, &row));
    while (row != NULL) {
        fault(work, "tree_short", text(work, "checkpoint", row->size), "signs more leaves than there are");
        work->checkpoint_next++;
        TRY(next_checkpoint(work, &row));
    }
    for (; work->witness_there; next_witnessed(work))
        fault(work, "tree_short",
              arena_format(work->witness_arena, "checkpoint %" PRId64 ", witnessed %s", work->witness_size,
                           work->witness_line.time),
              "signs more leaves than there are: the database was set back");
    return OK;
}

/* -- events -------------------------------------------------------------------------------------------------------- */

static enum err read_leaves(const struct row *rows, struct arena *arena, void *into)
{
    (void)arena;
    struct audit_work *work = into;
    return store_list_leaves_read(rows, work->batch, &work->events);
}

static int by_id(const void *a, const void *b)
{
    int64_t left = ((const struct audit_event *)a)->id, right = ((const struct audit_event *)b)->id;
    return (left > right) - (left < right);
}

/* Events that were sealed while we read: they are looked at as leaves. */
static void strike_out(struct audit_work *work, const struct audit_event *event)
{
    struct audit_event *sorted = work->unsealed.items;
    struct audit_event *found = work->unsealed.count == 0
                                    ? NULL
                                    : bsearch(event, sorted, work->unsealed.count, sizeof(*sorted), by_id);
    if (found != NULL)
        found->present = false;
}

static enum err take_leaves(struct audit_work *work)
{
    for (size_t i = 0; i < work->events.count; i++) {
        audit_chain_leaf(work->chain, &work->events.items[i]);
        if (work->events.items[i].leaf_index < work->head.leaves) /* its token was there when checkpoints were read */
            audit_stamps_event(work->stamps, &work->events.items[i]);
        strike_out(work, &work->events.items[i]);
        TRY(check_signed(work));
    }
    return OK;
}

static enum err check_leaves(struct audit_work *work)
{
    int64_t from = 0;
    do {
        arena_reset(work->batch);
        enum err started = store_list_leaves(db(work), from, LEAVES_AT_ONCE, CALL_MS, ctl_database_done,
                                             work->database);
        TRY(ctl_database_wait(work->database, started, read_leaves, work));
        if (work->events.count > 0)
            from = work->events.items[work->events.count - 1].leaf_index + 1;
        TRY(take_leaves(work));
    } while (work->events.count == LEAVES_AT_ONCE);
    return OK;
}

static int by_writer(const void *a, const void *b)
{
    const struct audit_event *left = a, *right = b;
    int order = strcmp(left->writer, right->writer);
    if (order != 0)
        return order;
    return (left->writer_seq > right->writer_seq) - (left->writer_seq < right->writer_seq);
}

static void check_unsealed(struct audit_work *work)
{
    struct audit_events *events = &work->unsealed;
    if (events->count == 0)
        return;
    qsort(events->items, events->count, sizeof(*events->items), by_writer);
    for (size_t i = 0; i < events->count; i++) {
        const struct audit_event *event = &events->items[i];
        if (!event->present)
            continue;
        audit_chain_unsealed(work->chain, event);
        audit_stamps_event(work->stamps, event);
        if (event->at_us < clock_now_us() - UNSEALED_LATE_US)
            fault(work, "not_sealed", text(work, "event", event->id), "has waited for more than ten minutes");
    }
}

/* -- the whole ----------------------------------------------------------------------------------------------------- */

static void take_head_line(void *context, const char *writer, int64_t seq, const char *mac)
{
    struct audit_work *work = context;
    audit_chain_head(work->chain, writer, seq, mac);
}

static enum err read_head(const struct row *rows, struct arena *arena, void *into)
{
    return store_audit_head_read(rows, arena, into);
}

static enum err read_unsealed(const struct row *rows, struct arena *arena, void *into)
{
    return store_list_unsealed_events_read(rows, arena, into);
}

static enum err verify(struct audit_work *work)
{
    const char *folder = settings_path(work->ctl->arena, &work->settings, work->settings.audit_folder);
    TRY(audit_heads_read(arena_format(work->ctl->arena, "%s/heads", folder), take_head_line, work));
    TRY(audit_witness_open(arena_format(work->ctl->arena, "%s/witness.log", folder), &work->witness));
    TRY(ctl_database_wait(work->database, store_audit_head(db(work), CALL_MS, ctl_database_done, work->database),
                          read_head, &work->head));
    enum err started = store_list_unsealed_events(db(work), UNSEALED_MAX, CALL_MS, ctl_database_done, work->database);
    TRY(ctl_database_wait(work->database, started, read_unsealed, &work->unsealed));
    if (work->unsealed.count > 0)
        qsort(work->unsealed.items, work->unsealed.count, sizeof(*work->unsealed.items), by_id);
    TRY(fetch_checkpoints(work));
    next_witnessed(work);
    TRY(check_leaves(work));
    TRY(check_unreached(work));
    if ((int64_t)audit_chain_range(work->chain)->size < work->head.leaves)
        fault(work, "leaves_missing", text(work, "leaf", (int64_t)audit_chain_range(work->chain)->size),
              "and what is behind it");
    check_unsealed(work);
    audit_chain_finish(work->chain);
    audit_stamps_finish(work->stamps, fault, work);
    return check_nodes(work);
}

static enum err start(const struct ctl *ctl, struct audit_work *work)
{
    *work = (struct audit_work){.ctl = ctl};
    TRY(ctl_settings(ctl, &work->settings));
    const struct settings *settings = &work->settings;
    if (settings->audit_public_key_file[0] == '\0') {
        fputs("缺少设置 audit.public_key_file (the setting audit.public_key_file is missing)\n", stderr);
        return ERR_SETTINGS_INVALID;
    }
    TRY(note_key_load(ctl->arena, settings_path(ctl->arena, settings, settings->audit_public_key_file), &work->spki));
    TRY(audit_key_load(settings_path(ctl->arena, settings, settings->keys_audit_file), &work->key));
    work->origin = note_origin(ctl->arena, settings->audit_origin, settings->web_public_url);
    if (settings->audit_timestamp_ca_file[0] != '\0')
        TRY(timestamp_authority_load(settings_path(ctl->arena, settings, settings->audit_timestamp_ca_file),
                                     settings->audit_timestamp_policy, &work->authority));
    return ctl_database_open(ctl, settings, &work->database);
}

static void finish(struct audit_work *work)
{
    ctl_database_close(work->database);
    timestamp_authority_free(work->authority);
    audit_chain_free(work->chain);
    audit_stamps_free(work->stamps);
    audit_levels_free(work->levels);
    audit_witness_close(work->witness);
    arena_free(work->batch);
    arena_free(work->witness_arena);
    arena_free(work->checkpoint_arena);
}

static void print_stamps(const struct audit_work *work)
{
    if (work->stamp_count == 0 && work->authority == NULL)
        return;
    printf("%" PRId64 "个时间戳，最后一个覆盖%" PRId64 "条 time stamps, the last one over so many leaves%s\n",
           work->stamp_count, work->stamped_size,
           work->authority == NULL ? "；未设置 audit.timestamp_ca_file，未作验证 not verified: no CA is set" : "");
}

static void print_counts(const struct audit_work *work, int64_t begun_us)
{
    printf("%" PRId64 "条记录 events, %" PRIu64 "已封存 leaves, %" PRId64 "个写入者 writers, %" PRId64
           "个检查点 checkpoints, %" PRId64 "个见证 witnessed, %.1f s\n",
           audit_chain_events(work->chain), audit_chain_range(work->chain)->size, audit_chain_writers(work->chain),
           work->checkpoint_count, work->witness_count, (double)(clock_now_us() - begun_us) / CLOCK_SECOND_US);
    print_stamps(work);
    if (work->faults > 0)
        printf("审计记录有%" PRId64 "处不符 the trail is broken in so many places\n", work->faults);
    else
        puts("审计记录完整 the trail is whole");
}

enum ctl_exit ctl_audit_verify(const struct ctl *ctl)
{
    struct audit_work work;
    int64_t begun_us = clock_now_us();
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    work.chain = audit_chain_new(&work.key, fault, keep_node, &work);
    work.stamps = audit_stamps_new();
    work.levels = audit_levels_new();
    work.batch = arena_new();
    work.witness_arena = arena_new();
    work.checkpoint_arena = arena_new();
    enum err err = verify(&work);
    if (err == OK)
        print_counts(&work, begun_us);
    else
        fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
    bool whole = err == OK && work.faults == 0;
    finish(&work);
    return whole ? CTL_FINE : CTL_FAILED;
}
