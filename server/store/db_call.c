/* SPDX-License-Identifier: Apache-2.0 */
/* A call: one block of memory that holds its parameters as the wire wants them, so that it can be sent again. */
#include "store/db_internal.h"

#include <arpa/inet.h>
#include <assert.h>
#include <endian.h>
#include <string.h>

#define ARRAY_HEAD_SIZE 12 /* dimensions, has nulls, element type */
#define ARRAY_AXIS_SIZE 8  /* length, lower bound */

/* -- parameters -------------------------------------------------------------------------------------------------- */

struct db_param db_text(const char *text)
{
    return (struct db_param){.type = 't', .null = text == NULL, .text = text};
}

struct db_param db_integer(int64_t value)
{
    return (struct db_param){.type = 'i', .integer = value};
}

struct db_param db_bytes(struct bytes bytes)
{
    return (struct db_param){.type = 'b', .null = bytes.data == NULL, .bytes = bytes};
}

struct db_param db_boolean(bool value)
{
    return (struct db_param){.type = 'o', .integer = value};
}

struct db_param db_time(int64_t unix_us)
{
    return (struct db_param){.type = 'z', .integer = unix_us};
}

struct db_param db_texts(const char *const *texts, size_t count)
{
    return (struct db_param){.type = 'T', .text_array = {texts, count}};
}

struct db_param db_integers(const int64_t *values, size_t count)
{
    return (struct db_param){.type = 'I', .integer_array = {values, count}};
}

struct db_param db_bytes_each(const struct bytes *values, size_t count)
{
    return (struct db_param){.type = 'B', .bytes_array = {values, count}};
}

struct db_param db_times(const int64_t *unix_us, size_t count)
{
    return (struct db_param){.type = 'Z', .integer_array = {unix_us, count}};
}

/* -- their binary form (PostgreSQL's *_send and *_recv functions) ------------------------------------------------- */

static size_t texts_size(const char *const *texts, size_t count)
{
    size_t size = count * sizeof(uint32_t);
    for (size_t i = 0; i < count; i++)
        size += texts[i] != NULL ? strlen(texts[i]) : 0;
    return size;
}

static size_t bytes_each_size(const struct bytes *bytes, size_t count)
{
    size_t size = count * sizeof(uint32_t);
    for (size_t i = 0; i < count; i++)
        size += bytes[i].data != NULL ? bytes[i].size : 0;
    return size;
}

static size_t array_size(const struct db_param *param)
{
    size_t head = ARRAY_HEAD_SIZE + ARRAY_AXIS_SIZE;
    if (param->type == 'T')
        return head + texts_size(param->text_array.texts, param->text_array.count);
    if (param->type == 'B')
        return head + bytes_each_size(param->bytes_array.bytes, param->bytes_array.count);
    return head + param->integer_array.count * (sizeof(uint32_t) + sizeof(uint64_t));
}

static size_t param_size(const struct db_param *param)
{
    if (param->null)
        return 0;
    switch (param->type) {
    case 't':
        return strlen(param->text) + 1;
    case 'b':
        return param->bytes.size > 0 ? param->bytes.size : 1; /* an empty value still needs an address */
    case 'o':
        return 1;
    case 'i':
    case 'z':
        return sizeof(uint64_t);
    default:
        return array_size(param);
    }
}

static char *put_32(char *at, uint32_t value)
{
    value = htonl(value);
    memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}

static char *put_64(char *at, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);
    memcpy(at, &wire, sizeof(wire));
    return at + sizeof(wire);
}

static char *put_bytes(char *at, const void *data, size_t size)
{
    if (size > 0)
        memcpy(at, data, size);
    return at + size;
}

static char *put_array_head(char *at, char letter, size_t count, bool has_null)
{
    at = put_32(at, count > 0 ? 1 : 0);
    at = put_32(at, has_null);
    at = put_32(at, schema_element_oid(letter));
    if (count == 0)
        return at;
    at = put_32(at, (uint32_t)count);
    return put_32(at, 1);
}

static char *put_texts(char *at, const char *const *texts, size_t count)
{
    bool has_null = false;
    for (size_t i = 0; i < count; i++)
        has_null = has_null || texts[i] == NULL;
    at = put_array_head(at, 'T', count, has_null);
    for (size_t i = 0; i < count; i++) {
        size_t size = texts[i] != NULL ? strlen(texts[i]) : 0;
        at = put_32(at, texts[i] != NULL ? (uint32_t)size : UINT32_MAX);
        at = put_bytes(at, texts[i], size);
    }
    return at;
}

