/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3161 over HTTP (3.4): how a time-stamping authority is asked and what it answers. Sending is http.h's. */
#pragma once

#include "pki/timestamp.h"
#include "remote/http.h"

/* request: of timestamp_request. The URL is the authority's; everything else lives as long as the program or arena. */
void timestamp_ask(const char *url, struct bytes request, int64_t timeout_ms, struct http_request *out);
/* What came, as far as HTTP says; to be verified. ERR_TIMESTAMP_INVALID, logged: another status or type. */
enum err timestamp_read(const struct http_answer *answer, struct bytes *response) MUST_CHECK;
