/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/chain.h"

#include "base/mem.h"

#include <stdlib.h>

#define ROOM_FIRST 4096

static void make_room(struct chain *chain)
{
    if (chain->count < chain->room)
        return;
    size_t room = chain->room == 0 ? ROOM_FIRST : chain->room * 2;
    chain->befores = mem_grow(chain->befores, chain->room * sizeof(int64_t), room * sizeof(int64_t));
    chain->afters = mem_grow(chain->afters, chain->room * sizeof(int64_t), room * sizeof(int64_t));
    chain->room = room;
}

/* Rising: the oldest line first, each begins where the one before ended. Falling: the other way round. */
static void follow(struct chain *chain, size_t line, int64_t before, int64_t after)
{
    if (chain->count == 0) {
        chain->first_before = before;
        chain->first_after = after;
    } else {
        if (!chain->rising_broken && before != chain->last_after) {
            chain->rising_broken = true;
            chain->rising_line = line;
        }
        if (!chain->falling_broken && after != chain->last_before) {
            chain->falling_broken = true;
            chain->falling_line = line;
        }
    }
    chain->last_before = before;
    chain->last_after = after;
}

void chain_add(struct chain *chain, size_t line, int64_t movement_fen, int64_t balance_fen)
{
    int64_t before;
    if (balance_fen == INT64_MIN || __builtin_sub_overflow(balance_fen, movement_fen, &before)) {
        chain->unsaid = true;
        return;
    }
    make_room(chain);
    follow(chain, line, before, balance_fen);
    chain->befores[chain->count] = before;
    chain->afters[chain->count++] = balance_fen;
}

void chain_free(struct chain *chain)
{
    mem_free(chain->befores);
    mem_free(chain->afters);
    *chain = (struct chain){0};
}

static int by_value(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

/* In any order: what lines begin with is what lines end with, but for one beginning and one end. */
static bool holds_unordered(struct chain *chain, int64_t *opening_fen, int64_t *closing_fen)
{
    size_t i = 0, j = 0, openings = 0, closings = 0;
    *opening_fen = *closing_fen = chain->first_before; /* of lines that lead back to where they began */
    qsort(chain->befores, chain->count, sizeof(int64_t), by_value);
    qsort(chain->afters, chain->count, sizeof(int64_t), by_value);
    while ((i < chain->count || j < chain->count) && openings <= 1 && closings <= 1) {
        if (j == chain->count || (i < chain->count && chain->befores[i] < chain->afters[j])) {
            *opening_fen = chain->befores[i++];
            openings++;
        } else if (i == chain->count || chain->befores[i] > chain->afters[j]) {
            *closing_fen = chain->afters[j++];
            closings++;
        } else {
            i++;
            j++;
        }
    }
    return openings <= 1 && closings <= 1;
}

bool chain_check(struct chain *chain, int64_t *opening_fen, int64_t *closing_fen, size_t *broken_line)
{
    *broken_line = 0;
    if (chain->unsaid || chain->count == 0)
        return false;
    if (!chain->rising_broken) {
        *opening_fen = chain->first_before;
        *closing_fen = chain->last_after;
    } else if (!chain->falling_broken) {
        *opening_fen = chain->last_before;
        *closing_fen = chain->first_after;
    } else if (!holds_unordered(chain, opening_fen, closing_fen)) {
        *broken_line = chain->rising_line > chain->falling_line ? chain->rising_line : chain->falling_line;
    }
    return true;
}