static char *put_bytes_each(char *at, const struct bytes *bytes, size_t count)
{
    bool has_null = false;
    for (size_t i = 0; i < count; i++)
        has_null = has_null || bytes[i].data == NULL;
    at = put_array_head(at, 'B', count, has_null);
    for (size_t i = 0; i < count; i++) {
        bool null = bytes[i].data == NULL;
        at = put_32(at, null ? UINT32_MAX : (uint32_t)bytes[i].size);
        at = put_bytes(at, bytes[i].data, null ? 0 : bytes[i].size);
    }
    return at;
}

static char *put_integers(char *at, char letter, const int64_t *integers, size_t count)
{
    at = put_array_head(at, letter, count, false);
    for (size_t i = 0; i < count; i++) {
        at = put_32(at, sizeof(uint64_t));
        at = put_64(at, letter == 'Z' ? schema_time_to_wire(integers[i]) : integers[i]);
    }
    return at;
}

static char *put_param(char *at, const struct db_param *param)
{
    switch (param->type) {
    case 't':
        return put_bytes(at, param->text, strlen(param->text)); /* the block is zeroed: its NUL is there */
    case 'b':
        return put_bytes(at, param->bytes.data, param->bytes.size);
    case 'o':
        *at = param->integer != 0;
        return at + 1;
    case 'i':
        return put_64(at, param->integer);
    case 'z':
        return put_64(at, schema_time_to_wire(param->integer));
    case 'T':
        return put_texts(at, param->text_array.texts, param->text_array.count);
    case 'B':
        return put_bytes_each(at, param->bytes_array.bytes, param->bytes_array.count);
    default:
        return put_integers(at, param->type, param->integer_array.integers, param->integer_array.count);
    }
}

/* -- calls ------------------------------------------------------------------------------------------------------- */

size_t call_bytes(const struct db_statement *statement, const struct db_param *params)
{
    size_t bytes = 0;
    for (size_t i = 0; statement->params[i] != '\0'; i++) {
        assert(params[i].type == statement->params[i]);
        bytes += param_size(&params[i]);
    }
    return bytes;
}

struct call *call_new(const struct db_statement *statement, const struct db_param *params, size_t bytes)
{
    size_t count = strlen(statement->params);
    struct call *call = mem_alloc(sizeof(*call) + count * (sizeof(*call->values) + sizeof(*call->lengths)) + bytes);
    call->statement = statement;
    call->count = (int)count;
    call->values = (const char **)(call + 1);
    call->lengths = (int *)(call->values + count);
    char *at = (char *)(call->lengths + count);
    for (size_t i = 0; i < count; i++) {
        if (params[i].null)
            continue;
        call->values[i] = at;
        call->lengths[i] = (int)(put_param(at, &params[i]) - at);
        at += param_size(&params[i]);
    }
    return call;
}

void call_answer(struct call *call, enum err err)
{
    db_done *done = TAKE(call->done);
    if (done == NULL)
        return;
    const struct row rows = {call->result, call->statement->columns};
    done(call->context, err, err == OK ? &rows : NULL);
}

void call_end(struct db *db, struct call *call)
{
    deadline_remove(db, call);
    db->call_count--;
    PQclear(call->result);
    mem_free(call);
}

/* -- queues ------------------------------------------------------------------------------------------------------ */

void queue_put(struct call_queue *queue, struct call *call)
{
    call->next = NULL;
    if (queue->last != NULL)
        queue->last->next = call;
    else
        queue->first = call;
    queue->last = call;
    queue->length++;
}

void queue_put_back(struct call_queue *queue, struct call *call)
{
    call->next = queue->first;
    queue->first = call;
    if (queue->last == NULL)
        queue->last = call;
    queue->length++;
}

struct call *queue_take(struct call_queue *queue)
{
    struct call *call = queue->first;
    if (call == NULL)
        return NULL;
    queue->first = call->next;
    if (queue->first == NULL)
        queue->last = NULL;
    queue->length--;
    call->next = NULL;
    return call;
}

void queue_remove(struct call_queue *queue, struct call *call)
{
    struct call *before = NULL, *at = queue->first;
    while (at != call) {
        before = at;
        at = at->next;
    }
    if (before == NULL) {
        queue_take(queue);
        return;
    }
    before->next = call->next;
    if (queue->last == call)
        queue->last = before;
    queue->length--;
    call->next = NULL;
}
