/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/timestamp.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pki/digest.h"
#include "pki/openssl.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <stdlib.h>
#include <time.h>

#define CA_FILE_MAX    262144
#define NONCE_BITS     64
#define CLOCK_APART_US (5 * 60 * CLOCK_SECOND_US) /* between the authority's clock and ours, with the way */
#define CHAIN_LEVEL    2                          /* 112 bits */
#define IMPRINT_SIZE   32

DEFINE_CLEANUP(ASN1_INTEGER, ASN1_INTEGER_free)
DEFINE_CLEANUP(TS_MSG_IMPRINT, TS_MSG_IMPRINT_free)
DEFINE_CLEANUP(TS_REQ, TS_REQ_free)
DEFINE_CLEANUP(TS_RESP, TS_RESP_free)
DEFINE_CLEANUP(TS_VERIFY_CTX, TS_VERIFY_CTX_free)
DEFINE_CLEANUP(X509_ALGOR, X509_ALGOR_free)

struct timestamp_authority {
    STACK_OF(X509) * certificates;
    ASN1_OBJECT *policy; /* NULL: any */
};

/* -- the authority ------------------------------------------------------------------------------------------------- */

void timestamp_authority_free(struct timestamp_authority *authority)
{
    if (authority == NULL)
        return;
    sk_X509_pop_free(authority->certificates, X509_free);
    ASN1_OBJECT_free(authority->policy);
    mem_free(authority);
}

static enum err read_certificates(struct timestamp_authority *authority, const char *path, struct arena *arena)
{
    struct bytes pem;
    TRY(file_read(arena, path, CA_FILE_MAX, &pem));
    AUTO(BIO) *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    openssl_must(bio != NULL, "BIO_new_mem_buf");
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
        openssl_must(sk_X509_push(authority->certificates, certificate) > 0, "sk_X509_push");
    if (sk_X509_num(authority->certificates) > 0 && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE)
        return OK;
    log_error("audit", "%s: CA certificates in PEM are expected; number %d cannot be read", path,
              sk_X509_num(authority->certificates) + 1);
    return ERR_SETTINGS_INVALID;
}

static enum err load(struct timestamp_authority *authority, const char *ca_path, const char *policy,
                     struct arena *arena)
{
    OPENSSL_QUIET;
    TRY(read_certificates(authority, ca_path, arena));
    if (policy[0] == '\0')
        return OK;
    authority->policy = OBJ_txt2obj(policy, 1);
    if (authority->policy != NULL)
        return OK;
    log_error("audit", "%s is not an object identifier, as 1.2.3.4", policy);
    return ERR_SETTINGS_INVALID;
}

enum err timestamp_authority_load(const char *ca_path, const char *policy, struct timestamp_authority **out)
{
    struct arena *arena = arena_new();
    struct timestamp_authority *authority = mem_alloc(sizeof(*authority));
    *authority = (struct timestamp_authority){.certificates = sk_X509_new_null()};
    openssl_must(authority->certificates != NULL, "sk_X509_new_null");
    enum err err = load(authority, ca_path, policy, arena);
    arena_free(arena);
    if (err != OK)
        timestamp_authority_free(authority);
    else
        *out = authority;
    return err;
}

/* -- the request --------------------------------------------------------------------------------------------------- */

static void set_imprint(TS_REQ *request, struct arena *arena, struct bytes content)
{
    struct bytes digest = sha256(arena, content);
    AUTO(TS_MSG_IMPRINT) *imprint = TS_MSG_IMPRINT_new();
    AUTO(X509_ALGOR) *algorithm = X509_ALGOR_new();
    openssl_must(imprint != NULL && algorithm != NULL &&
                     X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
                     TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
                     TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)digest.data, IMPRINT_SIZE) == 1 &&
                     TS_REQ_set_msg_imprint(request, imprint) == 1,
                 "TS_REQ_set_msg_imprint");
}

static TS_REQ *request_over(const struct timestamp_authority *authority, struct arena *arena, struct bytes content)
{
    TS_REQ *request = TS_REQ_new();
    openssl_must(request != NULL && TS_REQ_set_version(request, 1) == 1, "TS_REQ_new");
    set_imprint(request, arena, content);
    if (authority->policy != NULL)
        openssl_must(TS_REQ_set_policy_id(request, authority->policy) == 1, "TS_REQ_set_policy_id");
    return request;
}

