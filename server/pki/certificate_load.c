/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "base/log.h"
#include "pki/certificate.h"
#include "pki/pem.h"

#include <string.h>

#define FILE_SIZE_MAX 65536

enum err certificate_load(struct arena *arena, const char *pem_path, struct certificate *out)
{
    struct bytes text, der;
    const char *label;
    TRY(file_read(arena, pem_path, FILE_SIZE_MAX, &text));
    if (pem_decode(arena, text, &label, &der) && strcmp(label, "CERTIFICATE") == 0 &&
        certificate_parse(arena, der, out) == OK)
        return OK;
    log_error("pki", "%s does not hold one PEM certificate", pem_path);
    return ERR_SETTINGS_INVALID;
}
