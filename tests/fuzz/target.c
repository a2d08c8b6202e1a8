/* SPDX-License-Identifier: Apache-2.0 */
/* The request target, media types, addresses: small texts that strangers write. */
#include "fuzz.h"

#include "edge/address.h"
#include "edge/media.h"
#include "edge/peer_fault.h"
#include "edge/target.h"

#include <string.h>

void fuzz_start(void)
{
}

static bool dots(const char *segment)
{
    return strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0;
}

static void read_target(struct arena *arena, struct bytes input)
{
    struct target target;
    fuzz_fill(&target, sizeof(target));
    if (target_parse(arena, (const char *)input.data, input.size, fuzz_fault(arena), &target) != OK)
        return;
    HOLDS(target.segment_count <= TARGET_SEGMENTS_MAX && target.query_count <= TARGET_QUERY_MAX);
    for (size_t i = 0; i < target.segment_count; i++)
        HOLDS(!dots(target.segments[i]) && strchr(target.segments[i], '/') == NULL);
    for (size_t i = 0; i < target.query_count; i++)
        HOLDS(strcmp(target_query(&target, target.query[i].name), target.query[i].value) == 0);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    const char *text = fuzz_text(arena, input);
    struct address address, again;
    read_target(arena, input);
    (void)!media_check("application/json|application/pdf", text);
    if (address_parse(text, &address))
        HOLDS(address_parse(address_text(arena, &address), &again) && address_equal(&address, &again));
    peer_fault_read(input, fuzz_fault(arena));
}
