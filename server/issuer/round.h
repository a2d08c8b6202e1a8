/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that were begun in one call stay together: their intents go in one call and, when the last of them is
 * signed, their records. Three rounds are under way at a time, so that the token always signs for one while the
 * database works for another; what arrives meanwhile makes up the next, which begins when half as many wait as are
 * under way: it costs three calls. With nobody else there a round is one certificate and waits for nothing. A slow
 * token does not make the others wait: after a while what is signed goes on as it is, and the next round may begin. */
#pragma once

#include "base/loop.h"
#include "store/together.h"

struct rounds;
struct round;

#define ROUNDS_AT_ONCE 3

/* room is called when a round has ended; go_on with each member when it is time to record it. */
struct rounds *rounds_new(struct loop *loop, loop_handler *room, void *context, void (*go_on)(struct waiting *item));
/* Ends all rounds as they are. NULL is fine. */
void rounds_free(struct rounds *rounds);
/* Not now, a round of so many. */
bool rounds_hold(const struct rounds *rounds, size_t count);

struct round *round_begin(struct rounds *rounds, size_t members);
/* A signature of one of its members is asked for; each is followed by one of the next two. */
void round_signing(struct round *round);
/* go_on is called for it, now or later. */
void round_signed(struct round *round, struct waiting *item);
void round_not_signed(struct round *round);
/* A member was answered. The last one ends the round. */
void round_leave(struct round *round);
