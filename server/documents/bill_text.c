/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/bill_text.h"

#include "base/mem.h"
#include "base/text.h"
#include "documents/bill.h"

#include <iconv.h>
#include <string.h>
#include <zip.h>
#include <zlib.h>

#define ROOM          65536
#define MEMBERS_MAX   8
#define NAME_SIZE_MAX 200
#define GROWTH_MAX    300       /* a real bill grows 5 to 40 times; deflate could do 1032 */
#define GROWTH_FREE   1048576   /* of a short one everything may be padding */
#define WINDOW_ANY    (15 + 32) /* gzip or zlib, by its header (zlib.h) */

struct bill_text {
    struct bytes file; /* what is not read yet, plain or packed */
    z_stream stream;
    zip_file_t *member;
    bool packed, stream_over, over;
    uint64_t packed_size, read;
    bill_seen *seen;
    void *context;
    size_t number, begin, end; /* of what waits in buffer */
    char buffer[ROOM + 1], line[BILL_LINE_MAX + 1];
};

struct bill_zip {
    zip_t *zip;
    size_t count;
    const char *names[MEMBERS_MAX];
    uint64_t packed_sizes[MEMBERS_MAX];
};

/* -- opening ------------------------------------------------------------------------------------------------------- */

static bool looks_packed(struct bytes file)
{
    if (file.size < 2)
        return false;
    bool gzip = file.data[0] == 0x1f && file.data[1] == 0x8b;                                /* RFC 1952 2.3.1 */
    bool zlib = (file.data[0] & 0x0f) == 8 && (file.data[0] * 256 + file.data[1]) % 31 == 0; /* RFC 1950 2.2 */
    return gzip || zlib;
}

struct bill_text *bill_text_new(struct bytes file, bill_seen *seen, void *context)
{
    struct bill_text *text = mem_alloc(sizeof(*text));
    text->file = file;
    text->packed_size = file.size;
    text->seen = seen;
    text->context = context;
    text->packed = looks_packed(file) && inflateInit2(&text->stream, WINDOW_ANY) == Z_OK;
    return text;
}

struct bill_text *bill_text_of_member(struct bill_zip *zip, size_t member)
{
    zip_file_t *opened = zip_fopen_index(zip->zip, member, 0);
    if (opened == NULL)
        return NULL;
    struct bill_text *text = mem_alloc(sizeof(*text));
    text->member = opened;
    text->packed_size = zip->packed_sizes[member];
    return text;
}

void bill_text_free(struct bill_text *text)
{
    if (text == NULL)
        return;
    if (text->packed)
        inflateEnd(&text->stream);
    if (text->member != NULL)
        zip_fclose(text->member);
    mem_free(text);
}

/* -- more text ----------------------------------------------------------------------------------------------------- */

/* Bytes read, 0 at the end, -1 when it is damaged. */
static int64_t inflate_some(struct bill_text *text, char *into, size_t room)
{
    z_stream *stream = &text->stream;
    if (text->stream_over)
        return 0;
    size_t given = text->file.size < ROOM ? text->file.size : ROOM;
    stream->next_in = (Bytef *)(uintptr_t)text->file.data;
    stream->avail_in = (uInt)given;
    stream->next_out = (Bytef *)into;
    stream->avail_out = (uInt)room;
    int end = inflate(stream, Z_NO_FLUSH);
    size_t used = given - stream->avail_in, made = room - stream->avail_out;
    text->file.data += used;
    text->file.size -= used;
    text->stream_over = end == Z_STREAM_END;
    if (end != Z_STREAM_END && end != Z_OK && !(end == Z_BUF_ERROR && made > 0))
        return -1;
    if (text->stream_over && text->file.size > 0)
        return -1; /* something hangs behind it */
    return made == 0 && !text->stream_over && used == 0 ? -1 : (int64_t)made;
}

static int64_t copy_some(struct bill_text *text, char *into, size_t room)
{
    size_t size = text->file.size < room ? text->file.size : room;
    memcpy(into, text->file.data, size);
    text->file.data += size;
    text->file.size -= size;
    return (int64_t)size;
}

static int64_t read_some(struct bill_text *text, char *into, size_t room)
{
    if (text->member != NULL)
        return zip_fread(text->member, into, room); /* compares the CRC at the end */
    if (!text->packed)
        return text->file.size == 0 ? 0 : copy_some(text, into, room);
    int64_t made;
    do
        made = inflate_some(text, into, room);
    while (made == 0 && !text->stream_over);
    return made;
}

static const char *fill(struct bill_text *text)
{
    memmove(text->buffer, text->buffer + text->begin, text->end - text->begin);
    text->end -= text->begin;
    text->begin = 0;
    int64_t made = read_some(text, text->buffer + text->end, ROOM - text->end);
    if (made < 0)
        return BILL_RULE_UNPACK;
    if (made > 0 && text->seen != NULL)
        text->seen(text->context, (struct bytes){(const uint8_t *)text->buffer + text->end, (size_t)made});
    text->end += (size_t)made;
    text->read += (uint64_t)made;
    text->over = made == 0;
    bool unpacks = text->packed || text->member != NULL;
    if (text->read > BILL_TEXT_SIZE_MAX ||
        (unpacks && text->read > GROWTH_FREE && text->read > text->packed_size * GROWTH_MAX))
        return BILL_RULE_SIZE;
    return NULL;
}

