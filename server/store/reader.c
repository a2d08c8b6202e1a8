/* SPDX-License-Identifier: Apache-2.0 */
/* Rows read column by column, and outcome words turned into errors. */
#include "store/reader.h"

#include <string.h>

struct reader reader_at(const struct row *rows, size_t row, struct arena *arena)
{
    return (struct reader){.rows = rows, .arena = arena, .row = row};
}

const char *next_text(struct reader *reader)
{
    return row_text(reader->rows, reader->row, reader->column++, reader->arena);
}

int64_t next_integer(struct reader *reader)
{
    return row_integer(reader->rows, reader->row, reader->column++);
}

int64_t next_time(struct reader *reader)
{
    return row_time(reader->rows, reader->row, reader->column++);
}

bool next_boolean(struct reader *reader)
{
    return row_boolean(reader->rows, reader->row, reader->column++);
}

struct bytes next_bytes(struct reader *reader)
{
    return row_bytes(reader->rows, reader->row, reader->column++, reader->arena);
}

static enum err refusal(const char *word)
{
    enum err err = err_from_code(word);
    return err == ERR_COUNT ? ERR_DB_SCHEMA : err;
}

enum err reader_outcome_at(const struct row *rows, size_t row, struct arena *arena, const char *const *accepted,
                           size_t count, struct reader *reader, size_t *which)
{
    ENSURE(row_count(rows) > row, ERR_DB_SCHEMA);
    struct reader first = reader_at(rows, row, arena);
    const char *word = next_text(&first);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, accepted[i]) != 0)
            continue;
        *reader = first;
        *which = i;
        return OK;
    }
    return refusal(word);
}

enum err reader_outcome(const struct row *rows, struct arena *arena, const char *const *accepted, size_t count,
                        struct reader *reader, size_t *which)
{
    return reader_outcome_at(rows, 0, arena, accepted, count, reader, which);
}

enum err reader_expect(const struct row *rows, struct arena *arena, const char *accepted, struct reader *reader)
{
    size_t which;
    return reader_outcome(rows, arena, &accepted, 1, reader, &which);
}
