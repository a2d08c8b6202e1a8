/* SPDX-License-Identifier: Apache-2.0 */
/* CSV (RFC 4180) that spreadsheets open as it is meant: UTF-8 with a byte order mark, CRLF, every text quoted, long
 * numbers as text, and nothing that would be run as a formula. */
#pragma once

#include "base/arena.h"

#include <stdint.h>

struct csv;

struct csv *csv_new(struct arena *arena);
void csv_text(struct csv *csv, const char *text);
/* 1234.56 for 123456 fen; bare, so that it can be summed. */
void csv_yuan(struct csv *csv, int64_t fen);
/* An identifier of ours or a count: bare up to 15 digits, the most that a spreadsheet keeps. */
void csv_number(struct csv *csv, int64_t number);
void csv_empty(struct csv *csv);
void csv_end_row(struct csv *csv);
struct bytes csv_finish(struct csv *csv);
