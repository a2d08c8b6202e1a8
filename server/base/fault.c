/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"

void fault_init(struct fault *fault, struct arena *arena)
{
    *fault = (struct fault){.arena = arena};
}

void fault_say(struct fault *fault, const char *zh, const char *en)
{
    if (fault == NULL)
        return;
    fault->detail_zh = arena_text(fault->arena, zh);
    fault->detail_en = arena_text(fault->arena, en);
}

void fault_field(struct fault *fault, const char *path, const char *code, const char *zh, const char *en)
{
    if (fault == NULL || fault->field_count == FAULT_FIELDS_MAX)
        return;
    fault->fields[fault->field_count++] = (struct fault_field){
        .path = arena_text(fault->arena, path),
        .code = code,
        .zh = arena_text(fault->arena, zh),
        .en = arena_text(fault->arena, en),
    };
}

void fault_extend(struct fault *fault, const char *name, const char *json)
{
    if (fault == NULL)
        return;
    fault->extension_name = arena_text(fault->arena, name);
    fault->extension = arena_text(fault->arena, json);
}

enum err fault_check(const struct fault *fault)
{
    return fault->field_count == 0 ? OK : ERR_FIELDS_INVALID;
}
