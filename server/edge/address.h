/* SPDX-License-Identifier: Apache-2.0 */
/* Who is at the other end: a compact address, and how many connections each address holds. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <sys/socket.h>

struct address {
    uint8_t family; /* AF_INET or AF_INET6; an IPv4-mapped address is AF_INET */
    uint8_t bytes[16];
};

struct address address_of(const struct sockaddr *socket_address);
/* false when text is not an IPv4 or IPv6 address. */
bool address_parse(const char *text, struct address *address);
bool address_equal(const struct address *a, const struct address *b);
const char *address_text(struct arena *arena, const struct address *address);

struct address_counts; /* connections by address */

struct address_counts *address_counts_new(void);
void address_counts_free(struct address_counts *counts);
/* false, and nothing counted, when address already holds limit connections. */
bool address_counts_take(struct address_counts *counts, const struct address *address, size_t limit);
void address_counts_give(struct address_counts *counts, const struct address *address);
