/* SPDX-License-Identifier: Apache-2.0 */
/* A connection's bytes: the head wherever they are cut, what it says of the body, and the body wherever it is cut. */
#include "fuzz.h"

#include "edge/framing.h"
#include "edge/head.h"
#include "edge/head_scan.h"
#include "edge/message.h"

#include <string.h>

#define BODY_LIMIT 4096

static const struct edge_limits limits = {.header_count = 16, .header_bytes = 1024, .target_bytes = 256};

void fuzz_start(void)
{
}

/* The head, wherever the bytes are cut. */
static enum scan_result scan(struct bytes input, size_t cut, struct head_scan *whole)
{
    struct head_scan pieces = {0};
    enum scan_result result = head_scan(whole, &limits, input.data, input.size);
    enum scan_result cut_result = head_scan(&pieces, &limits, input.data, cut);
    if (cut_result == SCAN_MORE)
        cut_result = head_scan(&pieces, &limits, input.data, input.size);
    HOLDS(result == cut_result);
    HOLDS(result != SCAN_DONE || (whole->start == pieces.start && whole->seen == pieces.seen));
    HOLDS(result != SCAN_DONE || whole->seen - whole->start <= head_scan_limit(&limits));
    HOLDS(result != SCAN_REFUSED || (whole->flaw != NULL && whole->flaw == pieces.flaw));
    return result;
}

struct outcome {
    enum err err;
    bool complete;
    size_t used;
    struct body body;
};

static struct outcome read_body(struct content content, struct bytes rest, size_t cut)
{
    struct outcome outcome = {.body = {.limit = BODY_LIMIT}};
    const struct bytes pieces[] = {{rest.data, cut}, {rest.data + cut, rest.size - cut}};
    for (size_t i = 0; i < 2 && outcome.err == OK && !content_complete(&content); i++) {
        size_t used = 0;
        outcome.err = content_read(&content, &outcome.body, pieces[i], &used);
        HOLDS(outcome.err != OK || used <= pieces[i].size);
        outcome.used += used;
    }
    outcome.complete = content_complete(&content);
    return outcome;
}

static void same_body(struct content content, struct bytes rest, size_t cut)
{
    struct outcome whole = read_body(content, rest, rest.size), pieces = read_body(content, rest, cut);
    HOLDS(whole.err == pieces.err && whole.body.size <= BODY_LIMIT);
    if (whole.err == OK) {
        HOLDS(whole.complete == pieces.complete && whole.used == pieces.used);
        HOLDS(bytes_equal((struct bytes){whole.body.data, whole.body.size},
                          (struct bytes){pieces.body.data, pieces.body.size}));
    }
    body_free(&whole.body);
    body_free(&pieces.body);
}

static void read_message(struct arena *arena, struct bytes head, struct bytes rest, size_t cut)
{
    struct request req = {.arena = arena, .body = {.limit = BODY_LIMIT}};
    fault_init(&req.fault, arena);
    if (head_parse(&req, head, limits.header_count) != OK)
        return;
    HOLDS(req.header_count <= limits.header_count);
    for (size_t i = 0; i < req.header_count; i++)
        HOLDS(strlen(req.headers[i].name) == req.headers[i].name_size &&
              strlen(req.headers[i].value) == req.headers[i].value_size);
    if (framing_check(&req) != OK)
        return;
    HOLDS(framing_content_length(&req) == 0 || request_header(&req, "transfer-encoding") == NULL);
    framing_expects_continue(&req);
    (void)!target_parse(arena, req.raw_target, req.raw_target_size, &req.fault, &req.target);
    same_body(framing_content(&req), rest, cut);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    size_t cut = fuzz_choice(&input);
    struct head_scan whole = {0};
    if (scan(input, cut % (input.size + 1), &whole) != SCAN_DONE)
        return;
    struct bytes rest = {input.data + whole.seen, input.size - whole.seen};
    read_message(arena, (struct bytes){input.data + whole.start, whole.seen - whole.start}, rest,
                 cut % (rest.size + 1));
}
