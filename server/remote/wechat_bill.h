/* SPDX-License-Identifier: Apache-2.0 */
/* A row of THE table in gateway_bill.c. */
#pragma once

#include "remote/gateway_bill.h"

enum err wechat_ask_bill(const struct gateways *gateways, const char *day, struct arena *arena,
                         struct gateway_question *question) MUST_CHECK;
enum err wechat_read_bill(const struct gateways *gateways, const char *day, const struct http_answer *answer,
                          struct arena *arena, struct fault *fault, struct gateway_bill_answer *out) MUST_CHECK;
enum err wechat_fetch_bill(const struct gateways *gateways, const char *url, struct arena *arena,
                           struct gateway_question *question) MUST_CHECK;
