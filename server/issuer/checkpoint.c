/* SPDX-License-Identifier: Apache-2.0 */
/* One head at a time. At first, and after another issuer was active: what was promised (the last line of witness.log
 * and the database's last checkpoint) is held against the tree. Then: leaves since, root, signature and witness in the
 * pool, record with our fence. Whatever fails, the next look begins anew. */
#include "issuer/checkpoint.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "issuer/lease.h"
#include "issuer/witness.h"
#include "store/audit.h"

#include <inttypes.h>
#include <string.h>

#define LEAVES_AT_ONCE  8192
#define STANDBY_LOOK_MS 500
#define PROMISES        2

struct checkpoint_maker {
    const struct issuer *issuer;
    struct arena *life;
    struct hsm_key *key;
    struct bytes spki;
    const char *origin, *witness;
    struct loop_timer *timer;
    bool stopping, caught_up; /* caught_up: range goes on from what was promised */
    enum err trouble;         /* why the last look failed: logged when it changes */
    struct merkle_range range;
    int64_t signed_size;

    /* of the head being made; the arena is NULL between heads */
    struct arena *arena;
    int64_t fence;
    struct audit_head head;
    struct checkpoint promises[PROMISES]; /* signed before; by size */
    size_t promise_count, promise_next;
    struct checkpoint checkpoint;
    const char *note; /* these two are written by the pool thread */
    enum err made;
};

/* -- the end of a look -------------------------------------------------------------------------------------------- */

static void tell(struct checkpoint_maker *maker, enum err err)
{
    if (err == maker->trouble || maker->stopping)
        return;
    if (err == OK)
        log_info("audit", "checkpoints can be signed again");
    else
        log_line(err_info(err)->category == ERR_LATER ? LOG_WARN : LOG_ERROR, "audit", "no new checkpoint: %s (%s)",
                 err_info(err)->en, err_code(err));
    maker->trouble = err;
}

static void look_again(struct checkpoint_maker *maker, int64_t after_ms)
{
    if (!maker->stopping)
        loop_timer_start(maker->timer, after_ms);
}

static void end(struct checkpoint_maker *maker, enum err err)
{
    if (err != OK)
        maker->caught_up = false;
    tell(maker, err);
    arena_free(maker->arena);
    maker->arena = NULL;
    look_again(maker, maker->issuer->settings->audit_checkpoint_s * 1000);
}

static int64_t call_ms(const struct checkpoint_maker *maker)
{
    return maker->issuer->settings->database_call_ms;
}

/* -- record ------------------------------------------------------------------------------------------------------- */

static void recorded(void *context, enum err err, const struct row *rows)
{
    struct checkpoint_maker *maker = context;
    if (err == OK)
        err = store_record_checkpoint_read(rows, maker->arena);
    if (err == OK)
        maker->signed_size = maker->checkpoint.size;
    end(maker, err);
}

static enum err record(struct checkpoint_maker *maker)
{
    TRY(maker->made);
    const struct audit_checkpoint row = {
        .size = maker->checkpoint.size, .root = {maker->checkpoint.root.octets, MERKLE_HASH_SIZE}, .note = maker->note};
    return store_record_checkpoint(maker->issuer->db, maker->fence, &row, call_ms(maker), recorded, maker);
}

static void was_made(void *context)
{
    struct checkpoint_maker *maker = context;
    enum err err = record(maker);
    if (err != OK)
        end(maker, err);
}

/* -- sign and witness, on a thread of the pool ----------------------------------------------------------------------
 */

static enum err make_note(struct checkpoint_maker *maker)
{
    const struct issuer *issuer = maker->issuer;
    struct bytes signature;
    struct checkpoint read;
    const char *text = note_text(maker->arena, &maker->checkpoint);
    TRY(hsm_sign(issuer->hsm, offload_thread(), maker->key, bytes_of_text(text), maker->arena, &signature));
    maker->note = note_signed(maker->arena, text, maker->origin, maker->spki, signature);
    TRY(note_open(maker->arena, maker->note, maker->origin, maker->spki, &read));
    return witness_add(maker->witness, &maker->checkpoint, maker->note);
}

static void make(void *context)
{
    struct checkpoint_maker *maker = context;
    maker->made = make_note(maker);
}

/* -- the leaves since -----------------------------------------------------------------------------------------------
 */

static enum err ask_for_leaves(struct checkpoint_maker *maker);

