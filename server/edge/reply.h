/* SPDX-License-Identifier: Apache-2.0 */
/* Writes replies. */
#pragma once

#include "base/arena.h"

struct request;

/* A handler's one reply goes between these two. */
void reply_begin(struct request *req);
void reply_end(struct request *req);
/* Dropped when nobody waits for it. */
void reply_send(struct request *req, int status, const char *content_type, struct bytes body);
/* The head of a stream; its end is that of the connection. */
void reply_send_stream(struct request *req);
