/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/address.h"

#include "base/mem.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <string.h>

#define ADDRESS_BUCKETS 4096 /* a power of two */

/* -- addresses --------------------------------------------------------------------------------------------------- */

static struct address from_v6(const struct in6_addr *v6)
{
    struct address address = {.family = AF_INET6};
    if (IN6_IS_ADDR_V4MAPPED(v6)) {
        address.family = AF_INET;
        memcpy(address.bytes, v6->s6_addr + 12, 4);
    } else {
        memcpy(address.bytes, v6->s6_addr, 16);
    }
    return address;
}

struct address address_of(const struct sockaddr *socket_address)
{
    struct address address = {.family = AF_INET};
    if (socket_address->sa_family == AF_INET6)
        return from_v6(&((const struct sockaddr_in6 *)(const void *)socket_address)->sin6_addr);
    if (socket_address->sa_family == AF_INET)
        memcpy(address.bytes, &((const struct sockaddr_in *)(const void *)socket_address)->sin_addr, 4);
    return address;
}

bool address_parse(const char *text, struct address *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, text, &v4) == 1) {
        *address = (struct address){.family = AF_INET};
        memcpy(address->bytes, &v4, 4);
        return true;
    }
    if (inet_pton(AF_INET6, text, &v6) == 1) {
        *address = from_v6(&v6);
        return true;
    }
    return false;
}

bool address_equal(const struct address *a, const struct address *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

const char *address_text(struct arena *arena, const struct address *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(address->family, address->bytes, text, sizeof(text));
    return arena_text(arena, text);
}

/* -- connections by address -------------------------------------------------------------------------------------- */

struct count {
    struct count *next;
    struct address address;
    size_t connections;
};

struct address_counts {
    uint64_t seed; /* so that nobody can choose addresses that meet in one bucket */
    struct count *buckets[ADDRESS_BUCKETS];
};

struct address_counts *address_counts_new(void)
{
    struct address_counts *counts = mem_alloc(sizeof(*counts));
    random_bytes(&counts->seed, sizeof(counts->seed));
    return counts;
}

void address_counts_free(struct address_counts *counts)
{
    if (counts == NULL)
        return;
    for (size_t i = 0; i < ADDRESS_BUCKETS; i++) {
        while (counts->buckets[i] != NULL) {
            struct count *count = counts->buckets[i];
            counts->buckets[i] = count->next;
            mem_free(count);
        }
    }
    mem_free(counts);
}

static uint64_t mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

/* The pointer that points, or would point, to the entry of address. */
static struct count **find(struct address_counts *counts, const struct address *address)
{
    uint64_t halves[2];
    memcpy(halves, address->bytes, sizeof(halves));
    uint64_t hash = mix(mix(counts->seed ^ halves[0]) ^ halves[1]);
    struct count **place = &counts->buckets[hash % ADDRESS_BUCKETS];
    while (*place != NULL && !address_equal(&(*place)->address, address))
        place = &(*place)->next;
    return place;
}

bool address_counts_take(struct address_counts *counts, const struct address *address, size_t limit)
{
    struct count **place = find(counts, address);
    if (*place == NULL) {
        *place = mem_alloc(sizeof(**place));
        (*place)->address = *address;
    }
    if ((*place)->connections >= limit)
        return false;
    (*place)->connections++;
    return true;
}

void address_counts_give(struct address_counts *counts, const struct address *address)
{
    struct count **place = find(counts, address);
    assert(*place != NULL);
    if (--(*place)->connections > 0)
        return;
    struct count *empty = *place;
    *place = empty->next;
    mem_free(empty);
}
