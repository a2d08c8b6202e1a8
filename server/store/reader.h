/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a row column by column in the order the statement lists them, so that no noun counts columns. Inside store/
 * only. */
#pragma once

#include "store/db.h"

struct reader {
    const struct row *rows;
    struct arena *arena;
    size_t row, column;
};

/* At the first column of a row. */
struct reader reader_at(const struct row *rows, size_t row, struct arena *arena);
const char *next_text(struct reader *reader);
int64_t next_integer(struct reader *reader);
int64_t next_time(struct reader *reader); /* 0 for null */
bool next_boolean(struct reader *reader);
struct bytes next_bytes(struct reader *reader);

/* Reads the outcome in the first column of the first row: OK and its place in accepted, the refusal it stands for, or
 * ERR_DB_SCHEMA for a word that this program does not know. reader then stands at the second column. */
enum err reader_outcome(const struct row *rows, struct arena *arena, const char *const *accepted, size_t count,
                        struct reader *reader, size_t *which) MUST_CHECK;
/* The same of another row. */
enum err reader_outcome_at(const struct row *rows, size_t row, struct arena *arena, const char *const *accepted,
                           size_t count, struct reader *reader, size_t *which) MUST_CHECK;
/* Of the first row, where only one word is accepted. */
enum err reader_expect(const struct row *rows, struct arena *arena, const char *accepted,
                       struct reader *reader) MUST_CHECK;
