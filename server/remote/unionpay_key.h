/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of unionpay share. */
#pragma once

#include "pki/pinned.h"
#include "pki/rsa.h"
#include "remote/unionpay.h"

#define UNIONPAY_VERSION     "5.1.0"
#define UNIONPAY_ENCODING    "UTF-8"
#define UNIONPAY_SIGN_METHOD "01" /* certificate, RSA */
#define UNIONPAY_CURRENCY    "156"
#define UNIONPAY_TIME_SIZE   15 /* YYYYMMDDhhmmss and NUL */

struct unionpay {
    const char *merchant_id, *front_url, *query_url, *back_url;
    bool sandbox;         /* the test environment's certificates have another name */
    struct rsa_key *key;  /* NULL: nothing can be signed */
    const char *cert_id;  /* the decimal serial of its certificate */
    const char *subject;  /* whose it is */
    int64_t not_after_us; /* its end */
    struct pinned *trust; /* who signs for UnionPay */
};

const char *unionpay_product_code(enum unionpay_product product);
bool unionpay_order_id_fits(const char *order_id);
/* Beijing time; digits only. */
void unionpay_format_time(int64_t unix_us, char text[static UNIONPAY_TIME_SIZE]);
bool unionpay_parse_time(const char *text, int64_t *unix_us);

/* The hexadecimal SHA-256 of the sorted non-empty fields but signature: what is signed with SHA256withRSA, so that
 * there are two hashes (5.1.0). */
struct bytes unionpay_signed_text(const struct form_fields *fields, struct arena *arena);
/* Adds certId and signature. ERR_INTERNAL: no key. fields must have room for two more. */
enum err unionpay_sign(const struct unionpay *unionpay, struct arena *arena, struct form_fields *fields) MUST_CHECK;
/* Version and method, the certificate that came along (chain, validity, name), the signature. ERR_NOTICE_SIGNATURE. */
enum err unionpay_verify(const struct unionpay *unionpay, const struct form_fields *fields, int64_t now_us,
                         struct arena *arena, struct fault *fault, const char **key_id) MUST_CHECK;

/* k=v&k=v of an answer, not URL-encoded; & between braces or brackets belongs to the value. ERR_FORM_MALFORMED. */
enum err unionpay_split(struct bytes raw, struct arena *arena, struct form_fields *out) MUST_CHECK;
/* The same of an answer that brings a file. */
enum err unionpay_split_file(struct bytes raw, size_t size_max, struct arena *arena,
                             struct form_fields *out) MUST_CHECK;
