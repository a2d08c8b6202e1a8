/* SPDX-License-Identifier: Apache-2.0 */
/* Between libFuzzer and the targets. */
#include "fuzz.h"

#include "base/file.h"
#include "base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILL          0xa5
#define MADE_SIZE_MAX (1 << 20)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    log_init("fuzz", (enum log_level)(LOG_ERROR + 1)); /* refusals are not news here */
    fuzz_start();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    fuzz_try(arena, (struct bytes){data, size});
    arena_free(arena);
    return 0;
}

void fuzz_broken(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

const char *fuzz_text(struct arena *arena, struct bytes input)
{
    return arena_text_n(arena, (const char *)input.data, input.size);
}

uint8_t fuzz_choice(struct bytes *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

const char *fuzz_file(struct bytes input)
{
    static int file = -1;
    static char path[32];
    if (file < 0) {
        file = memfd_create("fuzz", MFD_CLOEXEC);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    }
    HOLDS(file >= 0 && ftruncate(file, 0) == 0);
    HOLDS(pwrite(file, input.data, input.size, 0) == (ssize_t)input.size);
    return path;
}

struct bytes fuzz_made(struct arena *arena, const char *name)
{
    const char *folder = getenv("XUQI_FUZZ_MADE");
    struct bytes content;
    HOLDS(folder != NULL);
    HOLDS(file_read(arena, file_path(arena, folder, name), MADE_SIZE_MAX, &content) == OK);
    return content;
}

struct fault *fuzz_fault(struct arena *arena)
{
    struct fault *fault = ARENA_NEW(arena, struct fault);
    fault_init(fault, arena);
    return fault;
}

void fuzz_fill(void *out, size_t size)
{
    memset(out, FILL, size);
}

bool fuzz_untouched(const void *out, size_t size)
{
    const uint8_t *bytes = out;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != FILL)
            return false;
    return true;
}
