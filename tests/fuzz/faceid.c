/* SPDX-License-Identifier: Apache-2.0 */
/* What the identity provider answers, or somebody in its place: passed is only said of a whole answer. */
#include "fuzz.h"

#include "base/clock.h"
#include "remote/faceid.h"

#include <string.h>

#define NOW_US (INT64_C(1763700000) * CLOCK_SECOND_US)

static const struct faceid_person person = {"张三", "11010519491231002X", "13800138000"};

void fuzz_start(void)
{
}

static void known(struct faceid_verdict verdict)
{
    HOLDS(verdict.reason != NULL && verdict.reference != NULL);
    HOLDS(verdict.result != FACEID_PASSED || verdict.reason[0] == '\0');
    HOLDS(verdict.similarity >= -1 && verdict.similarity <= 10000);
}

static bool is_web(const char *url)
{
    return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    uint8_t choice = fuzz_choice(&input);
    const struct http_answer answer = {.status = choice == '5' ? 500 : 200, .body = input};
    struct faceid_begun begun;
    const char *reason = NULL;
    fuzz_fill(&begun, sizeof(begun));
    if (faceid_begin_read(arena, &answer, &begun, &reason) == OK)
        HOLDS(begun.biz_token[0] != '\0' && is_web(begun.url));
    else
        HOLDS(fuzz_untouched(&begun, sizeof(begun)) && reason != NULL);
    known(faceid_look_read(arena, &answer, &person, "extra", NOW_US));
    known(faceid_telecom_read(arena, &answer));
}
