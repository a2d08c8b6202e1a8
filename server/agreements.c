/* SPDX-License-Identifier: Apache-2.0 */
#include "agreements.h"

#include "base/log.h"
#include "store/agreement.h"

/* How the publication of all texts goes; each answer arrives on the loop. */
struct publication {
    struct loop *loop;
    struct arena *arena;
    const struct platform *platform; /* of the text under way */
    const struct platform_agreement *agreement;
    enum err err;
};

static void answered(void *context, enum err err, const struct row *rows)
{
    struct publication *publication = context;
    publication->err = err == OK ? store_publish_agreement_read(rows, publication->arena) : err;
    if (publication->err == ERR_AGREEMENT_TEXT_CHANGED)
        log_error("settings",
                  "platform %s: the text of %s version %s is not the one published under this version;"
                  " restore %s or give it a new version",
                  publication->platform->id, publication->agreement->id, publication->agreement->version,
                  publication->agreement->file);
    loop_stop(publication->loop);
}

static enum err publish(struct publication *publication, struct db *db, enum agreement_kind kind, int64_t deadline_ms)
{
    const struct platform_agreement *agreement = platform_agreement_of(publication->platform, kind);
    const struct published_agreement it = {agreement_kinds[kind], agreement->id,     agreement->version,
                                           agreement->title,      agreement->sha256, agreement->text};
    publication->agreement = agreement;
    TRY(store_publish_agreement(db, &it, deadline_ms, answered, publication));
    loop_run(publication->loop);
    return publication->err;
}

enum err agreements_publish(struct loop *loop, struct arena *arena, struct db *db, const struct platforms *platforms,
                            int64_t deadline_ms)
{
    struct publication publication = {.loop = loop, .arena = arena};
    for (size_t i = 0; i < platforms_count(platforms); i++) {
        publication.platform = platform_at(platforms, i);
        for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++)
            TRY(publish(&publication, db, kind, deadline_ms));
    }
    return OK;
}
