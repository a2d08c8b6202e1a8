/* SPDX-License-Identifier: Apache-2.0 */
/* Rules on a parsed head that decide where a message ends and whom it is for (RFC 9112 3.2, 6). Everything two servers
 * could read differently is refused. */
#pragma once

#include "base/err.h"
#include "edge/content.h"

#include <stdbool.h>
#include <stdint.h>

struct request;

enum err framing_check(struct request *req) MUST_CHECK;
/* What Content-Length promises; 0 without one. Only after framing_check, as the next two. */
uint64_t framing_content_length(const struct request *req);
/* How the body is to be read (RFC 9112 6.3). */
struct content framing_content(const struct request *req);
/* The client waits for 100 Continue before it sends the body (RFC 9110 10.1.1). */
bool framing_expects_continue(const struct request *req);
