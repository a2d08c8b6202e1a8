/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit_chain.h"

#include "base/mem.h"
#include "base/text.h"
#include "ctl/audit_writers.h"
#include "pki/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GAP_MAX 1000000 /* of one sequence, walked through to the key behind it */
#define UNNAMED "unnamed/"

struct audit_chain {
    const struct audit_key *key;
    audit_fault *fault;
    merkle_whole *whole;
    void *context;
    struct arena *arena; /* of one event */
    struct audit_writers *writers;
    struct merkle_range range;
    int64_t events;
    bool sequenced; /* events from before sequences are the first ones of the tree */
};

static void tell(struct audit_chain *chain, const char *word, const char *place, const char *what)
{
    chain->fault(chain->context, word, place, what);
}

static const char *place_of(const struct audit_chain *chain, const struct audit_event *event)
{
    if (event->leaf_index < 0)
        return arena_format(chain->arena, "event %" PRId64 " (not sealed)", event->id);
    return arena_format(chain->arena, "event %" PRId64 ", leaf %" PRId64, event->id, event->leaf_index);
}

/* -- the canonical form ---------------------------------------------------------------------------------------------
 */

struct entry {
    uint8_t *data;
    size_t size;
};

static void put(struct entry *entry, const char *text)
{
    size_t size = strlen(text);
    entry->size += (size_t)sprintf((char *)entry->data + entry->size, "%zu:", size);
    memcpy(entry->data + entry->size, text, size);
    entry->size += size;
}

static void put_number(struct entry *entry, int64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, number);
    put(entry, text);
}

#define FIELDS     10
#define FIELD_HEAD 48 /* a length, or a number with its length */

struct bytes audit_entry(struct arena *arena, const struct audit_event *event)
{
    size_t room = 1 + (size_t)FIELDS * FIELD_HEAD + strlen(event->writer) + strlen(event->actor) +
                  strlen(event->action) + strlen(event->object) + strlen(event->detail);
    struct entry entry = {arena_alloc(arena, room), 1}; /* the zero octet of a leaf (RFC 6962 2.1) */
    put(&entry, "1");
    put_number(&entry, event->id);
    put(&entry, event->writer);
    put_number(&entry, event->writer_seq);
    put_number(&entry, event->at_us);
    put_number(&entry, event->xid);
    put(&entry, event->actor);
    put(&entry, event->action);
    put(&entry, event->object);
    put(&entry, event->detail);
    return (struct bytes){entry.data, entry.size};
}

/* -- a writer's sequence ------------------------------------------------------------------------------------------- */

static void next_key(struct audit_writer_state *writer)
{
    sha256_to((struct bytes){writer->key, AUDIT_KEY_SIZE}, writer->key);
    writer->seq++;
}

/* Whether the event is the writer's next one, or a later one: then its key is found behind the gap. */
static bool take_place(struct audit_chain *chain, struct audit_writer_state *writer, const struct audit_event *event)
{
    int64_t wanted = writer->seq + 1;
    const char *place = place_of(chain, event);
    if (event->writer_seq < wanted || event->writer_seq - wanted > GAP_MAX) {
        tell(chain, "sequence_order", place,
             arena_format(chain->arena, "%s: %" PRId64 " where %" PRId64 " comes next", writer->name, event->writer_seq,
                          wanted));
        return false;
    }
    if (event->writer_seq > wanted) {
        tell(chain, "events_missing", place,
             arena_format(chain->arena, "%s: %" PRId64 " to %" PRId64 " before it are missing", writer->name, wanted,
                          event->writer_seq - 1));
        writer->after_gap = true;
    }
    while (writer->seq + 1 < event->writer_seq)
        next_key(writer);
    return true;
}

/* SHA-256 of key, leaf and the MAC before; of what came before a gap nothing is known. */
static bool mac_holds(const struct audit_writer_state *writer, const struct merkle_hash *leaf, struct bytes mac)
{
    uint8_t all[AUDIT_KEY_SIZE + 2 * MERKLE_HASH_SIZE], made[MERKLE_HASH_SIZE];
    memcpy(all, writer->key, AUDIT_KEY_SIZE);
    memcpy(all + AUDIT_KEY_SIZE, leaf->octets, MERKLE_HASH_SIZE);
    memcpy(all + AUDIT_KEY_SIZE + MERKLE_HASH_SIZE, writer->mac, MERKLE_HASH_SIZE);
    sha256_to((struct bytes){all, sizeof(all)}, made);
    return mac.size == MERKLE_HASH_SIZE && memcmp(mac.data, made, MERKLE_HASH_SIZE) == 0;
}

static void check_head(struct audit_chain *chain, struct audit_writer_state *writer, const struct audit_event *event)
{
    if (writer->head_seq != event->writer_seq)
        return;
    if (strcmp(writer->head_mac, hex_encode(chain->arena, event->mac)) != 0)
        tell(chain, "head_differs", place_of(chain, event),
             arena_format(chain->arena, "%s wrote another one as its %" PRId64, writer->name, event->writer_seq));
}

