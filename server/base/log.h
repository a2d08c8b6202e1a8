/* SPDX-License-Identifier: Apache-2.0 */
/* One line per event on stderr: time (Beijing), level, role, area, sentence, then key=value pairs. Values are quoted
 * and escaped, so that no input can forge a line. Never personal data, never secrets. */
#pragma once

#include "base/compiler.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* role is shown in each line ("web.1"); it must outlive the process. */
void log_init(const char *role, enum log_level lowest);
/* "debug", "info", "warn", "error"; -1 for anything else. */
int log_level_from_text(const char *text);

void log_line(enum log_level level, const char *area, const char *format, ...) PRINTF(3, 4);

#define log_debug(area, ...) log_line(LOG_DEBUG, area, __VA_ARGS__)
#define log_info(area, ...)  log_line(LOG_INFO, area, __VA_ARGS__)
#define log_warn(area, ...)  log_line(LOG_WARN, area, __VA_ARGS__)
#define log_error(area, ...) log_line(LOG_ERROR, area, __VA_ARGS__)
