/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit_witness.h"

#include "base/mem.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 8192
#define MAC_CHARS 64

struct audit_witness {
    FILE *file;
    long left; /* octets that were there at the start */
    int64_t line;
};

static enum err failed(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return ERR_SETTINGS_INVALID;
}

enum err audit_witness_open(const char *path, struct audit_witness **out)
{
    FILE *file = fopen(path, "re");
    if (file == NULL && errno != ENOENT)
        return failed(path);
    struct audit_witness *witness = mem_alloc(sizeof(*witness));
    *witness = (struct audit_witness){.file = file};
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        witness->left = ftell(file);
        rewind(file);
    }
    *out = witness;
    return OK;
}

void audit_witness_close(struct audit_witness *witness)
{
    if (witness == NULL)
        return;
    if (witness->file != NULL)
        fclose(witness->file);
    mem_free(witness);
}

/* "time size root note-in-base64" */
static void read_witnessed(struct arena *arena, char *line, struct audit_witnessed *out)
{
    char *blank = strrchr(line, ' '), *end = strchr(line, ' ');
    struct bytes note;
    out->time = "";
    out->note = NULL;
    if (blank == NULL || !base64_decode(arena, blank + 1, strlen(blank + 1), &note))
        return;
    out->time = arena_text_n(arena, line, (size_t)(end - line));
    out->note = arena_text_n(arena, (const char *)note.data, note.size);
}

bool audit_witness_next(struct audit_witness *witness, struct arena *arena, struct audit_witnessed *out)
{
    char line[LINE_SIZE];
    if (witness->left <= 0 || fgets(line, sizeof(line), witness->file) == NULL)
        return false;
    size_t size = strlen(line);
    witness->left -= (long)size;
    out->line = ++witness->line;
    if (size == 0 || line[size - 1] != '\n')
        return witness->left > 0 && audit_witness_next(witness, arena, out); /* cut short by a crash */
    line[size - 1] = '\0';
    read_witnessed(arena, line, out);
    return true;
}

/* -- heads --------------------------------------------------------------------------------------------------------- */

/* "writer sequence mac", padded with blanks */
static void read_head(char *line, audit_head_line *each, void *context)
{
    char *blank = strchr(line, ' '), *end;
    if (blank == NULL)
        return;
    *blank = '\0';
    int64_t seq = strtoll(blank + 1, &end, 10);
    if (*end != ' ' || strspn(end + 1, "0123456789abcdef") != MAC_CHARS)
        return;
    end[1 + MAC_CHARS] = '\0';
    each(context, line, seq, end + 1);
}

static enum err read_file(const char *path, audit_head_line *each, void *context)
{
    char line[LINE_SIZE];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return failed(path);
    while (fgets(line, sizeof(line), file) != NULL)
        read_head(line, each, context);
    fclose(file);
    return OK;
}

static bool is_heads(const char *name)
{
    static const char ending[] = ".heads";
    size_t size = strlen(name);
    return size > sizeof(ending) - 1 && strcmp(name + size - (sizeof(ending) - 1), ending) == 0;
}

enum err audit_heads_read(const char *folder, audit_head_line *each, void *context)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return errno == ENOENT ? OK : failed(folder);
    struct arena *arena = arena_new();
    enum err err = OK;
    const struct dirent *entry;
    while (err == OK && (entry = readdir(dir)) != NULL)
        if (is_heads(entry->d_name))
            err = read_file(arena_format(arena, "%s/%s", folder, entry->d_name), each, context);
    arena_free(arena);
    closedir(dir);
    return err;
}
