/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "jobs/jobs.h"

/* Topic sms_code: sends a code while it lives; afterwards it is dropped, never sent late. */
job_handler sms_code_send;
