/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/domain/config_folder.h"

#include "base/file.h"
#include "unit/domain/unit.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

struct settings config_settings;
char config_faults[8192];
static char folder[] = "/tmp/xuqi-test-config-XXXXXX";

static void run(const char *format, const char *first, const char *second)
{
    char command[1000];
    snprintf(command, sizeof(command), format, first, second);
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

int config_open(void **state)
{
    open_arena(state);
    strcpy(folder, "/tmp/xuqi-test-config-XXXXXX");
    const char *source = getenv("XUQI_SOURCE");
    if (source == NULL || mkdtemp(folder) == NULL)
        return -1;
    run("cp -r '%s/config/.' '%s'", source, folder);
    config_faults[0] = '\0';
    return settings_load(arena, arena_format(arena, "%s/xuqid.yaml", folder), NULL, NULL, &config_settings) != OK;
}

int config_close(void **state)
{
    run("rm -r '%s'%s", folder, "");
    return close_arena(state);
}

void config_report(void *context, const char *message)
{
    (void)context;
    size_t used = strlen(config_faults);
    snprintf(config_faults + used, sizeof(config_faults) - used, "%s\n", message);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

void config_spoil(const char *file, const char *from, const char *to)
{
    char *path = arena_format(arena, "%s/%s", folder, file);
    if (from[0] == '\0') {
        write_file(path, to);
        return;
    }
    struct bytes content;
    assert_int_equal(file_read(arena, path, 1 << 20, &content), OK);
    const char *text = (const char *)content.data;
    const char *found = strstr(text, from);
    assert_non_null(found);
    write_file(path, arena_format(arena, "%.*s%s%s", (int)(found - text), text, to, found + strlen(from)));
}

void config_remove(const char *file)
{
    assert_int_equal(unlink(arena_format(arena, "%s/%s", folder, file)), 0);
}

struct bytes config_digest(struct arena *into, struct bytes content)
{
    uint8_t *digest = arena_alloc(into, 32);
    assert_int_equal(EVP_Digest(content.data, content.size, digest, NULL, EVP_sha256(), NULL), 1);
    return (struct bytes){digest, 32};
}
