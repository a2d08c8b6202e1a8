/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/file.h"

#include <stdlib.h>
#include <sys/stat.h>

#define LIMIT 1000

struct folder {
    struct arena *arena;
    char path[64], file[96];
};

static int open_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    folder->arena = arena_new();
    strcpy(folder->path, "/tmp/xuqi-file-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    snprintf(folder->file, sizeof(folder->file), "%s/file", folder->path);
    *state = folder;
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;
    unlink(folder->file);
    rmdir(folder->path);
    arena_free(folder->arena);
    free(folder);
    return 0;
}

static void write_file(const struct folder *folder, const void *data, size_t size, mode_t mode)
{
    FILE *file = fopen(folder->file, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
    assert_int_equal(chmod(folder->file, mode), 0);
}

/* Each refusal names the file. */
static void refused(const struct folder *folder, const char *path, bool secret)
{
    FILE *caught;
    struct bytes content = {NULL, 4711};
    int standard_error = unit_catch(&caught);
    enum err err = secret ? file_read_secret(folder->arena, path, &content)
                          : file_read(folder->arena, path, LIMIT, &content);
    const char *said = unit_caught(folder->arena, caught, standard_error);
    assert_int_equal(err, ERR_SETTINGS_INVALID);
    assert_int_equal(content.size, 4711);
    assert_non_null(strstr(said, path));
}

static void reads_a_file_whole_with_its_nuls(void **state)
{
    struct folder *folder = *state;
    struct bytes content;
    write_file(folder, "a\0b\n", 4, 0644);
    assert_int_equal(file_read(folder->arena, folder->file, LIMIT, &content), OK);
    assert_int_equal(content.size, 4);
    assert_memory_equal(content.data, "a\0b\n", 5); /* a NUL beyond it */
}

static void reads_an_empty_file(void **state)
{
    struct folder *folder = *state;
    struct bytes content;
    write_file(folder, "", 0, 0644);
    assert_int_equal(file_read(folder->arena, folder->file, LIMIT, &content), OK);
    assert_int_equal(content.size, 0);
}

static void refuses_a_file_beyond_its_limit(void **state)
{
    struct folder *folder = *state;
    char data[LIMIT + 1] = {0};
    struct bytes content;
    write_file(folder, data, LIMIT, 0644);
    assert_int_equal(file_read(folder->arena, folder->file, LIMIT, &content), OK);
    write_file(folder, data, LIMIT + 1, 0644);
    refused(folder, folder->file, false);
}

static void refuses_what_is_not_there(void **state)
{
    struct folder *folder = *state;
    refused(folder, folder->file, false);
    refused(folder, folder->file, true);
}

static void refuses_a_folder_and_a_pipe_without_waiting(void **state)
{
    struct folder *folder = *state;
    refused(folder, folder->path, false);
    assert_int_equal(mkfifo(folder->file, 0600), 0);
    refused(folder, folder->file, false);
    refused(folder, folder->file, true);
}

static void cuts_a_secret_s_trailing_newlines_only(void **state)
{
    struct folder *folder = *state;
    struct bytes content;
    write_file(folder, "\npin 1\r\n\n", 9, 0600);
    assert_int_equal(file_read_secret(folder->arena, folder->file, &content), OK);
    assert_int_equal(content.size, 6);
    assert_string_equal((const char *)content.data, "\npin 1");
}

static void refuses_a_secret_that_others_may_read_or_the_group_may_write(void **state)
{
    struct folder *folder = *state;
    static const mode_t open_modes[] = {0644, 0604, 0602, 0601, 0660, 0620, 0666, 0777};
    static const mode_t closed_modes[] = {0600, 0400, 0640, 0440, 0700};
    for (size_t i = 0; i < ARRAY_SIZE(open_modes); i++) {
        write_file(folder, "x", 1, open_modes[i]);
        refused(folder, folder->file, true);
    }
    for (size_t i = 0; i < ARRAY_SIZE(closed_modes); i++) {
        struct bytes content;
        unlink(folder->file);
        write_file(folder, "x", 1, closed_modes[i]);
        assert_int_equal(file_read_secret(folder->arena, folder->file, &content), OK);
    }
}

static void joins_a_folder_and_a_name_unless_it_is_absolute(void **state)
{
    struct folder *folder = *state;
    assert_string_equal(file_path(folder->arena, "/etc/xuqi", "keys/pin"), "/etc/xuqi/keys/pin");
    assert_string_equal(file_path(folder->arena, "/etc/xuqi", "/run/pin"), "/run/pin");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_folder, remove_folder)
        T(reads_a_file_whole_with_its_nuls),
        T(reads_an_empty_file),
        T(refuses_a_file_beyond_its_limit),
        T(refuses_what_is_not_there),
        T(refuses_a_folder_and_a_pipe_without_waiting),
        T(cuts_a_secret_s_trailing_newlines_only),
        T(refuses_a_secret_that_others_may_read_or_the_group_may_write),
        T(joins_a_folder_and_a_name_unless_it_is_absolute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
