/* SPDX-License-Identifier: Apache-2.0 */
/* The steps by which an applicant shows who he is, and the words for why one did not succeed, with a sentence that says
 * what to do. The words are stored and shown to reviewers as well. */
#pragma once

#include "base/arena.h"

#include <stdint.h>

#define IDENTITY_STEPS_MAX 8

struct identity_step {
    const char *step;   /* id_photos, liveness, telecom */
    const char *state;  /* todo, link, phone, open, passed, failed, manual */
    const char *reason; /* "" when there is none */
    int64_t since_us;   /* 0: never */
};

struct identity_steps {
    struct identity_step items[IDENTITY_STEPS_MAX];
    size_t count;
};

/* The lines of identity_steps.sql; what is no line is left out. */
struct identity_steps identity_steps_read(struct arena *arena, const char *lines);
/* "" for no reason; a general sentence for a word that this program does not know. */
const char *identity_reason_zh(const char *reason);
const char *identity_reason_en(const char *reason);
