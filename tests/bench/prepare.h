/* SPDX-License-Identifier: Apache-2.0 */
/* bench_prepare: what deploy/bench needs beyond SQL: subscribers with keys and signed requests. It signs
 * with the demonstration CA's key, and therefore works on an installation of deploy/run only. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>

struct options {
    const char *var; /* the installation's folder */
    const char *out; /* a folder of our own */
    unsigned long count;
};

/* -- files: a failure to write ends the program -------------------------------------------------------------------- */

FILE *open_out(struct arena *arena, const struct options *options, const char *name);
void close_out(FILE *file);
void write_record(FILE *file, struct bytes record);
/* One record: head, made from format, Content-Length and the empty line; then body. */
void write_post(struct arena *arena, FILE *file, const char *path, const char *type, struct bytes body);
/* The next line of standard input without its end, or NULL. */
char *read_line(void);

/* -- subcommands ----------------------------------------------------------------------------------------------------*/

/* prepare_subscriber.c. For count subscribers: subscribers.copy (for COPY, see renewals.sql), signed.records (their
 * signed requests for a certificate) and cfssl.requests (the same CSRs); person.copy: sealed personal data. */
enum err prepare_subscribers(const struct options *options) MUST_CHECK;
/* prepare_requests.c. Renewal numbers on standard input; read.requests: progress, with access tokens. */
enum err prepare_reads(const struct options *options) MUST_CHECK;
/* Renewal numbers on standard input, in the order of signed.records; fetch.requests. */
enum err prepare_fetches(const struct options *options) MUST_CHECK;
