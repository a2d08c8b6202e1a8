/* SPDX-License-Identifier: Apache-2.0 */
/* Sends refunds to their gateways and asks what became of them (outbox topic refund, one row per refund). */
#pragma once

#include "jobs/jobs.h"

job_handler refund_job;
