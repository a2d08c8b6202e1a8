/* SPDX-License-Identifier: Apache-2.0 */
#include "api/server.h"

struct api_server *api_server(const struct request *req)
{
    return request_server(req);
}

int64_t api_call_ms(const struct request *req)
{
    return api_server(req)->settings->database_call_ms;
}
