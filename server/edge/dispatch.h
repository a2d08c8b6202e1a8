/* SPDX-License-Identifier: Apache-2.0 */
/* From a parsed request to its route and handler. */
#pragma once

#include "edge/routing.h"

/* Framing and target: what is wrong here ends the connection. */
enum err dispatch_check_head(struct request *req) MUST_CHECK;
/* Route, media type, body size and admission, all before the body is read. */
enum err dispatch_find(struct request *req, const struct routing *routing) MUST_CHECK;
/* Calls the handler; answers for it when it fails. */
void dispatch_handle(struct request *req);
