/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit_json.h"

#include "base/clock.h"
#include "base/text.h"
#include "pki/merkle.h"

struct json *audit_event_json(struct arena *arena, const struct audit_event *event)
{
    struct json *json = json_new_object();
    if (event->leaf_index >= 0)
        json_put_integer(json, "leaf", event->leaf_index);
    if (event->hash.size > 0)
        json_put_text(json, "hash", hex_encode(arena, event->hash));
    json_put_integer(json, "id", event->id);
    if (!event->present)
        return json;
    json_put_text(json, "writer", event->writer);
    json_put_integer(json, "writer_seq", event->writer_seq);
    json_put_integer(json, "at_us", event->at_us);
    json_put_text(json, "at", clock_text(arena, event->at_us));
    json_put_integer(json, "xid", event->xid);
    json_put_text(json, "actor", event->actor);
    json_put_text(json, "action", event->action);
    json_put_text(json, "object", event->object);
    json_put_text(json, "detail", event->detail);
    json_put_text(json, "mac", hex_encode(arena, event->mac));
    return json;
}

struct json *audit_checkpoint_json(struct arena *arena, const struct audit_checkpoint *checkpoint)
{
    struct json *json = json_new_object();
    json_put_integer(json, "size", checkpoint->size);
    json_put_text(json, "note", checkpoint->note);
    json_put_text(json, "signed_at", clock_text(arena, checkpoint->signed_at_us));
    if (checkpoint->token.size > 0)
        json_put_text(json, "timestamp", base64_encode(arena, checkpoint->token));
    return json;
}

struct json *audit_path_json(struct arena *arena, struct bytes path)
{
    struct json *list = json_new_array();
    for (size_t at = 0; at + MERKLE_HASH_SIZE <= path.size; at += MERKLE_HASH_SIZE)
        json_append_text(list, hex_encode(arena, (struct bytes){path.data + at, MERKLE_HASH_SIZE}));
    return list;
}

struct json *audit_consistency_json(struct arena *arena, const struct audit_consistency *proof)
{
    struct json *json = json_new_object();
    json_put_text(json, "old_checkpoint", proof->old_note);
    json_put_text(json, "checkpoint", proof->new_note);
    json_put(json, "path", audit_path_json(arena, proof->path));
    return json;
}

struct json *audit_proof_json(struct arena *arena, const struct audit_proof *proof)
{
    struct json *json = json_new_object();
    json_put(json, "event", audit_event_json(arena, &proof->event));
    json_put_integer(json, "size", proof->size);
    json_put(json, "path", audit_path_json(arena, proof->path));
    json_put_text(json, "checkpoint", proof->note);
    return json;
}
