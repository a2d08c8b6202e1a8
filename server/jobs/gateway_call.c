/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/gateway_call.h"

#define ANSWER_SIZE_MAX 65536

enum err gateway_call(struct jobs *jobs, const struct gateway_question *question, struct arena *arena, http_done *done,
                      void *context)
{
    struct http_request request = {
        .method = question->method,
        .url = question->url,
        .headers = question->headers,
        .header_count = question->header_count,
        .body = question->body,
        .timeout_ms = jobs->settings->remote_call_ms,
        .answer_max = ANSWER_SIZE_MAX,
    };
    return http_start(jobs->http, &request, arena, done, context);
}
