/* SPDX-License-Identifier: Apache-2.0 */
/* UnionPay's rows of the gateway table; see gateway.h for each column. */
#pragma once

#include "remote/gateway.h"

bool unionpay_offered(const struct gateways *gateways);
int64_t unionpay_lifetime_s(const struct settings *settings);
enum err unionpay_open(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                       struct form *form);
enum err unionpay_ask(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                      struct gateway_question *question);
enum err unionpay_read_state(const struct gateways *gateways, const struct gateway_payment *payment,
                             const struct http_answer *answer, struct arena *arena, struct fault *fault,
                             struct gateway_answer *out);
enum err unionpay_send_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                              struct gateway_question *question);
enum err unionpay_read_sent(const struct gateways *gateways, const struct gateway_refund *refund,
                            const struct http_answer *answer, struct arena *arena, struct fault *fault,
                            struct gateway_refund_answer *out);
enum err unionpay_ask_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                             struct gateway_question *question);
enum err unionpay_read_refund_state(const struct gateways *gateways, const struct gateway_refund *refund,
                                    const struct http_answer *answer, struct arena *arena, struct fault *fault,
                                    struct gateway_refund_answer *out);
