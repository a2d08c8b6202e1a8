/* SPDX-License-Identifier: Apache-2.0 */
/* What operators may change while the server runs: platforms with their agreements, message templates, and the keys of
 * gateways, portals, providers and of what is sealed. A set is loaded beside the one in use and takes its place only
 * when all of it is good; who works with the old one may go on.
 */
#pragma once

#include "api/portal_token.h"
#include "base/loop.h"
#include "domain/platform.h"
#include "domain/template.h"
#include "pki/profiles.h"
#include "pki/seal.h"
#include "remote/aliyun_sms.h"
#include "remote/faceid.h"
#include "remote/gateway.h"

/* What must hold beyond each file: every platform's certificate profile is there, no two agreements of one id and
 * version have different texts, also not those of before (NULL: none). Reports like settings_load. */
enum err rules_check(struct arena *arena, const struct platforms *platforms, const struct profiles *profiles,
                     const struct platforms *before, settings_report *report, void *context) MUST_CHECK;
/* Reports the methods of payment that platforms name and this installation has not set up: not shown to applicants. */
void rules_note(struct arena *arena, const struct settings *settings, const struct platforms *platforms,
                settings_report *report, void *context);

/* What is in use. */
struct rule_set {
    struct arena *arena;             /* lives as long as the set */
    const struct settings *settings; /* those of the start, with the keys of the file as it is now */
    struct platforms *platforms;
    struct templates *templates;
    struct gateways gateways;
    struct seal_keys *seal_keys;
    struct portal_issuers *portal_issuers; /* of web */
    struct aliyun_sms *sms;                /* of jobs; NULL: no SMS is sent */
    struct faceid *faceid;                 /* of jobs; NULL: left to the reviewer */
};

struct rules;

/* Called before a set that is good comes into use, for what others must know first; calls rules_prepared when done. */
typedef void rules_prepare(void *context, const struct platforms *platforms);
/* Called when a set comes into use, before what it replaces is put away. */
typedef void rules_use(void *context, const struct rule_set *set);

struct rules_options {
    struct loop *loop;
    const struct settings *settings;
    const struct profiles *profiles;
    const char *role;       /* for the log */
    bool jobs;              /* with the keys that sign and call; else with those of portals */
    rules_prepare *prepare; /* of a reload; NULL: nothing to prepare */
    rules_use *use;
    void *context;
};

/* Loads the first set; ERR_SETTINGS_INVALID after logging every fault. */
enum err rules_open(const struct rules_options *options, struct rules **out) MUST_CHECK;
/* Loads the next. With a fault, logs each with file, line and rule, and what is in use stays in use. Asked while one is
 * under way, it begins again after that. */
void rules_reload(struct rules *rules);
/* How the preparation ended; with an error what is in use stays in use. */
void rules_prepared(struct rules *rules, enum err err);
void rules_free(struct rules *rules);

/* How long a set that was replaced is kept for who still works with it: far longer than any call may take. */
#define RULES_GRACE_MS (10 * 60 * 1000)