static void take_event(struct audit_chain *chain, const struct audit_event *event, const struct merkle_hash *leaf)
{
    chain->events++;
    if (event->writer[0] == '\0' && event->writer_seq == 0 && !chain->sequenced && event->leaf_index >= 0)
        return; /* from before sequences */
    chain->sequenced = true;
    struct audit_writer_state *writer = audit_writers_get(chain->writers, event->writer);
    if (!take_place(chain, writer, event))
        return;
    if (strncmp(event->writer, UNNAMED, strlen(UNNAMED)) == 0 || event->writer[0] == '\0')
        tell(chain, "writer_unknown", place_of(chain, event), "written by no process of ours");
    else if (!writer->after_gap && !mac_holds(writer, leaf, event->mac))
        tell(chain, "mac_wrong", place_of(chain, event),
             arena_format(chain->arena, "is not what %s wrote as its %" PRId64, writer->name, event->writer_seq));
    check_head(chain, writer, event);
    writer->after_gap = false;
    if (event->mac.size == MERKLE_HASH_SIZE)
        memcpy(writer->mac, event->mac.data, MERKLE_HASH_SIZE);
    next_key(writer);
}

/* -- events -------------------------------------------------------------------------------------------------------- */

static void add_leaf(struct audit_chain *chain, const struct merkle_hash *hash)
{
    merkle_append(&chain->range, *hash, chain->whole, chain->context);
}

/* Nothing is known of the missing leaves: the roots behind them will differ. */
static void pass_gap(struct audit_chain *chain, const struct audit_event *event)
{
    static const struct merkle_hash nothing;
    tell(chain, "leaves_missing", place_of(chain, event),
         arena_format(chain->arena, "leaf %" PRIu64 " comes next", chain->range.size));
    for (int64_t i = 0; i < GAP_MAX && (int64_t)chain->range.size < event->leaf_index; i++)
        add_leaf(chain, &nothing);
}

void audit_chain_leaf(struct audit_chain *chain, const struct audit_event *event)
{
    struct merkle_hash stored = {{0}}, made;
    arena_reset(chain->arena);
    if (event->leaf_index != (int64_t)chain->range.size)
        pass_gap(chain, event);
    if (event->hash.size == MERKLE_HASH_SIZE)
        memcpy(stored.octets, event->hash.data, MERKLE_HASH_SIZE);
    add_leaf(chain, &stored);
    if (!event->present) {
        tell(chain, "event_deleted", place_of(chain, event), "the event of this leaf is gone");
        return;
    }
    made = merkle_leaf(audit_entry(chain->arena, event));
    if (!merkle_equal(&made, &stored))
        tell(chain, "event_changed", place_of(chain, event), "is not what was sealed");
    take_event(chain, event, &stored);
}

void audit_chain_unsealed(struct audit_chain *chain, const struct audit_event *event)
{
    arena_reset(chain->arena);
    struct merkle_hash leaf = merkle_leaf(audit_entry(chain->arena, event));
    take_event(chain, event, &leaf);
}

/* -- heads --------------------------------------------------------------------------------------------------------- */

void audit_chain_head(struct audit_chain *chain, const char *writer, int64_t seq, const char *mac)
{
    struct audit_writer_state *state = audit_writers_get(chain->writers, writer);
    if (seq <= state->head_seq)
        return;
    state->head_seq = seq;
    snprintf(state->head_mac, sizeof(state->head_mac), "%s", mac);
}

static void check_tail(void *context, const struct audit_writer_state *writer)
{
    struct audit_chain *chain = context;
    if (writer->seq < writer->head_seq)
        tell(chain, "events_missing", arena_format(chain->arena, "the end of %s", writer->name),
             arena_format(chain->arena, "%" PRId64 " to %" PRId64 " were written and are not there", writer->seq + 1,
                          writer->head_seq));
}

void audit_chain_finish(struct audit_chain *chain)
{
    arena_reset(chain->arena);
    audit_writers_each(chain->writers, check_tail, chain);
}

/* -- life ---------------------------------------------------------------------------------------------------------- */

struct audit_chain *audit_chain_new(const struct audit_key *key, audit_fault *fault, merkle_whole *whole, void *context)
{
    struct audit_chain *chain = mem_alloc(sizeof(*chain));
    *chain = (struct audit_chain){.key = key, .fault = fault, .whole = whole, .context = context};
    chain->arena = arena_new();
    chain->writers = audit_writers_new(key);
    return chain;
}

void audit_chain_free(struct audit_chain *chain)
{
    if (chain == NULL)
        return;
    audit_writers_free(chain->writers);
    arena_free(chain->arena);
    mem_free(chain);
}

const struct merkle_range *audit_chain_range(const struct audit_chain *chain)
{
    return &chain->range;
}

int64_t audit_chain_events(const struct audit_chain *chain)
{
    return chain->events;
}

int64_t audit_chain_writers(const struct audit_chain *chain)
{
    return audit_writers_count(chain->writers);
}
