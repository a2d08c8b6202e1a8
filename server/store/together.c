/* SPDX-License-Identifier: Apache-2.0 */
#include "store/together.h"

#include "base/mem.h"

struct queue {
    struct waiting *first, **last;
    size_t length;
};

struct together {
    const struct together_kind *kind;
    struct loop *loop;
    void *server;
    struct queue queue, again; /* again: each alone, before the others */
    struct waiting *items[TOGETHER_MAX];
    size_t count;        /* of the call under way */
    bool due, under_way; /* due: looks at the end of this turn */
};

static void queue_put(struct queue *queue, struct waiting *item)
{
    item->next = NULL;
    *queue->last = item;
    queue->last = &item->next;
    queue->length++;
}

static struct waiting *queue_take(struct queue *queue)
{
    struct waiting *item = queue->first;
    queue->first = item->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    queue->length--;
    return item;
}

static void look(void *context);

static void look_later(struct together *together)
{
    if (together->due || together->under_way)
        return;
    together->due = true;
    loop_defer(together->loop, look, together);
}

/* Those at the front that have the first one's fence. */
static void choose(struct together *together)
{
    together->count = 0;
    if (together->again.first != NULL) {
        together->items[together->count++] = queue_take(&together->again);
        return;
    }
    struct queue *queue = &together->queue;
    while (queue->first != NULL && together->count < TOGETHER_MAX &&
           (together->count == 0 || queue->first->fence == together->items[0]->fence))
        together->items[together->count++] = queue_take(queue);
}

static void answered(void *context, enum err err, const struct row *rows)
{
    struct together *together = context;
    /* Both were rolled back: a raise, or a deadlock that this call was chosen to end. */
    bool one_by_one = (err == ERR_DB_REFUSED || err == ERR_BUSY) && together->count > 1;
    if (err == OK && row_count(rows) != together->count)
        err = ERR_DB_SCHEMA;
    together->under_way = false;
    for (size_t i = 0; i < together->count; i++) {
        if (one_by_one)
            queue_put(&together->again, together->items[i]);
        else
            together->kind->answer(together->items[i], err, rows, i);
    }
    together_resume(together);
}

static bool held(const struct together *together)
{
    if (together->kind->hold == NULL)
        return false;
    size_t waiting = together->queue.length;
    /* who goes alone waits for no company */
    bool many = together->again.first != NULL || waiting > TOGETHER_MAX;
    return together->kind->hold(together->server, many ? TOGETHER_MAX : waiting);
}

static void look(void *context)
{
    struct together *together = context;
    together->due = false;
    if (held(together))
        return;
    choose(together);
    if (together->count == 0)
        return;
    together->under_way = true;
    enum err err = together->kind->send(together->server, together->items[0]->fence, together->items, together->count,
                                        answered, together);
    if (err != OK)
        answered(together, err, NULL);
}

struct together *together_new(const struct together_kind *kind, struct loop *loop, void *server)
{
    struct together *together = mem_alloc(sizeof(*together));
    *together = (struct together){.kind = kind, .loop = loop, .server = server};
    together->queue.last = &together->queue.first;
    together->again.last = &together->again.first;
    return together;
}

void together_add(struct together *together, struct waiting *item, int64_t fence)
{
    item->fence = fence;
    queue_put(&together->queue, item);
    look_later(together);
}

void together_resume(struct together *together)
{
    if (together->queue.first != NULL || together->again.first != NULL)
        look_later(together);
}

void together_free(struct together *together)
{
    mem_free(together);
}