struct bytes timestamp_request(const struct timestamp_authority *authority, struct arena *arena, struct bytes content)
{
    AUTO(TS_REQ) *request = request_over(authority, arena, content);
    AUTO(BIGNUM) *number = BN_new();
    openssl_must(number != NULL && BN_rand(number, NONCE_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "BN_rand");
    AUTO(ASN1_INTEGER) *nonce = BN_to_ASN1_INTEGER(number, NULL);
    openssl_must(nonce != NULL && TS_REQ_set_nonce(request, nonce) == 1 && TS_REQ_set_cert_req(request, 1) == 1,
                 "TS_REQ_set_nonce");
    unsigned char *der = NULL;
    int size = i2d_TS_REQ(request, &der);
    openssl_must(size > 0, "i2d_TS_REQ");
    struct bytes copy = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    return copy;
}

/* -- the response -------------------------------------------------------------------------------------------------- */

static enum err invalid(const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    log_warn("audit", "the time stamp is not believed: %s", what != NULL ? what : reason == NULL ? "?" : reason);
    return ERR_TIMESTAMP_INVALID;
}

static enum err decode(struct bytes response, TS_RESP **out)
{
    const unsigned char *at = response.data;
    ENSURE(response.size <= TIMESTAMP_SIZE_MAX, invalid("it is too large"));
    TS_RESP *read = d2i_TS_RESP(NULL, &at, (long)response.size);
    ENSURE(read != NULL, invalid("it is no TimeStampResp"));
    if (at != response.data + response.size) {
        TS_RESP_free(read);
        return invalid("something follows it");
    }
    *out = read;
    return OK;
}

static enum err check_status(TS_RESP *response)
{
    long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)));
    if (status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS)
        return OK;
    log_warn("audit", "the time-stamping authority refuses: PKIStatus %ld", status);
    return ERR_TIMESTAMP_REFUSED;
}

static enum err read_time(TS_RESP *response, int64_t *at_us)
{
    struct tm civil;
    TS_TST_INFO *info = TS_RESP_get_tst_info(response);
    ENSURE(info != NULL && ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &civil) == 1, invalid("it has no time"));
    *at_us = (int64_t)timegm(&civil) * CLOCK_SECOND_US;
    return OK;
}

static X509_STORE *store_at(const struct timestamp_authority *authority, int64_t at_us)
{
    X509_STORE *store = X509_STORE_new();
    openssl_must(store != NULL, "X509_STORE_new");
    for (int i = 0; i < sk_X509_num(authority->certificates); i++)
        openssl_must(X509_STORE_add_cert(store, sk_X509_value(authority->certificates, i)) == 1, "X509_STORE_add_cert");
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
    X509_VERIFY_PARAM_set_auth_level(param, CHAIN_LEVEL);
    X509_VERIFY_PARAM_set_time(param, (time_t)(at_us / CLOCK_SECOND_US));
    return store;
}

/* Imprint, nonce and policy as far as the request has them; the signature, the EKU (critical and alone, RFC 3161 2.3)
 * and the signer's own certificate in ESSCertID always. */
static enum err verify(const struct timestamp_authority *authority, TS_REQ *request, TS_RESP *response, int64_t at_us)
{
    AUTO(TS_VERIFY_CTX) *ctx = TS_REQ_to_TS_VERIFY_CTX(request, NULL);
    openssl_must(ctx != NULL, "TS_REQ_to_TS_VERIFY_CTX");
    TS_VERIFY_CTX_add_flags(ctx, TS_VFY_VERSION | TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set_store(ctx, store_at(authority, at_us));
    ENSURE(TS_RESP_verify_response(ctx, response) == 1, invalid(NULL));
    return OK;
}

enum err timestamp_verify(const struct timestamp_authority *authority, struct bytes request, struct bytes response,
                          int64_t now_us, int64_t *at_us)
{
    OPENSSL_QUIET;
    AUTO(TS_RESP) *read = NULL;
    const unsigned char *at = request.data;
    int64_t said_us;
    AUTO(TS_REQ) *sent = d2i_TS_REQ(NULL, &at, (long)request.size);
    openssl_must(sent != NULL, "d2i_TS_REQ");
    TRY(decode(response, &read));
    TRY(check_status(read));
    TRY(read_time(read, &said_us));
    TRY(verify(authority, sent, read, now_us));
    ENSURE(llabs(said_us - now_us) <= CLOCK_APART_US, invalid("its clock and ours are minutes apart"));
    *at_us = said_us;
    return OK;
}

enum err timestamp_check(const struct timestamp_authority *authority, struct bytes content, struct bytes response,
                         int64_t *at_us)
{
    OPENSSL_QUIET;
    AUTO(TS_RESP) *read = NULL;
    struct arena *arena = arena_new();
    int64_t said_us;
    AUTO(TS_REQ) *request = request_over(authority, arena, content);
    arena_free(arena);
    TRY(decode(response, &read));
    TRY(check_status(read));
    TRY(read_time(read, &said_us));
    TRY(verify(authority, request, read, said_us));
    *at_us = said_us;
    return OK;
}