static void add(struct checkpoint_maker *maker, struct bytes hashes)
{
    struct merkle_hash leaf;
    for (size_t at = 0; at + MERKLE_HASH_SIZE <= hashes.size; at += MERKLE_HASH_SIZE) {
        memcpy(leaf.octets, hashes.data + at, MERKLE_HASH_SIZE);
        merkle_append(&maker->range, leaf, NULL, NULL);
    }
}

static enum err sign(struct checkpoint_maker *maker)
{
    maker->checkpoint = (struct checkpoint){maker->origin, (int64_t)maker->range.size, merkle_root(&maker->range)};
    return offload_submit(maker->issuer->offload, make, was_made, maker);
}

static enum err take_leaves(struct checkpoint_maker *maker, enum err err, const struct row *rows)
{
    struct bytes hashes;
    TRY(err);
    ENSURE(!maker->stopping, ERR_SHUTTING_DOWN);
    TRY(store_audit_hashes_read(rows, maker->arena, &hashes));
    add(maker, hashes);
    if (hashes.size == (size_t)LEAVES_AT_ONCE * MERKLE_HASH_SIZE)
        return ask_for_leaves(maker);
    ENSURE((int64_t)maker->range.size >= maker->head.leaves, ERR_AUDIT_FORKED); /* one in between is missing */
    if ((int64_t)maker->range.size > maker->signed_size)
        return sign(maker);
    end(maker, OK);
    return OK;
}

static void leaves_came(void *context, enum err err, const struct row *rows)
{
    struct checkpoint_maker *maker = context;
    err = take_leaves(maker, err, rows);
    if (err != OK)
        end(maker, err);
}

static enum err ask_for_leaves(struct checkpoint_maker *maker)
{
    return store_audit_leaves(maker->issuer->db, (int64_t)maker->range.size, LEAVES_AT_ONCE, call_ms(maker),
                              leaves_came, maker);
}

/* -- what was promised ----------------------------------------------------------------------------------------------
 */

static enum err check_next_promise(struct checkpoint_maker *maker);

static enum err take_range(struct checkpoint_maker *maker, enum err err, const struct row *rows)
{
    const struct checkpoint *promise = &maker->promises[maker->promise_next];
    struct bytes roots;
    struct merkle_range range;
    TRY(err);
    ENSURE(!maker->stopping, ERR_SHUTTING_DOWN);
    TRY(store_audit_hashes_read(rows, maker->arena, &roots));
    ENSURE(merkle_load((uint64_t)promise->size, roots, &range), ERR_AUDIT_FORKED);
    struct merkle_hash root = merkle_root(&range);
    ENSURE(merkle_equal(&root, &promise->root), ERR_AUDIT_FORKED);
    maker->range = range;
    maker->promise_next++;
    return check_next_promise(maker);
}

static void range_came(void *context, enum err err, const struct row *rows)
{
    struct checkpoint_maker *maker = context;
    err = take_range(maker, err, rows);
    if (err != OK)
        end(maker, err);
}

/* What was witnessed right before a crash is recorded now: no witness of ours is without its record. */
static bool was_not_recorded(struct checkpoint_maker *maker)
{
    if (maker->promise_count == 0 || maker->promises[maker->promise_count - 1].size <= maker->head.size)
        return false;
    maker->checkpoint = maker->promises[maker->promise_count - 1];
    maker->made = OK;
    return true;
}

static enum err check_next_promise(struct checkpoint_maker *maker)
{
    if (maker->promise_next == maker->promise_count) {
        maker->caught_up = true;
        maker->signed_size = maker->head.size;
        return was_not_recorded(maker) ? record(maker) : ask_for_leaves(maker);
    }
    int64_t size = maker->promises[maker->promise_next].size;
    ENSURE(size <= maker->head.leaves, ERR_AUDIT_FORKED); /* the tree was set back */
    return store_audit_range(maker->issuer->db, size, call_ms(maker), range_came, maker);
}

/* After a loss of data the operator begins another log (docs/operations.md): what the old one signed is kept elsewhere.
 */
static bool is_of_this_log(const struct checkpoint_maker *maker, const char *note)
{
    size_t size = strlen(maker->origin);
    return strncmp(note, maker->origin, size) == 0 && note[size] == '\n';
}

static enum err add_promise(struct checkpoint_maker *maker, const char *note)
{
    struct checkpoint promise;
    if (!is_of_this_log(maker, note))
        return OK;
    TRY(note_open(maker->arena, note, maker->origin, maker->spki, &promise));
    if (maker->promise_count > 0 && maker->promises[0].size > promise.size) { /* by size: the last one stays */
        maker->promises[1] = maker->promises[0];
        maker->promises[0] = promise;
    } else {
        maker->promises[maker->promise_count] = promise;
    }
    maker->promise_count++;
    return OK;
}

