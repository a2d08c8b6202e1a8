/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/agreement.h"

#include <string.h>

const char *const agreement_kinds[AGREEMENT_KINDS] = {
    [AGREEMENT_SERVICE] = "agreement",
    [AGREEMENT_PRIVACY_NOTICE] = "privacy_notice",
    [AGREEMENT_SENSITIVE_CONSENT] = "sensitive_consent",
};

/* The name that the placeholder at text ("{company}") stands for, and the placeholder's size; NULL for another brace.
 */
static const char *name_at(const char *text, const struct agreement_names *names, size_t *size)
{
    const struct {
        const char *word, *name;
    } known[] = {{"{company}", names->company}, {"{platform}", names->platform}, {"{hotline}", names->hotline}};
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        *size = strlen(known[i].word);
        if (strncmp(text, known[i].word, *size) == 0)
            return known[i].name;
    }
    return NULL;
}

const char *agreement_fill(struct arena *arena, const char *text, const struct agreement_names *names)
{
    const char *filled = "";
    for (;;) {
        size_t plain = strcspn(text, "{}"), size = 0;
        filled = arena_format(arena, "%s%.*s", filled, (int)plain, text);
        text += plain;
        if (*text == '\0')
            return filled;
        const char *name = name_at(text, names, &size);
        if (name == NULL)
            return NULL;
        filled = arena_format(arena, "%s%s", filled, name);
        text += size;
    }
}

bool agreement_given(const struct agreement_accepted *accepted)
{
    return accepted->id[0] != '\0' || accepted->version[0] != '\0' || accepted->sha256[0] != '\0';
}

bool agreement_current(const struct agreement_accepted *accepted, const struct platform_agreement *agreement)
{
    return strcmp(accepted->id, agreement->id) == 0 && strcmp(accepted->version, agreement->version) == 0 &&
           strcmp(accepted->sha256, agreement->sha256) == 0;
}
