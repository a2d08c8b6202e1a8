/* SPDX-License-Identifier: Apache-2.0 */
/* Do the balances of a statement lead from line to line, whatever order the lines stand in? Banks write them oldest
 * first or newest first, and people sort them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chain { /* {0} is empty */
    int64_t *befores, *afters;
    size_t count, room;
    bool unsaid; /* a line had no balance */
    bool rising_broken, falling_broken;
    size_t rising_line, falling_line; /* where first */
    int64_t first_before, first_after, last_before, last_after;
};

/* balance INT64_MIN: not said. */
void chain_add(struct chain *chain, size_t line, int64_t movement_fen, int64_t balance_fen);
void chain_free(struct chain *chain);
/* True when every line has its balance: then *broken_line is 0 and opening and closing are told, or it is the line
 * where the balances first do not lead on. */
bool chain_check(struct chain *chain, int64_t *opening_fen, int64_t *closing_fen, size_t *broken_line);
