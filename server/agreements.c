/* SPDX-License-Identifier: Apache-2.0 */
#include "agreements.h"

#include "base/log.h"
#include "store/agreement.h"
#include "store/review_queue.h"

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

/* -- how each platform is reviewed: all in one call, when the texts are there ----------------------------------------
 */

static void rules_answered(void *context, enum err err, const struct row *rows)
{
    struct publication *publication = context;
    if (err == OK)
        err = store_publish_review_rules_read(rows, publication->arena);
    end(publication, err);
}

static int64_t *numbers(struct publication *publication)
{
    return arena_alloc(publication->arena, (platforms_count(publication->platforms) + 1) * sizeof(int64_t));
}

static void publish_rules(struct publication *publication)
{
    size_t count = platforms_count(publication->platforms);
    const char **ids = arena_alloc(publication->arena, (count + 1) * sizeof(*ids));
    const char **versions = arena_alloc(publication->arena, (count + 1) * sizeof(*versions));
    int64_t *days = numbers(publication), *parallel = numbers(publication), *reviews = numbers(publication),
            *fen = numbers(publication), *approval = numbers(publication), *sample = numbers(publication),
            *last = numbers(publication), *wrong = numbers(publication);
    for (size_t i = 0; i < count; i++) {
        const struct platform *platform = platform_at(publication->platforms, i);
        ids[i] = platform->id;
        versions[i] = platform->version;
        days[i] = platform->review_days;
        parallel[i] = platform->review_order == REVIEW_PARALLEL;
        reviews[i] = platform->review_risk == REVIEW_TWO ? 2 : platform->review_risk == REVIEW_ONE;
        fen[i] = platform->review_risk_fen;
        approval[i] = platform->review_approval_days;
        sample[i] = platform->review_sample_percent * 100;
        last[i] = platform->review_sample_last;
        wrong[i] = platform->review_wrong_percent * 100;
    }
    const struct review_rules rules = {ids,      versions, days, parallel, reviews, fen,
                                       approval, sample,   last, wrong,    count};
    enum err err = store_publish_review_rules(publication->db, &rules, publication->deadline_ms, rules_answered,
                                              publication);
    if (err != OK)
        end(publication, err);
}

static void publish_next(struct publication *publication)
{
    if (publication->next == platforms_count(publication->platforms)) {
        publish_rules(publication);
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
