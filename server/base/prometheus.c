/* SPDX-License-Identifier: Apache-2.0 */
#include "base/prometheus.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST_ROOM 16384

void prometheus_begin(struct prometheus *out, struct arena *arena)
{
    *out = (struct prometheus){.arena = arena, .text = arena_alloc(arena, FIRST_ROOM), .room = FIRST_ROOM};
}

static void add(struct prometheus *out, const char *text)
{
    size_t size = strlen(text);
    if (out->size + size > out->room) {
        size_t room = (out->size + size) * 2;
        char *larger = arena_alloc(out->arena, room);
        memcpy(larger, out->text, out->size);
        out->text = larger;
        out->room = room;
    }
    memcpy(out->text + out->size, text, size);
    out->size += size;
}

void prometheus_metric(struct prometheus *out, const char *name, const char *type, const char *help)
{
    add(out, "# HELP ");
    add(out, name);
    add(out, " ");
    add(out, help);
    add(out, "\n# TYPE ");
    add(out, name);
    add(out, " ");
    add(out, type);
    add(out, "\n");
}

static void add_sample(struct prometheus *out, const char *name, const char *labels, const char *value)
{
    add(out, name);
    if (labels[0] != '\0') {
        add(out, "{");
        add(out, labels);
        add(out, "}");
    }
    add(out, " ");
    add(out, value);
    add(out, "\n");
}

void prometheus_sample(struct prometheus *out, const char *name, const char *labels, int64_t value)
{
    char text[32];
    snprintf(text, sizeof(text), "%" PRId64, value);
    add_sample(out, name, labels, text);
}

void prometheus_sample_s(struct prometheus *out, const char *name, const char *labels, int64_t us)
{
    char text[48];
    snprintf(text, sizeof(text), "%" PRId64 ".%06" PRId64, us / 1000000, us % 1000000);
    add_sample(out, name, labels, text);
}

char *prometheus_label(struct arena *arena, const char *name, const char *value)
{
    char *label = arena_alloc(arena, strlen(name) + 2 * strlen(value) + 4);
    char *at = stpcpy(stpcpy(label, name), "=\"");
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\' || *value == '\n')
            *at++ = '\\';
        *at++ = *value;
        if (*value == '\n')
            at[-1] = 'n';
    }
    memcpy(at, "\"", 2);
    return label;
}

struct bytes prometheus_text(const struct prometheus *out)
{
    return (struct bytes){(const uint8_t *)out->text, out->size};
}
