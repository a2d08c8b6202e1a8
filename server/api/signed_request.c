/* SPDX-License-Identifier: Apache-2.0 */
#include "api/signed_request.h"

#include "api/server.h"

enum err signed_request_read(struct request *req, struct signed_content *out, struct json **document)
{
    struct fault *fault = request_fault(req);
    struct signed_content read;
    TRY(cms_verify_trusted(request_arena(req), request_body(req), api_server(req)->trust, fault, &read));
    ENSURE(read.signer.may_sign, ERR_CERTIFICATE_USAGE);
    TRY(json_parse((const char *)read.content.data, read.content.size, fault, document));
    *out = read;
    return OK;
}
