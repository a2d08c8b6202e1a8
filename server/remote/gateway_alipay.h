/* SPDX-License-Identifier: Apache-2.0 */
/* Alipay's row of the gateway table. */
#pragma once

#include "remote/gateway.h"

bool alipay_offered(const struct gateways *gateways);
int64_t alipay_lifetime_s(const struct settings *settings);
enum err alipay_open(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                     struct form *form);
enum err alipay_ask(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                    struct gateway_question *question);
enum err alipay_read_state(const struct gateways *gateways, const struct gateway_payment *payment,
                           const struct http_answer *answer, struct arena *arena, struct fault *fault,
                           struct gateway_answer *out);
/* Where the account has 当面付 (alipay.precreate): a code. */
bool alipay_scanned(const struct gateways *gateways);
enum err alipay_order_code(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                           struct gateway_question *question);
enum err alipay_read_code(const struct gateways *gateways, const struct gateway_payment *payment,
                          const struct http_answer *answer, struct arena *arena, struct fault *fault,
                          const char **code_url);
enum err alipay_close_trade(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                            struct gateway_question *question);
enum err alipay_send_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                            struct gateway_question *question);
enum err alipay_read_sent(const struct gateways *gateways, const struct gateway_refund *refund,
                          const struct http_answer *answer, struct arena *arena, struct fault *fault,
                          struct gateway_refund_answer *out);
enum err alipay_ask_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                           struct gateway_question *question);
enum err alipay_read_refund_state(const struct gateways *gateways, const struct gateway_refund *refund,
                                  const struct http_answer *answer, struct arena *arena, struct fault *fault,
                                  struct gateway_refund_answer *out);
