/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "edge/peer.h"

/* {renewal_no, method}: makes (or finds) the payment attempt and answers the signed form that takes the payer to the
 * gateway. One database call, then pure computation; the gateway itself is not asked. */
void payment_open_handle(struct peer_call *call, struct bytes body);
