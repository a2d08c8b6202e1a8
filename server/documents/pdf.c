/* SPDX-License-Identifier: Apache-2.0 */
/* A look at a PDF that is kept as it is. It is not a parser: it refuses what runs, launches, embeds or cannot be looked
 * into, wherever such a name is written, also with escapes (ISO 32000-1 7.3.5) and inside compressed object streams
 * (7.5.7). What it lets through is still shown in a sandbox only. */
#include "base/mem.h"
#include "documents/picture.h"

#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#define TRAILER_ROOM       1024              /* %%EOF stands in the last so many bytes (ISO 32000-1 annex H.3) */
#define INFLATED_MAX       (4 * 1024 * 1024) /* of one object stream */
#define OBJECT_STREAMS_MAX 2000
#define INFLATED_TOTAL_MAX (64 * 1024 * 1024)
#define NAME_MAX_READ      32

/* Long enough not to turn up by chance in the megabytes of a scan; a script needs JavaScript as its type as well as JS.
 */
static const char *const forbidden[] = {"JavaScript", "Launch",  "EmbeddedFile", "EmbeddedFiles",
                                        "RichMedia",  "Encrypt", "SubmitForm",   "ImportData"};

struct look {
    struct fault *fault;
    uint8_t *room; /* INFLATED_MAX; NULL until there is an object stream */
    size_t streams, inflated;
};

static bool regular(uint8_t c)
{
    return c > 0x20 && c < 0x7f && strchr("()<>[]{}/%", c) == NULL;
}

static int hex(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The name after the slash at `at`, escapes resolved; longer ones are cut, none of ours is as long. */
static void read_name(struct bytes text, size_t at, char name[static NAME_MAX_READ])
{
    size_t size = 0;
    for (at++; at < text.size && regular(text.data[at]) && size < NAME_MAX_READ - 1; at++) {
        uint8_t c = text.data[at];
        int high = at + 2 < text.size ? hex(text.data[at + 1]) : -1;
        int low = at + 2 < text.size ? hex(text.data[at + 2]) : -1;
        if (c == '#' && high >= 0 && low >= 0) {
            c = (uint8_t)((unsigned)high << 4 | (unsigned)low);
            at += 2;
        }
        name[size++] = (char)c;
    }
    name[size] = '\0';
}

static enum err refused(struct fault *fault)
{
    return fault_explain(fault, ERR_DOCUMENT_REFUSED, "PDF含有脚本、附件、表单动作或加密，请直接上传扫描件",
                         "The PDF has scripts, attachments, form actions or encryption; upload the plain scan");
}

static enum err check_name(const char *name, struct fault *fault)
{
    for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++)
        if (strcmp(name, forbidden[i]) == 0)
            return refused(fault);
    return OK;
}

/* -- object streams ---------------------------------------------------------------------------------------------- */

static enum err check_names(struct bytes text, struct look *look, bool outside);

static enum err check_inflated(struct bytes packed, struct look *look)
{
    if (look->room == NULL)
        look->room = mem_alloc(INFLATED_MAX);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.data,
                  .avail_in = (uInt)packed.size,
                  .next_out = look->room,
                  .avail_out = INFLATED_MAX};
    int result = inflateInit(&z);
    if (result == Z_OK)
        result = inflate(&z, Z_FINISH);
    struct bytes inflated = {look->room, z.total_out};
    inflateEnd(&z);
    look->inflated += inflated.size;
    if (result != Z_STREAM_END || look->inflated > INFLATED_TOTAL_MAX)
        return refused(look->fault);
    return check_names(inflated, look, false);
}

/* Its objects are not to be seen without unpacking it: what is packed in another way than Flate is refused. */
static enum err check_object_stream(struct bytes text, size_t at, struct look *look)
{
    static const char word[] = "stream";
    const uint8_t *found = memmem(text.data + at, text.size - at, word, sizeof(word) - 1);
    ENSURE(found != NULL, refused(look->fault));
    ENSURE(++look->streams <= OBJECT_STREAMS_MAX, refused(look->fault));
    size_t start = (size_t)(found - text.data) + sizeof(word) - 1;
    while (start < text.size && (text.data[start] == '\r' || text.data[start] == '\n'))
        start++;
    return check_inflated((struct bytes){text.data + start, text.size - start}, look);
}

static enum err check_names(struct bytes text, struct look *look, bool outside)
{
    char name[NAME_MAX_READ];
    const uint8_t *slash = text.size == 0 ? NULL : memchr(text.data, '/', text.size);
    while (slash != NULL) {
        size_t at = (size_t)(slash - text.data);
        read_name(text, at, name);
        TRY(check_name(name, look->fault));
        if (outside && strcmp(name, "ObjStm") == 0)
            TRY(check_object_stream(text, at, look));
        slash = memchr(slash + 1, '/', text.size - at - 1);
    }
    return OK;
}

/* -- the whole --------------------------------------------------------------------------------------------------- */

static bool has(struct bytes text, const char *word)
{
    return memmem(text.data, text.size, word, strlen(word)) != NULL;
}

enum err pdf_check(struct bytes upload, struct fault *fault)
{
    size_t room = upload.size < TRAILER_ROOM ? upload.size : TRAILER_ROOM;
    struct bytes tail = {upload.data + upload.size - room, room};
    if (!has(tail, "%%EOF") || !has(tail, "startxref") || !has(upload, "endobj"))
        return fault_explain(fault, ERR_DOCUMENT_UNREADABLE, "PDF已损坏或不完整", "The PDF is damaged or cut off");
    struct look look = {.fault = fault};
    enum err err = check_names(upload, &look, true);
    mem_free(look.room);
    return err;
}
