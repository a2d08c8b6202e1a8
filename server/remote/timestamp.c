/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/timestamp.h"

#include "base/log.h"

#include <inttypes.h>
#include <strings.h>

#define HTTP_OK    200
#define REPLY_TYPE "application/timestamp-reply"

void timestamp_ask(const char *url, struct bytes request, int64_t timeout_ms, struct http_request *out)
{
    static const struct http_header headers[] = {
        {"Content-Type", "application/timestamp-query"}, {"Accept", REPLY_TYPE}, {"User-Agent", "Xuqi/" XUQI_VERSION}};
    *out = (struct http_request){
        .method = "POST",
        .url = url,
        .headers = headers,
        .header_count = ARRAY_SIZE(headers),
        .body = request,
        .timeout_ms = timeout_ms,
        .answer_max = TIMESTAMP_SIZE_MAX,
    };
}

enum err timestamp_read(const struct http_answer *answer, struct bytes *response)
{
    const char *type = http_answer_header(answer, "Content-Type");
    if (answer->status == HTTP_OK && type != NULL && strcasecmp(type, REPLY_TYPE) == 0) {
        *response = answer->body;
        return OK;
    }
    log_warn("audit", "the time-stamping authority answers %" PRId64 " instead of a time stamp", answer->status);
    return ERR_TIMESTAMP_INVALID;
}
