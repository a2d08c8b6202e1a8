/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of gateways' notices have in common. */
#pragma once

#include "edge/request.h"
#include "store/payment.h"
#include "store/refund.h"

/* How a gateway is told that it need not say this again. */
typedef void notice_acknowledge(struct request *req);

/* Books a verified payment and acknowledges it after the commit; anything else makes the gateway send it again. */
enum err notice_settle(struct request *req, const struct payment_notice *payment,
                       notice_acknowledge *acknowledge) MUST_CHECK;
/* A verified notice about a refund: kept, the gateway asked what became of it, acknowledged after the commit. */
enum err notice_tell_refund(struct request *req, const struct refund_notice *notice,
                            notice_acknowledge *acknowledge) MUST_CHECK;
/* Keeps a notice that failed its checks, then answers with why: the gateway sends it again, a person can look. */
enum err notice_refuse_kept(struct request *req, const char *gateway, enum err why) MUST_CHECK;
