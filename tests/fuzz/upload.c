/* SPDX-License-Identifier: Apache-2.0 */
/* Documents and photos: a picture that was taken is taken again as it was written. */
#include "fuzz.h"

#include "documents/upload.h"

typedef enum err accept(struct arena *arena, const char *type, struct bytes upload, struct fault *fault,
                        struct bytes *kept);

void fuzz_start(void)
{
}

static void take(accept *function, struct arena *arena, const char *type, struct bytes input)
{
    struct bytes kept, again;
    fuzz_fill(&kept, sizeof(kept));
    enum err err = function(arena, type, input, fuzz_fault(arena), &kept);
    HOLDS(err == OK || err == ERR_DOCUMENT_UNREADABLE || err == ERR_DOCUMENT_REFUSED);
    if (err != OK) {
        HOLDS(fuzz_untouched(&kept, sizeof(kept)));
        return;
    }
    HOLDS(kept.size > 0 && kept.size <= UPLOAD_KEPT_MAX);
    if (kept.size <= UPLOAD_SIZE_MAX)
        HOLDS(function(arena, type, kept, fuzz_fault(arena), &again) == OK);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    switch (fuzz_choice(&input)) {
    case 'd':
        take(upload_accept, arena, "application/pdf", input);
        break;
    case 'j':
        take(upload_accept, arena, "image/jpeg", input);
        break;
    case 'J':
        take(photo_accept, arena, "image/jpeg", input);
        break;
    case 'P':
        take(photo_accept, arena, "image/png", input);
        break;
    default:
        take(upload_accept, arena, "image/png", input);
        break;
    }
}
