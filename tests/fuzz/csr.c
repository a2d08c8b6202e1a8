/* SPDX-License-Identifier: Apache-2.0 */
/* A PKCS#10 request: what is taken is taken again from its own DER, and is strict DER. */
#include "fuzz.h"

#include "pki/csr.h"
#include "pki/der.h"

void fuzz_start(void)
{
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct csr csr, again;
    fuzz_fill(&csr, sizeof(csr));
    if (csr_parse(arena, input, fuzz_fault(arena), &csr) != OK) {
        HOLDS(fuzz_untouched(&csr, sizeof(csr)));
        return;
    }
    HOLDS(der_valid(csr.der));
    HOLDS(csr_parse(arena, csr.der, fuzz_fault(arena), &again) == OK);
    HOLDS(bytes_equal(csr.spki, again.spki) && bytes_equal(csr.spki_sha256, again.spki_sha256));
}
