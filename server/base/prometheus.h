/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus' text format, version 0.0.4: metrics with their help and type, then their samples. */
#pragma once

#include "base/arena.h"

#include <stdint.h>

struct prometheus {
    struct arena *arena;
    char *text;
    size_t size, room;
};

void prometheus_begin(struct prometheus *out, struct arena *arena);
/* type: "gauge", "counter", "histogram". */
void prometheus_metric(struct prometheus *out, const char *name, const char *type, const char *help);
/* labels: as they are written, without braces, made by prometheus_label; "" for none. */
void prometheus_sample(struct prometheus *out, const char *name, const char *labels, int64_t value);
void prometheus_sample_s(struct prometheus *out, const char *name, const char *labels, int64_t us); /* in seconds */
/* name="value" with what must be escaped escaped. */
char *prometheus_label(struct arena *arena, const char *name, const char *value);
struct bytes prometheus_text(const struct prometheus *out);
