/* SPDX-License-Identifier: Apache-2.0 */
/* A provider is asked for its algorithms, operation by operation (provider-base(7)). Ours hands out the tables of the
 * default provider, which a context of its own holds, without most of the decoders, and with them the kinds of key that
 * OpenSSL would go through for each of those. */
#include "pki/library.h"

#include <openssl/core_dispatch.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <string.h>

#define KEY_KINDS 2 /* RSA and EC */

static pthread_once_t made = PTHREAD_ONCE_INIT;
static OSSL_PROVIDER *whole;
static OSSL_ALGORITHM key_decoders[KEY_KINDS + 1], key_managers[KEY_KINDS + 1]; /* end with an empty one */
static OSSL_LIB_CTX *structures, *keys;

static const OSSL_ALGORITHM *without_keys(void *unused, int operation, int *no_cache)
{
    (void)unused;
    bool of_keys = operation == OSSL_OP_DECODER || operation == OSSL_OP_KEYMGMT;
    return of_keys ? NULL : OSSL_PROVIDER_query_operation(whole, operation, no_cache);
}

static const OSSL_ALGORITHM *with_two_keys(void *unused, int operation, int *no_cache)
{
    *no_cache = 0;
    switch (operation) {
    case OSSL_OP_DECODER:
        return key_decoders;
    case OSSL_OP_KEYMGMT:
        return key_managers;
    default:
        return without_keys(unused, operation, no_cache);
    }
}

static int start(const OSSL_DISPATCH *table, const OSSL_DISPATCH **out, void **context)
{
    *out = table;
    *context = OSSL_PROVIDER_get0_provider_ctx(whole);
    return 1;
}

static int start_without_keys(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                              void **context)
{
    static const OSSL_DISPATCH table[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))without_keys},
        {0, NULL},
    };
    (void)handle, (void)in;
    return start(table, out, context);
}

static int start_with_two_keys(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                               void **context)
{
    static const OSSL_DISPATCH table[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))with_two_keys},
        {0, NULL},
    };
    (void)handle, (void)in;
    return start(table, out, context);
}

/* Names are listed as "RSA:rsaEncryption:1.2.840.113549.1.1.1". */
static bool is_accepted_key(const OSSL_ALGORITHM *algorithm)
{
    size_t length = strcspn(algorithm->algorithm_names, ":");
    return (length == 3 && strncmp(algorithm->algorithm_names, "RSA", length) == 0) ||
           (length == 2 && strncmp(algorithm->algorithm_names, "EC", length) == 0);
}

static bool decodes_accepted_key(const OSSL_ALGORITHM *decoder)
{
    return is_accepted_key(decoder) &&
           strstr(decoder->property_definition, "input=der,structure=SubjectPublicKeyInfo") != NULL;
}

static void choose(int operation, bool (*accepted)(const OSSL_ALGORITHM *), OSSL_ALGORITHM *chosen)
{
    int no_cache;
    size_t count = 0;
    const OSSL_ALGORITHM *offered = OSSL_PROVIDER_query_operation(whole, operation, &no_cache);
    for (; offered != NULL && offered->algorithm_names != NULL && count < KEY_KINDS; offered++)
        if (accepted(offered))
            chosen[count++] = *offered;
    openssl_must(count == KEY_KINDS, "RSA and EC keys");
}

static OSSL_LIB_CTX *make_context(const char *name, OSSL_provider_init_fn *init)
{
    OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
    openssl_must(context != NULL && OSSL_PROVIDER_add_builtin(context, name, init) == 1 &&
                     OSSL_PROVIDER_load(context, name) != NULL,
                 "a library context");
    return context;
}

static void make(void)
{
    OSSL_LIB_CTX *inner = OSSL_LIB_CTX_new();
    openssl_must(inner != NULL && (whole = OSSL_PROVIDER_load(inner, "default")) != NULL, "the default provider");
    choose(OSSL_OP_DECODER, decodes_accepted_key, key_decoders);
    choose(OSSL_OP_KEYMGMT, is_accepted_key, key_managers);
    structures = make_context("structures", start_without_keys);
    keys = make_context("keys", start_with_two_keys);
}

OSSL_LIB_CTX *library_for_structures(void)
{
    pthread_once(&made, make);
    return structures;
}

OSSL_LIB_CTX *library_for_keys(void)
{
    pthread_once(&made, make);
    return keys;
}
