/* SPDX-License-Identifier: Apache-2.0 */
#include "issuer/round.h"

#include "base/mem.h"

#define SHARE       2   /* a round is no smaller than this part of those under way: half */
#define PATIENCE_MS 200 /* a full round of a token that makes 320 signatures a second */

struct round {
    struct rounds *rounds;
    struct round *next, **link; /* in the list of all */
    size_t members;             /* not answered yet */
    size_t signing;
    struct waiting *first, **last; /* signed, waiting for the others */
    struct loop_timer *patience;
    bool asked;     /* for a signature: patience runs */
    bool impatient; /* it has run out */
};

struct rounds {
    struct loop *loop;
    loop_handler *room;
    void *context;
    void (*go_on)(struct waiting *item);
    struct round *first;
    size_t under_way, members; /* without the impatient ones */
};

static void one_less(struct rounds *rounds)
{
    rounds->under_way--;
    rounds->room(rounds->context);
}

/* go_on may lead to the round's end: nothing of it is used afterwards. */
static void send_on(struct round *round)
{
    struct rounds *rounds = round->rounds;
    struct waiting *item = round->first;
    round->first = NULL;
    round->last = &round->first;
    while (item != NULL) {
        struct waiting *next = item->next;
        rounds->go_on(item);
        item = next;
    }
}

static void lose_patience(void *context)
{
    struct round *round = context;
    round->impatient = true;
    round->rounds->members -= round->members;
    one_less(round->rounds);
    send_on(round);
}

static void end(struct round *round)
{
    *round->link = round->next;
    if (round->next != NULL)
        round->next->link = round->link;
    loop_timer_free(round->patience);
    mem_free(round);
}

struct rounds *rounds_new(struct loop *loop, loop_handler *room, void *context, void (*go_on)(struct waiting *item))
{
    struct rounds *rounds = mem_alloc(sizeof(*rounds));
    *rounds = (struct rounds){.loop = loop, .room = room, .context = context, .go_on = go_on};
    return rounds;
}

void rounds_free(struct rounds *rounds)
{
    if (rounds == NULL)
        return;
    while (rounds->first != NULL)
        end(rounds->first);
    mem_free(rounds);
}

bool rounds_hold(const struct rounds *rounds, size_t count)
{
    return rounds->under_way >= ROUNDS_AT_ONCE || count * SHARE < rounds->members;
}

struct round *round_begin(struct rounds *rounds, size_t members)
{
    struct round *round = mem_alloc(sizeof(*round));
    *round = (struct round){.rounds = rounds, .next = rounds->first, .link = &rounds->first, .members = members};
    round->last = &round->first;
    round->patience = loop_timer_new(rounds->loop, lose_patience, round);
    if (round->next != NULL)
        round->next->link = &round->next;
    rounds->first = round;
    rounds->under_way++;
    rounds->members += members;
    return round;
}

void round_signing(struct round *round)
{
    round->signing++;
    if (!round->asked)
        loop_timer_start(round->patience, PATIENCE_MS);
    round->asked = true;
}

static void one_came_back(struct round *round)
{
    if (--round->signing == 0 || round->impatient)
        send_on(round);
}

void round_signed(struct round *round, struct waiting *item)
{
    item->next = NULL;
    *round->last = item;
    round->last = &item->next;
    one_came_back(round);
}

void round_not_signed(struct round *round)
{
    one_came_back(round);
}

void round_leave(struct round *round)
{
    struct rounds *rounds = round->rounds;
    bool counted = !round->impatient;
    if (counted)
        rounds->members--;
    if (--round->members > 0)
        return;
    end(round);
    if (counted)
        one_less(rounds);
}
