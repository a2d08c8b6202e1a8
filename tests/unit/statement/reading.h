/* SPDX-License-Identifier: Apache-2.0 */
/* A statement read from memory and told as text. */
#pragma once

#include "statement/statement.h"
#include "unit/base/unit.h"

#define OURS "7443900182600096874"

/* "place key day movement balance|account|name|bank|remark|ref|kind;…" and then "= lines opening>closing from..to" or
 * "! line:rule line:rule". */
const char *told(struct arena *arena, const void *text, size_t size);
const char *told_text(struct arena *arena, const char *text);
/* The part from = or !: how it ended. */
const char *ended(struct arena *arena, const char *text);
/* In GB 18030. */
const char *in_gb(struct arena *arena, const char *text);
/* How many bytes come at once; 0: all. */
extern size_t reading_piece;
