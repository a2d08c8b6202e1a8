/* SPDX-License-Identifier: Apache-2.0 */
/* The folder that messages are put into for another program to fetch. */
#include "unit/base/unit.h"

#include "base/loop.h"
#include "base/text.h"
#include "jobs/spool.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#define CONTENT_MAX 1000

struct folder {
    struct arena *arena;
    char path[64];
};

static int open_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    folder->arena = arena_new();
    strcpy(folder->path, "/tmp/xuqi-spool-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    *state = folder;
    return 0;
}

static const char *path_of(struct folder *folder, const char *name)
{
    return arena_format(folder->arena, "%s/%s", folder->path, name);
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;
    unlink(path_of(folder, "letter"));
    unlink(path_of(folder, "other"));
    rmdir(path_of(folder, "taken"));
    assert_int_equal(rmdir(folder->path), 0);
    arena_free(folder->arena);
    free(folder);
    return 0;
}

static enum err write_one(const char *folder, const char *name, struct bytes content)
{
    struct spool_file file = {.name = name, .content = content}, *const files[] = {&file};
    spool_write(folder, files, 1);
    return file.err;
}

static void write_letter(struct folder *folder, const char *name, const char *text)
{
    assert_int_equal(write_one(folder->path, name, bytes_of_text(text)), OK);
}

static void assert_holds(struct folder *folder, const char *name, struct bytes expected)
{
    uint8_t content[CONTENT_MAX];
    FILE *file = fopen(path_of(folder, name), "rb");
    assert_non_null(file);
    size_t size = fread(content, 1, sizeof(content), file);
    fclose(file);
    assert_true(bytes_equal((struct bytes){content, size}, expected));
}

