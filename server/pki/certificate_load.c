/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "base/log.h"
#include "pki/certificate.h"
#include "pki/pem.h"

#include <string.h>

#define FILE_SIZE_MAX 65536

enum err certificate_read(struct arena *arena, struct bytes text, struct certificate *out)
{
    struct bytes der;
    const char *label = "CERTIFICATE";
    bool decoded = pem_looks_like(text) ? pem_decode(arena, text, &label, &der) : pem_decode_bare(arena, text, &der);
    ENSURE(decoded && strcmp(label, "CERTIFICATE") == 0, ERR_CERTIFICATE_MALFORMED);
    return certificate_parse(arena, der, out);
}

enum err certificate_load(struct arena *arena, const char *pem_path, struct certificate *out)
{
    struct bytes text;
    TRY(file_read(arena, pem_path, FILE_SIZE_MAX, &text));
    if (pem_looks_like(text) && certificate_read(arena, text, out) == OK)
        return OK;
    log_error("pki", "%s does not hold one PEM certificate", pem_path);
    return ERR_SETTINGS_INVALID;
}
