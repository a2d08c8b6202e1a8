/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of people and companies: canonical forms stay as they are, masks hide what they say they hide. */
#include "fuzz.h"

#include "base/clock.h"
#include "domain/identity.h"
#include "domain/money.h"
#include "domain/renewal.h"
#include "domain/term.h"

#include <string.h>

#define NOW_US (INT64_C(1795237509) * CLOCK_SECOND_US)

void fuzz_start(void)
{
}

static void canonical(struct arena *arena, const char *text)
{
    char *(*const forms[])(struct arena *, const char *) = {identity_canonical, account_canonical, mobile_canonical};
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        const char *once = forms[i](arena, text);
        HOLDS(utf8_valid(once, strlen(once)) && strlen(once) <= strlen(text));
        HOLDS(strcmp(once, forms[i](arena, once)) == 0);
    }
    HOLDS(organisation_same(arena, text, identity_canonical(arena, text)));
}

/* Characters of a mask that are no stars. */
static size_t shown(const char *mask)
{
    size_t count = 0;
    HOLDS(utf8_valid(mask, strlen(mask)));
    for (; *mask != '\0'; mask++)
        count += *mask != '*' && ((unsigned char)*mask & 0xc0) != 0x80;
    return count;
}

static void masks(struct arena *arena, const char *text)
{
    size_t length = utf8_length(text);
    HOLDS(shown(mask_name(arena, text)) <= 1);
    HOLDS(shown(mask_id(arena, text)) <= (length + 1) / 2);
    HOLDS(shown(mask_mobile(arena, text)) <= (length == 11 ? 7 : (length + 1) / 2));
    HOLDS(shown(mask_account(arena, text)) <= (length > 7 ? 4 : 0));
    HOLDS(shown(mask_address(arena, text)) <= (length < 12 ? length / 2 : 6));
    const char *domain = strrchr(text, '@');
    HOLDS(shown(mask_email(arena, text)) <= (domain == NULL ? (length + 1) / 2 : 1 + utf8_length(domain)));
}

static void numbers(struct arena *arena, const char *text)
{
    int64_t fen;
    int age = resident_id_age(text, NOW_US);
    HOLDS(resident_id_valid(text, NOW_US) == (age >= 0) && age < 300);
    if (uscc_valid(text) || resident_id_valid(text, NOW_US))
        HOLDS(tax_id_valid(text));
    tax_id_doubtful(text);
    uscc_inner_valid(text);
    const char *found = uscc_in(arena, text);
    HOLDS(found[0] == '\0' || uscc_valid(found));
    organisation_code_valid(text);
    cnaps_valid(text);
    HOLDS(!mobile_valid(text) || strcmp(mobile_canonical(arena, text), text) == 0);
    HOLDS(!account_valid(text) || strcmp(account_canonical(arena, text), text) == 0);
    HOLDS(!email_valid(text) || strchr(text, '@') != NULL);
    if (money_parse_yuan(text, &fen))
        HOLDS(strcmp(money_text_yuan(arena, fen), text) == 0);
    HOLDS(!renewal_no_valid(text) || strlen(text) >= 17);
    client_version_valid(text);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    const char *text = fuzz_text(arena, input);
    if (!utf8_valid(text, input.size))
        return;
    canonical(arena, text);
    masks(arena, text);
    numbers(arena, text);
}
