/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a text that arrives piece by piece, in UTF-8 whatever it came in. Which encoding it is shows at the
 * first piece that is not ASCII: UTF-8 if it may be, GB 18030 otherwise; it stays that. */
#pragma once

#include "statement/statement.h"

struct text_lines;

struct text_lines *text_lines_open(statement_fill *fill, void *context);
void text_lines_close(struct text_lines *lines);
/* What comes next, without taking it: at most as many bytes as the first piece has. */
enum err text_lines_peek(struct text_lines *lines, struct bytes *out) MUST_CHECK;
/* All that is left, at most limit bytes, in arena; ERR_BODY_TOO_LARGE. */
enum err text_lines_rest(struct text_lines *lines, struct arena *arena, size_t limit, struct bytes *out) MUST_CHECK;
/* The next line without its end, valid until the next call; NULL at the end of the text. On ERR_STATEMENT_REFUSED
 * *rule says "line_length", "encoding" or "nul". */
enum err text_lines_next(struct text_lines *lines, const char **line, const char **rule) MUST_CHECK;
/* The number of the line read last, from 1. */
size_t text_lines_number(const struct text_lines *lines);
