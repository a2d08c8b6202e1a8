/* SPDX-License-Identifier: Apache-2.0 */
/* Keys made anew by every run, in a folder of their own, settings that name them, and notices signed as Alipay signs
 * them. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/settings.h"
#include "base/text.h"
#include "pki/rsa.h"
#include "remote/alipay.h"

#define OUR_APP_ID    "2021000000000001"
#define OUR_SELLER_ID "2088000000000001"

struct workshop {
    struct arena *arena;
    char folder[64];
    struct settings settings;
    struct alipay *alipay;
    const char *application_private_pem, *application_public_pem, *alipay_public_pem;
    struct rsa_key *application_public_key;
    struct rsa_key *alipay_key, *foreign_key; /* private */
    struct fault fault;
};

/* The keys are made once for a group of tests: its setup. */
int workshop_make_keys(void **state);
int workshop_open(void **state);
int workshop_close(void **state);
void workshop_write(const struct workshop *workshop, const char *name, const char *text, unsigned mode);

/* A good notice of 88.80 yuan, to be changed by tests. */
struct form_fields notice_fields(struct workshop *workshop);
/* Changes, adds or (NULL) removes a field. */
void notice_set(struct form_fields *fields, const char *name, const char *value);
/* Signs and encodes them; sign_type is RSA2. */
struct bytes notice_post(struct workshop *workshop, const struct form_fields *fields, const struct rsa_key *key);
/* As Alipay answers: the node under its name, signed. */
struct bytes workshop_answer(const struct workshop *workshop, struct arena *arena, const char *name, struct bytes node);
/* Escapes every byte that is not a letter or digit. */
struct bytes form_encode(struct arena *arena, const struct form_fields *fields);
