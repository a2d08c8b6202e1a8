/* SPDX-License-Identifier: Apache-2.0 */
/* A provider is asked for its algorithms, operation by operation (provider-base(7)). Ours hands out the tables of the
 * default provider, which a context of its own holds, without most of the decoders. */
#include "pki/library.h"

#include <openssl/core_dispatch.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <string.h>

#define KEY_DECODERS 2

static pthread_once_t made = PTHREAD_ONCE_INIT;
static OSSL_PROVIDER *whole;
static OSSL_ALGORITHM key_decoders[KEY_DECODERS + 1]; /* ends with an empty one */
static OSSL_LIB_CTX *structures, *keys;

static const OSSL_ALGORITHM *without_decoders(void *unused, int operation, int *no_cache)
{
    (void)unused;
    return operation == OSSL_OP_DECODER ? NULL : OSSL_PROVIDER_query_operation(whole, operation, no_cache);
}

static const OSSL_ALGORITHM *with_key_decoders(void *unused, int operation, int *no_cache)
{
    *no_cache = 0;
    return operation == OSSL_OP_DECODER ? key_decoders : without_decoders(unused, operation, no_cache);
}

static int start(const OSSL_DISPATCH *table, const OSSL_DISPATCH **out, void **context)
{
    *out = table;
    *context = OSSL_PROVIDER_get0_provider_ctx(whole);
    return 1;
}

static int start_without_decoders(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                                  void **context)
{
    static const OSSL_DISPATCH table[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))without_decoders},
        {0, NULL},
    };
    (void)handle, (void)in;
    return start(table, out, context);
}

static int start_with_key_decoders(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                                   void **context)
{
    static const OSSL_DISPATCH table[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))with_key_decoders},
        {0, NULL},
    };
    (void)handle, (void)in;
    return start(table, out, context);
}

static bool decodes_accepted_key(const OSSL_ALGORITHM *decoder)
{
    bool accepted = strcmp(decoder->algorithm_names, "RSA") == 0 || strcmp(decoder->algorithm_names, "EC") == 0;
    return accepted && strstr(decoder->property_definition, "input=der,structure=SubjectPublicKeyInfo") != NULL;
}

static void choose_key_decoders(void)
{
    int no_cache;
    size_t count = 0;
    const OSSL_ALGORITHM *decoder = OSSL_PROVIDER_query_operation(whole, OSSL_OP_DECODER, &no_cache);
    for (; decoder != NULL && decoder->algorithm_names != NULL && count < KEY_DECODERS; decoder++)
        if (decodes_accepted_key(decoder))
            key_decoders[count++] = *decoder;
    openssl_must(count == KEY_DECODERS, "RSA and EC keys");
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
    choose_key_decoders();
    structures = make_context("structures", start_without_decoders);
    keys = make_context("keys", start_with_key_decoders);
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