static enum err gather_promises(struct checkpoint_maker *maker)
{
    const char *witnessed;
    maker->promise_count = maker->promise_next = 0;
    maker->range = (struct merkle_range){0};
    TRY(witness_last(maker->witness, maker->arena, &witnessed));
    TRY(add_promise(maker, witnessed));
    maker->note = witnessed;
    return add_promise(maker, maker->head.note);
}

/* -- the look -------------------------------------------------------------------------------------------------------
 */

static enum err take_head(struct checkpoint_maker *maker, enum err err, const struct row *rows)
{
    TRY(err);
    ENSURE(!maker->stopping, ERR_SHUTTING_DOWN);
    TRY(store_audit_head_read(rows, maker->arena, &maker->head));
    if (maker->caught_up && maker->head.size == maker->signed_size)
        return ask_for_leaves(maker);
    TRY(gather_promises(maker)); /* at first, or another issuer has signed meanwhile */
    return check_next_promise(maker);
}

static void head_came(void *context, enum err err, const struct row *rows)
{
    struct checkpoint_maker *maker = context;
    err = take_head(maker, err, rows);
    if (err != OK)
        end(maker, err);
}

static void look(void *context)
{
    struct checkpoint_maker *maker = context;
    if (!lease_held(maker->issuer->lease, &maker->fence)) {
        look_again(maker, STANDBY_LOOK_MS);
        return;
    }
    maker->arena = arena_new();
    enum err err = store_audit_head(maker->issuer->db, call_ms(maker), head_came, maker);
    if (err != OK)
        end(maker, err);
}

/* -- life --------------------------------------------------------------------------------------------------------- */

static enum err find_key(struct checkpoint_maker *maker)
{
    const struct issuer *issuer = maker->issuer;
    const struct settings *settings = issuer->settings;
    struct bytes published;
    TRY(hsm_find_key(issuer->hsm, settings->audit_key_label, &maker->key));
    TRY(hsm_public_key(issuer->hsm, maker->key, maker->life, &maker->spki));
    if (hsm_key_is_rsa(maker->key)) {
        log_error("audit", "the key %s is not on P-256", settings->audit_key_label);
        return ERR_SETTINGS_INVALID;
    }
    if (settings->audit_public_key_file[0] == '\0')
        return OK;
    TRY(note_key_load(maker->life, settings_path(maker->life, settings, settings->audit_public_key_file), &published));
    if (!bytes_equal(published, maker->spki)) {
        log_error("audit", "audit.public_key_file is not that of the key %s", settings->audit_key_label);
        return ERR_SETTINGS_INVALID;
    }
    return OK;
}

static enum err prepare(struct checkpoint_maker *maker)
{
    const struct settings *settings = maker->issuer->settings;
    maker->origin = note_origin(maker->life, settings->audit_origin, settings->web_public_url);
    maker->witness = arena_format(maker->life, "%s/witness.log",
                                  settings_path(maker->life, settings, settings->audit_folder));
    if (!note_name_valid(maker->origin)) {
        log_error("audit", "audit.origin has blanks or a plus: %s", maker->origin);
        return ERR_SETTINGS_INVALID;
    }
    return find_key(maker);
}

enum err checkpoint_maker_new(const struct issuer *issuer, struct checkpoint_maker **out)
{
    struct checkpoint_maker *maker = mem_alloc(sizeof(*maker));
    *maker = (struct checkpoint_maker){.issuer = issuer, .life = arena_new()};
    enum err err = prepare(maker);
    if (err != OK) {
        arena_free(maker->life);
        mem_free(maker);
        return err;
    }
    maker->timer = loop_timer_new(issuer->loop, look, maker);
    loop_timer_start(maker->timer, 0);
    *out = maker;
    return OK;
}

void checkpoint_maker_stop(struct checkpoint_maker *maker)
{
    maker->stopping = true;
    loop_timer_stop(maker->timer);
}

bool checkpoint_maker_busy(const struct checkpoint_maker *maker)
{
    return maker->arena != NULL;
}

bool checkpoint_maker_sound(const struct checkpoint_maker *maker)
{
    return maker->trouble != ERR_AUDIT_FORKED && maker->trouble != ERR_AUDIT_SIGNATURE;
}

void checkpoint_maker_free(struct checkpoint_maker *maker)
{
    if (maker == NULL)
        return;
    loop_timer_free(maker->timer);
    arena_free(maker->arena);
    arena_free(maker->life);
    mem_free(maker);
}
