/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/log.h"
#include "base/mem.h"
#include "pki/digest.h"

struct set {
    struct set *next; /* of those put away */
    struct arena *arena;
    struct platforms *platforms;
    struct templates *templates;
    struct rules *rules;
    struct loop_timer *timer; /* runs once it was replaced */
};

struct rules {
    struct rules_options options;
    struct set *current;
    struct set *replaced;
    struct set *pending; /* loaded and good, being prepared */
    bool again;
};

static void log_fault(void *context, const char *message)
{
    (void)context;
    log_error("settings", "%s", message);
}

static void log_note(void *context, const char *message)
{
    (void)context;
    log_warn("settings", "%s", message);
}

static void set_free(struct set *set)
{
    loop_timer_free(set->timer);
    arena_free(set->arena);
    mem_free(set);
}

static void grace_over(void *context)
{
    struct set *set = context;
    struct set **at = &set->rules->replaced;
    while (*at != set)
        at = &(*at)->next;
    *at = set->next;
    set_free(set);
}

static enum err fill(struct set *set, const struct rules_options *options)
{
    const struct platforms *before = set->rules->current != NULL ? set->rules->current->platforms : NULL;
    enum err platforms = platforms_load(set->arena, options->settings, sha256, log_fault, NULL, &set->platforms);
    enum err templates = templates_load(set->arena, options->settings, log_fault, NULL, &set->templates);
    TRY(platforms);
    TRY(templates);
    return rules_check(set->arena, set->platforms, options->profiles, before, log_fault, NULL);
}

static enum err load(struct rules *rules, struct set **out)
{
    struct set *set = mem_alloc(sizeof(*set));
    *set = (struct set){.arena = arena_new(), .rules = rules};
    set->timer = loop_timer_new(rules->options.loop, grace_over, set);
    enum err err = fill(set, &rules->options);
    if (err != OK) {
        set_free(set);
        return err;
    }
    *out = set;
    return OK;
}

static void put_to_use(struct rules *rules, struct set *set)
{
    struct set *old = rules->current;
    rules->current = set;
    rules->options.use(rules->options.context, set->platforms, set->templates);
    if (old == NULL)
        return;
    old->next = rules->replaced;
    rules->replaced = old;
    loop_timer_start(old->timer, RULES_GRACE_MS);
}

enum err rules_open(const struct rules_options *options, struct rules **out)
{
    struct rules *rules = mem_alloc(sizeof(*rules));
    *rules = (struct rules){.options = *options};
    struct set *set;
    enum err err = load(rules, &set);
    if (err != OK) {
        mem_free(rules);
        return err;
    }
    put_to_use(rules, set);
    *out = rules;
    return OK;
}

static void refuse(const struct rules *rules)
{
    log_error("settings", "%s: reload refused, nothing has changed; mend what is named above and reload again",
              rules->options.role);
}

void rules_prepared(struct rules *rules, enum err err)
{
    const struct rules_options *options = &rules->options;
    struct set *set = rules->pending;
    rules->pending = NULL;
    if (err != OK) {
        log_error("settings", "%s: %s (%s)", options->role, err_info(err)->en, err_code(err));
        refuse(rules);
        set_free(set);
    } else {
        put_to_use(rules, set);
        rules_note(set->arena, options->settings, set->platforms, log_note, NULL);
        log_info("settings", "%s: reloaded %zu platforms", options->role, platforms_count(set->platforms));
    }
    if (!rules->again)
        return;
    rules->again = false;
    rules_reload(rules);
}

void rules_reload(struct rules *rules)
{
    if (rules->pending != NULL) {
        rules->again = true;
        return;
    }
    struct set *set;
    if (load(rules, &set) != OK) {
        refuse(rules);
        return;
    }
    rules->pending = set;
    if (rules->options.prepare != NULL)
        rules->options.prepare(rules->options.context, set->platforms);
    else
        rules_prepared(rules, OK);
}

void rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    for (struct set *set = rules->replaced, *next; set != NULL; set = next) {
        next = set->next;
        set_free(set);
    }
    if (rules->pending != NULL)
        set_free(rules->pending);
    set_free(rules->current);
    mem_free(rules);
}
