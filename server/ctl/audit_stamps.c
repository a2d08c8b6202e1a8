/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit_stamps.h"

#include "base/mem.h"
#include "base/text.h"
#include "pki/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTION     "audit.timestamp"
#define OBJECT     "checkpoint:"
#define FIRST_ROOM 64
#define HEX_SIZE   (2 * SHA256_SIZE + 1)
#define PLACE_SIZE 96

struct stamp {
    int64_t size;
    int64_t event; /* that says so */
    char sha256[HEX_SIZE];
};

struct stamp_list {
    struct stamp *items;
    size_t count, room;
};

struct audit_stamps {
    struct stamp_list told, there;
};

struct audit_stamps *audit_stamps_new(void)
{
    struct audit_stamps *stamps = mem_alloc(sizeof(*stamps));
    *stamps = (struct audit_stamps){0};
    return stamps;
}

void audit_stamps_free(struct audit_stamps *stamps)
{
    if (stamps == NULL)
        return;
    mem_free(stamps->told.items);
    mem_free(stamps->there.items);
    mem_free(stamps);
}

static struct stamp *add(struct stamp_list *list)
{
    if (list->count == list->room) {
        size_t room = list->room == 0 ? FIRST_ROOM : list->room * 2;
        list->items = mem_grow(list->items, list->room * sizeof(*list->items), room * sizeof(*list->items));
        list->room = room;
    }
    return &list->items[list->count++];
}

void audit_stamps_event(struct audit_stamps *stamps, const struct audit_event *event)
{
    if (!event->present || strcmp(event->action, ACTION) != 0 || strncmp(event->object, OBJECT, strlen(OBJECT)) != 0)
        return;
    struct stamp *stamp = add(&stamps->told);
    *stamp = (struct stamp){.size = strtoll(event->object + strlen(OBJECT), NULL, 10), .event = event->id};
    snprintf(stamp->sha256, sizeof(stamp->sha256), "%s", event->detail);
}

void audit_stamps_token(struct audit_stamps *stamps, int64_t size, struct bytes token)
{
    uint8_t digest[SHA256_SIZE];
    struct stamp *stamp = add(&stamps->there);
    *stamp = (struct stamp){.size = size};
    sha256_to(token, digest);
    for (size_t i = 0; i < SHA256_SIZE; i++)
        snprintf(stamp->sha256 + 2 * i, 3, "%02x", digest[i]);
}

static int by_size(const void *a, const void *b)
{
    int64_t left = ((const struct stamp *)a)->size, right = ((const struct stamp *)b)->size;
    return (left > right) - (left < right);
}

void audit_stamps_finish(struct audit_stamps *stamps, audit_fault *fault, void *context)
{
    struct stamp_list *there = &stamps->there;
    if (there->count > 0)
        qsort(there->items, there->count, sizeof(*there->items), by_size);
    for (size_t i = 0; i < stamps->told.count; i++) {
        const struct stamp *told = &stamps->told.items[i];
        const struct stamp *found = there->count == 0
                                        ? NULL
                                        : bsearch(told, there->items, there->count, sizeof(*there->items), by_size);
        char place[PLACE_SIZE];
        snprintf(place, sizeof(place), "checkpoint %" PRId64 ", event %" PRId64, told->size, told->event);
        if (found == NULL)
            fault(context, "timestamp_missing", place, "its time stamp was kept and is not there any more");
        else if (strcmp(found->sha256, told->sha256) != 0)
            fault(context, "timestamp_changed", place, "its time stamp is not the one that was kept");
    }
}
