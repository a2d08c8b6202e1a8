/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat Pay's row of the gateway table. */
#pragma once

#include "remote/gateway.h"

bool wechat_offered(const struct gateways *gateways);
int64_t wechat_lifetime_s(const struct settings *settings);
enum err wechat_order_code(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                           struct gateway_question *question);
enum err wechat_read_code(const struct gateways *gateways, const struct gateway_payment *payment,
                          const struct http_answer *answer, struct arena *arena, struct fault *fault,
                          const char **code_url);
enum err wechat_ask(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                    struct gateway_question *question);
enum err wechat_read_state(const struct gateways *gateways, const struct gateway_payment *payment,
                           const struct http_answer *answer, struct arena *arena, struct fault *fault,
                           struct gateway_answer *out);
enum err wechat_close_order(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                            struct gateway_question *question);
enum err wechat_send_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                            struct gateway_question *question);
enum err wechat_ask_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                           struct gateway_question *question);
enum err wechat_read_refund_answer(const struct gateways *gateways, const struct gateway_refund *refund,
                                   const struct http_answer *answer, struct arena *arena, struct fault *fault,
                                   struct gateway_refund_answer *out);