enum bill_line bill_text_line(struct bill_text *text, char **line, size_t *size, const char **rule)
{
    const char *end;
    while ((end = memchr(text->buffer + text->begin, '\n', text->end - text->begin)) == NULL && !text->over) {
        *rule = text->end - text->begin > BILL_LINE_MAX ? BILL_RULE_LINE : fill(text);
        if (*rule != NULL)
            return BILL_BROKEN;
    }
    size_t length = end == NULL ? text->end - text->begin : (size_t)(end - (text->buffer + text->begin));
    if (length == 0 && end == NULL)
        return BILL_END;
    text->number++;
    *rule = BILL_RULE_LINE;
    if (length > BILL_LINE_MAX)
        return BILL_BROKEN;
    memcpy(text->line, text->buffer + text->begin, length);
    text->begin += length + (end != NULL);
    while (length > 0 && text->line[length - 1] == '\r')
        length--;
    text->line[length] = '\0';
    *line = text->line;
    *size = length;
    return BILL_LINE;
}

size_t bill_text_number(const struct bill_text *text)
{
    return text->number;
}

bool bill_unpack(struct bytes packed, size_t limit, struct arena *arena, struct bytes *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.size};
    if (!looks_packed(packed) || packed.size > UINT32_MAX || inflateInit2(&stream, WINDOW_ANY) != Z_OK)
        return false;
    size_t room = packed.size < ROOM ? ROOM : packed.size * 2, size = 0;
    char *memory = NULL;
    int end = Z_OK;
    while (end == Z_OK && size < limit) {
        size_t larger = room < limit ? room : limit;
        memory = mem_grow(memory, size, larger);
        stream.next_out = (Bytef *)memory + size;
        stream.avail_out = (uInt)(larger - size);
        end = inflate(&stream, Z_NO_FLUSH);
        size = larger - stream.avail_out;
        room = larger * 2;
        if (end == Z_OK && stream.avail_out > 0)
            break; /* cut off */
    }
    inflateEnd(&stream);
    if (end == Z_STREAM_END)
        *out = arena_bytes(arena, memory, size);
    mem_free(memory);
    return end == Z_STREAM_END;
}

/* -- zip ----------------------------------------------------------------------------------------------------------- */

bool bill_from_gbk(const char *text, size_t size, char *out, size_t room)
{
    static __thread iconv_t converter = NULL; /* opening one costs more than a line */
    if (converter == NULL)
        converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1)
        return false;
    char *from = (char *)(uintptr_t)text, *to = out;
    size_t left = size, space = room - 1;
    iconv(converter, NULL, NULL, NULL, NULL);
    if (size > 0 && (iconv(converter, &from, &left, &to, &space) == (size_t)-1 || left > 0))
        return false;
    *to = '\0';
    return true;
}

static const char *name_of(struct arena *arena, const char *raw)
{
    char utf8[NAME_SIZE_MAX * 2 + 1];
    size_t size = raw == NULL ? 0 : strlen(raw);
    if (size == 0 || size > NAME_SIZE_MAX || strpbrk(raw, "/\\") != NULL || strstr(raw, "..") != NULL)
        return NULL;
    if (utf8_valid(raw, size))
        return arena_text(arena, raw);
    if (!bill_from_gbk(raw, size, utf8, sizeof(utf8)) || strpbrk(utf8, "/\\") != NULL)
        return NULL;
    return arena_text(arena, utf8);
}

static bool take_member(struct bill_zip *zip, struct arena *arena, size_t i)
{
    zip_stat_t stat;
    const char *name = name_of(arena, zip_get_name(zip->zip, i, ZIP_FL_ENC_RAW));
    if (name == NULL || zip_stat_index(zip->zip, i, 0, &stat) != 0 || (stat.valid & ZIP_STAT_COMP_SIZE) == 0 ||
        (stat.valid & ZIP_STAT_ENCRYPTION_METHOD && stat.encryption_method != ZIP_EM_NONE))
        return false;
    for (size_t j = 0; j < i; j++)
        if (strcmp(zip->names[j], name) == 0)
            return false;
    zip->names[i] = name;
    zip->packed_sizes[i] = stat.comp_size;
    return true;
}

struct bill_zip *bill_zip_open(struct bytes file, struct arena *arena, const char **rule)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(file.data, file.size, 0, &error);
    zip_t *opened = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    zip_error_fini(&error);
    *rule = BILL_RULE_UNPACK;
    if (opened == NULL) {
        zip_source_free(source);
        return NULL;
    }
    struct bill_zip *zip = ARENA_NEW(arena, struct bill_zip);
    zip->zip = opened;
    zip_int64_t count = zip_get_num_entries(opened, 0);
    *rule = "members";
    for (zip->count = 0; count <= MEMBERS_MAX && zip->count < (size_t)count; zip->count++)
        if (!take_member(zip, arena, zip->count))
            break;
    if (count > 0 && zip->count == (size_t)count)
        return zip;
    bill_zip_close(zip);
    return NULL;
}

void bill_zip_close(struct bill_zip *zip)
{
    if (zip != NULL)
        zip_discard(zip->zip);
}

size_t bill_zip_count(const struct bill_zip *zip)
{
    return zip->count;
}

const char *bill_zip_name(const struct bill_zip *zip, size_t member)
{
    return zip->names[member];
}
