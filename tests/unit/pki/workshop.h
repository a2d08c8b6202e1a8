/* SPDX-License-Identifier: Apache-2.0 */
/* A temporary folder in which the openssl command makes what the tests read, so that maker and reader differ. */
#pragma once

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those */
#include <cmocka.h>

/* CMocka group fixtures: *state is not used. The folder is the current one while the tests run. */
int workshop_open(void **state);
int workshop_close(void **state);

/* Runs a shell command in the folder; the test fails when the command does. */
void run(const char *format, ...) PRINTF(1, 2);
/* Whole files of the folder, in memory of the group. */
struct bytes read_file(const char *name);
void write_file(const char *name, const void *data, size_t size);
void write_text(const char *name, const char *text);

/* ca.key, ca.pem: a CA; signer.key, signer.pem: an organisation below it, valid now. */
void make_ca_and_signer(void);
/* NAME.key, NAME.csr and NAME.pem signed by CA (a name as well, or the same one), with openssl's extension lines.
 * options are openssl x509's ("-days 9"), or openssl req's when they choose a key ("-newkey rsa:1024"). */
void make_certificate(const char *name, const char *ca, const char *subject, const char *extensions,
                      const char *options);
/* Signs NAME.csr once more, for the year 2020. */
void make_expired(const char *name, const char *ca);
/* DER of a PEM file. */
struct bytes der_of(const char *name);

extern struct arena *workshop_arena;
