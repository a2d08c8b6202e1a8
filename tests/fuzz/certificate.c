/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate as bytes and as text, and whether it chains: PEM and back is the same certificate. */
#include "fuzz.h"

#include "pki/certificate.h"
#include "pki/der.h"
#include "pki/key.h"
#include "pki/pinned.h"

#include <string.h>

static struct trust *trust;
static struct pinned *pinned;

void fuzz_start(void)
{
    struct arena *arena = arena_new();
    struct bytes pem = fuzz_made(arena, "ca.pem");
    const char *path = fuzz_file(pem);
    HOLDS(trust_load(path, &trust) == OK);
    HOLDS(pinned_load(&path, 1, &pinned) == OK);
    arena_free(arena);
}

static void judge(struct arena *arena, const struct certificate *certificate)
{
    struct certificate again;
    struct bytes chain[4];
    size_t count;
    const char *pem = certificate_pem(arena, certificate->der);
    HOLDS(certificate_read(arena, bytes_of_text(pem), &again) == OK);
    HOLDS(bytes_equal(again.fingerprint, certificate->fingerprint) && strcmp(again.serial, certificate->serial) == 0);
    HOLDS(utf8_valid(certificate->subject, strlen(certificate->subject)));
    HOLDS(utf8_valid(certificate->common_name, strlen(certificate->common_name)));
    HOLDS(utf8_valid(certificate->organisation, strlen(certificate->organisation)));
    HOLDS(certificate_serial_decimal(arena, certificate) != NULL);
    if (trust_check(trust, certificate->der) == OK)
        HOLDS(trust_chain(trust, certificate->der, arena, chain, ARRAY_SIZE(chain), &count) == OK);
    if (pinned_check(pinned, bytes_of_text(pem), certificate->not_before_us, arena, &again) == OK)
        HOLDS(trust_check(trust, certificate->der) == OK);
    key_kind(certificate->spki);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct certificate certificate;
    der_valid(input);
    fuzz_fill(&certificate, sizeof(certificate));
    if (certificate_parse(arena, input, &certificate) == OK) {
        HOLDS(bytes_equal(certificate.der, input));
        judge(arena, &certificate);
    } else {
        HOLDS(fuzz_untouched(&certificate, sizeof(certificate)));
    }
    fuzz_fill(&certificate, sizeof(certificate));
    if (certificate_read(arena, input, &certificate) == OK)
        judge(arena, &certificate);
    else
        HOLDS(fuzz_untouched(&certificate, sizeof(certificate)));
}
