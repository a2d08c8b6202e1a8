/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of reconciliation share. */
#pragma once

#include "edge/request.h"

#include <stdbool.h>

/* "2026-11-20"; otherwise a fault under this name. */
bool reconciliation_day_fits(struct request *req, const char *name, const char *day);
/* A rail that has bills; otherwise a fault. */
bool reconciliation_rail_fits(struct request *req, const char *name, const char *rail);
/* {rail} and {day} of the route. ERR_FIELDS_INVALID. */
enum err reconciliation_read_path(struct request *req, const char **rail, const char **day) MUST_CHECK;
/* 长款, 短款 … for match_long, match_short …; "" for others. */
const char *reconciliation_class_name(const char *class);
