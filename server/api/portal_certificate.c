/* SPDX-License-Identifier: Apache-2.0 */
#include "api/portal_certificate.h"

#include "api/access.h"
#include "api/server.h"
#include "domain/identity.h"

#include <ctype.h>
#include <string.h>

#define SERIAL_MAX 40 /* RFC 5280 4.1.2.2: 20 octets */
#define HEX        "0123456789abcdef"
/* Different questions of an account, and of an address, in an hour. */
#define ACCOUNT_PER_HOUR 10
#define ADDRESS_PER_HOUR 30

/* People copy it with spaces, colons, capitals and leading zeros. */
static enum err read_serial(struct request *req, const char *typed, const char **out)
{
    char *text = arena_text(request_arena(req), typed), *to = text;
    for (const char *from = typed; *from != '\0'; from++)
        if (strchr(" :-", *from) == NULL)
            *to++ = (char)tolower((unsigned char)*from);
    *to = '\0';
    text += strspn(text, "0");
    size_t size = strlen(text);
    if (size == 0 || size > SERIAL_MAX || strspn(text, HEX) != size) {
        fault_field(request_fault(req), "certificate_serial", "serial", "请填写证书序列号（十六进制）",
                    "Give the certificate's serial number, hexadecimal");
        return ERR_FIELDS_INVALID;
    }
    *out = text;
    return OK;
}

enum err portal_certificate_find(struct request *req, const struct portal_naming *naming, db_done *done, void *context)
{
    const struct api_server *server = api_server(req);
    struct arena *arena = request_arena(req);
    const char *serial;
    TRY(read_serial(req, naming->serial, &serial));
    const char *guess = arena_format(arena, "%s %s", serial, identity_canonical(arena, naming->organisation));
    const struct portal_question question = {
        .token_digest = access_portal_digest(req),
        .nonce_digest = naming->nonce_digest,
        .evidence_sha256 = naming->evidence_sha256,
        .serial = serial,
        .guess = seal_index(server->seal_keys, arena, "serial_ask.guess", guess),
        .address = request_address(req),
        .account_per_hour = ACCOUNT_PER_HOUR,
        .address_per_hour = ADDRESS_PER_HOUR,
    };
    return store_find_portal_certificate(server->db, &question, api_call_ms(req), done, context);
}

/* 机构信息与续期证书所有者信息填写一致: the same but for width of brackets, case and spaces. */
static bool same_organisation(struct arena *arena, const struct certificate *certificate, const char *typed)
{
    const char *owner = certificate->organisation[0] != '\0' ? certificate->organisation : certificate->common_name;
    return organisation_same(arena, owner, typed);
}

enum err portal_certificate_found(struct request *req, const struct row *rows, const char *organisation,
                                  struct certificate *certificate, struct portal_answer *answer)
{
    struct arena *arena = request_arena(req);
    struct certificate found;
    TRY(store_find_portal_certificate_read(rows, arena, answer));
    TRY(certificate_parse(arena, answer->der, &found));
    ENSURE(same_organisation(arena, &found, organisation), ERR_ORGANISATION_MISMATCH);
    *certificate = found;
    return OK;
}
