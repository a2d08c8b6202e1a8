/* SPDX-License-Identifier: Apache-2.0 */
/* Alipay's notice: as it comes, and with fields that Alipay's key (of this run) has signed. */
#include "fuzz.h"

#include "unit/remote/workshop.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 24 /* the workshop adds its own */

static struct workshop *workshop;

void fuzz_start(void)
{
    void *opened = NULL;
    workshop_make_keys(NULL);
    HOLDS(workshop_open(&opened) == 0);
    workshop = opened;
    HOLDS(system(arena_format(workshop->arena, "rm -r '%s'", workshop->folder)) == 0);
}

static bool ours(const char *name)
{
    return strcmp(name, "sign") == 0 || strcmp(name, "sign_type") == 0;
}

static bool sign(struct arena *arena, struct bytes *raw)
{
    struct form_fields fields, kept = {arena_alloc(arena, 40 * sizeof(struct form_field)), 0};
    if (form_parse(*raw, arena, &fields) != OK || fields.count > FIELDS_MAX)
        return false;
    for (size_t i = 0; i < fields.count; i++)
        if (!ours(fields.items[i].name))
            kept.items[kept.count++] = fields.items[i];
    workshop->arena = arena;
    *raw = notice_post(workshop, &kept, workshop->alipay_key);
    return true;
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct arena *own = workshop->arena;
    struct alipay_notice notice;
    bool is_signed = fuzz_choice(&input) != 'r' && sign(arena, &input);
    workshop->arena = own;
    fuzz_fill(&notice, sizeof(notice));
    enum err err = alipay_read_notice(workshop->alipay, input, arena, fuzz_fault(arena), &notice);
    HOLDS(err == OK || fuzz_untouched(&notice, sizeof(notice)));
    HOLDS(is_signed || err != OK); /* nobody guesses a signature */
    if (err == OK && notice.kind == ALIPAY_PAID)
        HOLDS(notice.amount_fen > 0 && notice.trade_no[0] != '\0');
}
