/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "pki/digest.h"
#include "remote/wechat.h"

struct set {
    struct set *next; /* of those put away */
    struct rule_set it;
    struct settings settings;
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
    gateways_free(&set->it.gateways);
    seal_free(set->it.seal_keys);
    portal_issuers_free(set->it.portal_issuers);
    arena_free(set->it.arena);
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

static enum err load_rules(struct set *set, const struct rules_options *options)
{
    const struct platforms *before = set->rules->current != NULL ? set->rules->current->it.platforms : NULL;
    struct rule_set *it = &set->it;
    enum err platforms = platforms_load(it->arena, it->settings, sha256, log_fault, NULL, &it->platforms);
    enum err templates = templates_load(it->arena, it->settings, log_fault, NULL, &it->templates);
    TRY(platforms);
    TRY(templates);
    return rules_check(it->arena, it->platforms, options->profiles, before, log_fault, NULL);
}

static enum err load_jobs_keys(struct rule_set *it)
{
    if (it->settings->sms_access_key_id[0] != '\0')
        TRY(aliyun_sms_load(it->settings, it->arena, &it->sms));
    return it->settings->faceid_secret_id[0] != '\0' ? faceid_load(it->settings, it->arena, &it->faceid) : OK;
}

/* Whoever loads them logs which file is wrong and why. */
static enum err load_keys(struct set *set, const struct rules_options *options)
{
    struct rule_set *it = &set->it;
    enum err gateways = gateways_load(it->settings, options->jobs, it->arena, &it->gateways);
    enum err seal = seal_load(settings_path(it->arena, it->settings, it->settings->keys_seal_file), &it->seal_keys);
    TRY(gateways);
    TRY(seal);
    return options->jobs ? load_jobs_keys(it)
                         : portal_issuers_load(it->arena, it->settings, it->platforms, &it->portal_issuers);
}

static void log_restart(const struct rules *rules, const char *setting)
{
    log_warn("settings", "%s: %s has changed in the file: it is read at start only, this process goes on as before",
             rules->options.role, setting);
}

/* The running settings with the keys that the file names now. At start they are one. */
static enum err load_settings(struct set *set, const struct rules_options *options)
{
    struct settings newer;
    const char *other = NULL;
    set->settings = *options->settings;
    set->it.settings = &set->settings;
    if (set->rules->current == NULL)
        return OK;
    TRY(settings_load(set->it.arena, options->settings->file, log_fault, NULL, &newer));
    settings_with_keys(options->settings, &newer, set->it.arena, &set->settings, &other);
    if (other != NULL)
        log_restart(set->rules, other);
    return OK;
}

static enum err fill(struct set *set, const struct rules_options *options)
{
    TRY(load_settings(set, options));
    TRY(load_rules(set, options));
    return load_keys(set, options);
}

static enum err load(struct rules *rules, struct set **out)
{
    struct set *set = mem_alloc(sizeof(*set));
    *set = (struct set){.it.arena = arena_new(), .rules = rules};
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
    if (old != NULL && old->it.gateways.wechat != NULL && set->it.gateways.wechat != NULL)
        wechat_inherit(set->it.gateways.wechat, old->it.gateways.wechat, clock_now_us(), set->it.arena);
    rules->options.use(rules->options.context, &set->it);
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
        rules_note(set->it.arena, options->settings, set->it.platforms, log_note, NULL);
        log_info("settings", "%s: reloaded %zu platforms, and the keys", options->role,
                 platforms_count(set->it.platforms));
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
        rules->options.prepare(rules->options.context, set->it.platforms);
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
