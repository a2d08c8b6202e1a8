/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a bill line by line, unpacked as it is read: plain, gzip or zlib, or a member of a zip. What is packed is
 * hostile until it is read: sizes, names and how much it grows are limited. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BILL_LINE_MAX 16384 /* bytes of a line */

struct bill_text;
struct bill_zip;

/* Why reading failed: a stable word. */
#define BILL_RULE_UNPACK   "unpack"   /* damaged, cut off, encrypted */
#define BILL_RULE_SIZE     "size"     /* grows beyond what a bill may */
#define BILL_RULE_LINE     "line"     /* a line is too long */
#define BILL_RULE_ENCODING "encoding" /* not in the encoding that the gateway writes */

enum bill_line { BILL_LINE, BILL_END, BILL_BROKEN };

typedef void bill_seen(void *context, struct bytes text);

/* gzip and zlib are recognised by their first bytes, all else is plain. seen may be NULL. */
struct bill_text *bill_text_new(struct bytes file, bill_seen *seen, void *context);
/* NULL: the member cannot be opened. zip must outlive it. */
struct bill_text *bill_text_of_member(struct bill_zip *zip, size_t member);
void bill_text_free(struct bill_text *text); /* NULL is fine */
/* The next line without CR LF, NUL-terminated, valid until the next call and the caller's to change. rule: of
 * BILL_BROKEN. */
enum bill_line bill_text_line(struct bill_text *text, char **line, size_t *size, const char **rule);
size_t bill_text_number(const struct bill_text *text); /* of the last line, from 1 */

/* Unpacks zlib or gzip into memory, at most limit bytes; false when it is damaged or larger. */
bool bill_unpack(struct bytes packed, size_t limit, struct arena *arena, struct bytes *out);

/* NULL: not a zip that we take: damaged, too many members, names twice or with a folder; rule says which. */
struct bill_zip *bill_zip_open(struct bytes file, struct arena *arena, const char **rule);
void bill_zip_close(struct bill_zip *zip); /* NULL is fine */
size_t bill_zip_count(const struct bill_zip *zip);
/* UTF-8. */
const char *bill_zip_name(const struct bill_zip *zip, size_t member);
/* GB 18030, which holds GBK, as UTF-8 into a buffer with its NUL; false when it is not that or does not fit. */
bool bill_from_gbk(const char *text, size_t size, char *out, size_t room);
