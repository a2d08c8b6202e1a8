/* SPDX-License-Identifier: Apache-2.0 */
#include "agreements.h"

#include "base/log.h"
#include "store/agreement.h"

/* How the publication of all texts goes; each answer arrives on the loop and starts the next. */
struct publication {
    struct arena *arena; /* holds this as well */
    struct db *db;
    const struct platforms *platforms;
    int64_t deadline_ms;
    agreements_done *done;
    void *context;
    size_t next; /* the platform and the kind of text under way */
    enum agreement_kind kind;
};

static void publish_next(struct publication *publication);

static void end(struct publication *publication, enum err err)
{
    agreements_done *done = publication->done;
    void *context = publication->context;
    arena_free(publication->arena);
    done(context, err);
}

static const struct platform_agreement *under_way(const struct publication *publication)
{
    return platform_agreement_of(platform_at(publication->platforms, publication->next), publication->kind);
}

static void answered(void *context, enum err err, const struct row *rows)
{
    struct publication *publication = context;
    if (err == OK)
        err = store_publish_agreement_read(rows, publication->arena);
    const struct platform_agreement *agreement = under_way(publication);
    if (err == ERR_AGREEMENT_TEXT_CHANGED)
        log_error("settings",
                  "platform %s: the text of %s version %s is not the one published under this version;"
                  " restore %s or give it a new version",
                  platform_at(publication->platforms, publication->next)->id, agreement->id, agreement->version,
                  agreement->file);
    if (err != OK) {
        end(publication, err);
        return;
    }
    publication->kind++;
    if (publication->kind == AGREEMENT_KINDS) {
        publication->kind = 0;
        publication->next++;
    }
    publish_next(publication);
}

static void publish_next(struct publication *publication)
{
    if (publication->next == platforms_count(publication->platforms)) {
        end(publication, OK);
        return;
    }
    const struct platform_agreement *agreement = under_way(publication);
    const struct published_agreement it = {agreement_kinds[publication->kind],
                                           agreement->id,
                                           agreement->version,
                                           agreement->title,
                                           agreement->sha256,
                                           agreement->text};
    enum err err = store_publish_agreement(publication->db, &it, publication->deadline_ms, answered, publication);
    if (err != OK)
        end(publication, err);
}

void agreements_publish(struct db *db, const struct platforms *platforms, int64_t deadline_ms, agreements_done *done,
                        void *context)
{
    struct arena *arena = arena_new();
    struct publication *publication = ARENA_NEW(arena, struct publication);
    *publication = (struct publication){
        .arena = arena, .db = db, .platforms = platforms, .deadline_ms = deadline_ms, .done = done, .context = context};
    publish_next(publication);
}

/* -- while nothing else runs ------------------------------------------------------------------------------------- */

struct wait {
    struct loop *loop;
    enum err err;
    bool running, ended;
};

static void waited(void *context, enum err err)
{
    struct wait *wait = context;
    wait->err = err;
    wait->ended = true;
    if (wait->running)
        loop_stop(wait->loop);
}

enum err agreements_publish_now(struct loop *loop, struct db *db, const struct platforms *platforms,
                                int64_t deadline_ms)
{
    struct wait wait = {.loop = loop};
    agreements_publish(db, platforms, deadline_ms, waited, &wait);
    wait.running = true;
    if (!wait.ended)
        loop_run(loop);
    return wait.err;
}
