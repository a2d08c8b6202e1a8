/* SPDX-License-Identifier: Apache-2.0 */
/* A signed message as a subscriber's client makes it. */
#include "fuzz.h"

#include "pki/cms.h"

void fuzz_start(void)
{
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct signed_content content;
    fuzz_fill(&content, sizeof(content));
    enum err err = cms_verify(arena, input, fuzz_fault(arena), &content);
    HOLDS(err == OK || fuzz_untouched(&content, sizeof(content)));
    HOLDS(err == OK || err == ERR_CMS_MALFORMED || err == ERR_CMS_SIGNATURE_INVALID);
    HOLDS(err != OK || content.signer.spki_sha256.size == 32);
}
