/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOG_LINE_MAX 2048

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static const char *log_role = "xuqid";
static enum log_level log_lowest = LOG_INFO;

void log_init(const char *role, enum log_level lowest)
{
    log_role = role;
    log_lowest = lowest;
}

int log_level_from_text(const char *text)
{
    for (int level = LOG_DEBUG; level <= LOG_ERROR; level++)
        if (strcmp(text, level_names[level]) == 0)
            return level;
    return -1;
}

/* A newline or an escape in a value must not look like another line, nor reach a terminal: C0, DEL, and C1, which
 * UTF-8 writes as C2 80..9F. */
static void neutralise(char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)line[i];
        unsigned char next = i + 1 < size ? (unsigned char)line[i + 1] : 0;
        if (c < 0x20 || c == 0x7f)
            line[i] = '?';
        else if (c == 0xc2 && next >= 0x80 && next <= 0x9f)
            line[i] = line[i + 1] = '?';
    }
}

/* A line that is too long is cut between characters. */
static size_t cut(const char *line, size_t size)
{
    return size <= LOG_LINE_MAX - 2 ? size : utf8_fit(line, LOG_LINE_MAX - 3);
}

void log_line(enum log_level level, const char *area, const char *format, ...)
{
    if (level < log_lowest)
        return;
    char line[LOG_LINE_MAX];
    char when[CLOCK_TEXT_SIZE];
    clock_format(clock_now_us(), when);
    int head = snprintf(line, sizeof(line), "%s %-5s %.64s %.64s: ", when, level_names[level], log_role, area);
    va_list args;
    va_start(args, format);
    int tail = vsnprintf(line + head, sizeof(line) - (size_t)head - 1, format, args);
    va_end(args);
    size_t size = cut(line, (size_t)head + (tail > 0 ? (size_t)tail : 0));
    neutralise(line, size);
    line[size++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, size); /* one write: lines of several processes do not mix */
    (void)written;
}
