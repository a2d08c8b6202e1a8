/* SPDX-License-Identifier: Apache-2.0 */
/* bench_prepare COMMAND --var DIR --out DIR [--count N] [--app ID --seller ID]; the commands are in prepare.h. */
#include "prepare.h"

#include "base/text.h"
#include "requests.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct command {
    const char *name;
    enum err (*run)(const struct options *options);
};

static const struct command commands[] = {
    {"subscribers", prepare_subscribers},
    {"reads", prepare_reads},
    {"fetches", prepare_fetches},
};

static NORETURN void cannot_write(void)
{
    perror("bench_prepare: a file cannot be written");
    exit(2);
}

FILE *open_out(struct arena *arena, const struct options *options, const char *name)
{
    FILE *file = fopen(arena_format(arena, "%s/%s", options->out, name), "we");
    if (file == NULL)
        cannot_write();
    return file;
}

void close_out(FILE *file)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed)
        cannot_write();
}

void write_record(FILE *file, struct bytes record)
{
    record_size size = (record_size)record.size;
    fwrite(&size, sizeof(size), 1, file);
    fwrite(record.data, 1, record.size, file);
}

void write_post(struct arena *arena, FILE *file, const char *path, const char *type, struct bytes body)
{
    const char *head = arena_format(arena,
                                    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\n"
                                    "Content-Length: %zu\r\n\r\n",
                                    path, type, body.size);
    size_t head_size = strlen(head);
    record_size size = (record_size)(head_size + body.size);
    fwrite(&size, sizeof(size), 1, file);
    fwrite(head, 1, head_size, file);
    fwrite(body.data, 1, body.size, file);
}

char *read_line(void)
{
    static char line[256];
    if (fgets(line, sizeof(line), stdin) == NULL)
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    return line;
}

static bool read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        {"var", required_argument, NULL, 'v'},
        {"out", required_argument, NULL, 'o'},
        {"count", required_argument, NULL, 'c'},
        {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'c')
            options->count = strtoul(optarg, NULL, 10);
        else if (option == '?')
            return false;
        else
            *(option == 'v' ? &options->var : &options->out) = optarg;
    }
    return optind == argc - 1 && options->var != NULL && options->out != NULL;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    if (!read_options(argc, argv, &options)) {
        fputs("usage: bench_prepare subscribers|reads|fetches --var DIR --out DIR …\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (strcmp(commands[i].name, argv[optind]) != 0)
            continue;
        enum err err = commands[i].run(&options);
        if (err != OK)
            fprintf(stderr, "bench_prepare %s: %s\n", argv[optind], err_code(err));
        return err == OK ? 0 : 1;
    }
    fprintf(stderr, "bench_prepare: there is no command %s\n", argv[optind]);
    return 2;
}
