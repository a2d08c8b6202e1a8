/* SPDX-License-Identifier: Apache-2.0 */
/* The bank transfer part of the payer's page, for those who show it. */
#pragma once

#include "domain/platform.h"
#include "edge/request.h"
#include "store/transfer.h"

/* A row of 核验转账信息 as it was sent: canonical, checked. */
struct transfer_written {
    const char *account, *name, *remark;
    int64_t amount_fen, day; /* since 1970-01-01, Beijing */
};

/* Reads and checks one row; faults are named under path ("transfers.0"). ERR_FIELDS_INVALID. */
enum err transfer_read(struct arena *arena, const struct json *object, const char *path, int64_t now_us,
                       struct fault *fault, struct transfer_written *out) MUST_CHECK;
/* Where to pay: 开户公司名称, 开户账号, 开户行, and what to write into the remark. */
struct json *transfer_accounts_json(struct arena *arena, const struct platform *platform);
struct json *transfer_page_json(struct request *req, const struct transfer_page *page);
