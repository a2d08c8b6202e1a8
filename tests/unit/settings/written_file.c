/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/settings/written_file.h"

#include <stdio.h>
#include <unistd.h>

struct arena *arena;
char faults[16384];
unsigned fault_count;
static char folder[] = "/tmp/xuqi-test-file-XXXXXX";
static char path[sizeof(folder) + 8];

int open_folder(void **state)
{
    (void)state;
    arena = arena_new();
    faults[0] = '\0';
    fault_count = 0;
    strcpy(folder, "/tmp/xuqi-test-file-XXXXXX");
    return mkdtemp(folder) == NULL;
}

int close_folder(void **state)
{
    (void)state;
    arena_free(arena);
    unlink(path);
    return rmdir(folder);
}

const char *written_bytes(const char *text, size_t size)
{
    snprintf(path, sizeof(path), "%s/a.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
    faults[0] = '\0';
    fault_count = 0;
    return path;
}

const char *written(const char *text)
{
    return written_bytes(text, strlen(text));
}

void report(void *context, const char *message)
{
    (void)context;
    size_t used = strlen(faults), cut = strlen(folder) + 1;
    snprintf(faults + used, sizeof(faults) - used, "%s\n",
             strncmp(message, folder, cut - 1) == 0 ? message + cut : message);
    fault_count++;
}

void assert_fault(const char *expected)
{
    if (strstr(faults, expected) == NULL)
        fail_msg("expected \"%s\" in:\n%s", expected, faults);
}