static size_t files_in(const char *path)
{
    DIR *opened = opendir(path);
    size_t count = 0;
    assert_non_null(opened);
    for (const struct dirent *entry; (entry = readdir(opened)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(opened);
    return count;
}

/* The refusal names the file. */
static void refused(struct folder *folder, const char *path, const char *name)
{
    FILE *caught;
    int standard_error = unit_catch(&caught);
    enum err err = write_one(path, name, bytes_of_text("续期"));
    const char *said = unit_caught(folder->arena, caught, standard_error);
    assert_int_equal(err, ERR_INTERNAL);
    assert_non_null(strstr(said, arena_format(folder->arena, "%s/%s", path, name)));
}

static void writes_a_file_whole(void **state)
{
    static const uint8_t content[] = "line\r\n\0续期\n";
    const struct bytes bytes = {content, sizeof(content)};
    struct folder *folder = *state;
    assert_int_equal(write_one(folder->path, "letter", bytes), OK);
    assert_holds(folder, "letter", bytes);
}

static void writes_an_empty_file(void **state)
{
    write_letter(*state, "letter", "");
    assert_holds(*state, "letter", bytes_of_text(""));
}

static void lets_only_the_owner_read_it(void **state)
{
    struct stat stat_of;
    struct folder *folder = *state;
    mode_t before = umask(0);
    write_letter(folder, "letter", "续期");
    umask(before);
    assert_int_equal(stat(path_of(folder, "letter"), &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 07777, 0600);
}

static void leaves_no_draft_beside_it(void **state)
{
    struct folder *folder = *state;
    write_letter(folder, "letter", "续期");
    write_letter(folder, "other", "续期");
    assert_int_equal(files_in(folder->path), 2);
}

static void replaces_a_file_when_written_again(void **state)
{
    struct folder *folder = *state;
    write_letter(folder, "letter", "a long letter");
    write_letter(folder, "letter", "short");
    assert_holds(folder, "letter", bytes_of_text("short"));
    assert_int_equal(files_in(folder->path), 1);
}

/* A program that has the old file open reads the old one to its end. */
static void does_not_change_a_file_under_its_reader(void **state)
{
    struct folder *folder = *state;
    char text[CONTENT_MAX] = "";
    write_letter(folder, "letter", "first");
    FILE *reader = fopen(path_of(folder, "letter"), "rb");
    assert_non_null(reader);
    write_letter(folder, "letter", "second");
    assert_int_equal(fread(text, 1, sizeof(text) - 1, reader), strlen("first"));
    fclose(reader);
    assert_string_equal(text, "first");
}

static void starts_over_from_a_draft_that_a_crash_left(void **state)
{
    struct folder *folder = *state;
    FILE *draft = fopen(path_of(folder, ".letter.new"), "wb");
    assert_non_null(draft);
    fputs("half of a much longer letter", draft);
    fclose(draft);
    write_letter(folder, "letter", "whole");
    assert_holds(folder, "letter", bytes_of_text("whole"));
    assert_int_equal(files_in(folder->path), 1);
}

static void reports_a_missing_folder(void **state)
{
    struct folder *folder = *state;
    refused(folder, path_of(folder, "nowhere"), "letter");
    assert_int_equal(files_in(folder->path), 0);
}

static void reports_a_name_that_a_folder_has(void **state)
{
    struct folder *folder = *state;
    assert_int_equal(mkdir(path_of(folder, "taken"), 0700), 0);
    refused(folder, folder->path, "taken");
    unlink(path_of(folder, ".taken.new"));
}

/* -- several ------------------------------------------------------------------------------------------------------- */

static void writes_several_each_with_its_own_outcome(void **state)
{
    struct folder *folder = *state;
    struct spool_file letter = {.name = "letter", .content = bytes_of_text("one")},
                      taken = {.name = "taken", .content = bytes_of_text("two")},
                      other = {.name = "other", .content = bytes_of_text("three")},
                      *const files[] = {&letter, &taken, &other};
    assert_int_equal(mkdir(path_of(folder, "taken"), 0700), 0);
    FILE *caught;
    int standard_error = unit_catch(&caught);
    spool_write(folder->path, files, 3);
    const char *said = unit_caught(folder->arena, caught, standard_error);
    assert_non_null(strstr(said, path_of(folder, "taken")));
    assert_int_equal(letter.err, OK);
    assert_int_equal(taken.err, ERR_INTERNAL);
    assert_int_equal(other.err, OK);
    assert_holds(folder, "letter", bytes_of_text("one"));
    assert_holds(folder, "other", bytes_of_text("three"));
    unlink(path_of(folder, ".taken.new"));
}

#define MANY        (2 * SPOOL_TOGETHER_MAX + 3)
#define PATIENCE_MS 20000

struct answers {
    struct folder *folder;
    struct loop *loop;
    int order[MANY], count;
    struct letter {
        struct spool_file file;
        struct answers *answers;
        int number;
    } letters[MANY];
};

static void answered(struct spool_file *file)
{
    const struct letter *letter = file->context;
    struct answers *answers = letter->answers;
    assert_int_equal(file->err, OK);
    assert_holds(answers->folder, file->name, file->content); /* it is there before its sender hears of it */
    answers->order[answers->count++] = letter->number;
    if (answers->count == MANY)
        loop_stop(answers->loop);
}

static void stop(void *loop)
{
    loop_stop(loop);
}

static void put_all(struct spool *spool, struct answers *answers)
{
    struct arena *arena = answers->folder->arena;
    for (int i = 0; i < MANY; i++) {
        struct letter *letter = &answers->letters[i];
        *letter = (struct letter){.answers = answers, .number = i};
        letter->file = (struct spool_file){.name = arena_format(arena, "many-%d", i),
                                           .content = bytes_of_text(arena_format(arena, "letter %d", i)),
                                           .done = answered,
                                           .context = letter};
        spool_put(spool, &letter->file);
    }
}

static void answers_each_in_order_once_it_is_written(void **state)
{
    static struct answers answers;
    answers = (struct answers){.folder = *state, .loop = loop_new()};
    struct spool *spool = spool_new(answers.loop, answers.folder->path);
    struct loop_timer *timer = loop_timer_new(answers.loop, stop, answers.loop);
    loop_timer_start(timer, PATIENCE_MS);
    put_all(spool, &answers);
    assert_int_equal(answers.count, 0); /* never before spool_put returns */
    loop_run(answers.loop);
    assert_int_equal(answers.count, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(answers.order[i], i);
        unlink(path_of(answers.folder, answers.letters[i].file.name));
    }
    loop_timer_free(timer);
    spool_free(spool);
    loop_free(answers.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_folder, remove_folder)
        T(writes_a_file_whole),
        T(writes_an_empty_file),
        T(lets_only_the_owner_read_it),
        T(leaves_no_draft_beside_it),
        T(replaces_a_file_when_written_again),
        T(does_not_change_a_file_under_its_reader),
        T(starts_over_from_a_draft_that_a_crash_left),
        T(reports_a_missing_folder),
        T(reports_a_name_that_a_folder_has),
        T(writes_several_each_with_its_own_outcome),
        T(answers_each_in_order_once_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
