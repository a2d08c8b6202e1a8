/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at the bytes of a request's head as they arrive, before llhttp sees them: line ends, control characters,
 * folding, spaces around field names, sizes and counts. llhttp is lenient in some of these even in strict mode. */
#pragma once

#include "edge/edge.h"

#include <stdbool.h>

enum scan_result {
    SCAN_MORE,    /* the head is not complete */
    SCAN_DONE,    /* data[start, seen) is the head, with its empty line */
    SCAN_REFUSED, /* see flaw */
};

struct flaw {
    enum err err;
    const char *zh, *en;
};

struct head_scan { /* {0} before the first byte */
    size_t start, seen;
    size_t line_size;    /* of the line under way, without its line end */
    size_t header_bytes; /* of all header lines */
    size_t line_count;
    bool carriage_return; /* the byte before was CR */
    bool in_name;         /* before the colon of a header line */
    bool blank_skipped;   /* one empty line may precede the request line (RFC 9112 2.2) */
    const struct flaw *flaw;
};

/* data is the input from its first byte on, size what has arrived so far. */
enum scan_result head_scan(struct head_scan *scan, const struct edge_limits *limits, const uint8_t *data, size_t size);
/* No head is larger. */
size_t head_scan_limit(const struct edge_limits *limits);
