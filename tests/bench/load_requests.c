/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"
#include "requests.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *map(const char *path, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        err(2, "%s", path);
    *size = (size_t)status.st_size;
    void *memory = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (memory == MAP_FAILED)
        err(2, "%s", path);
    close(fd);
    return memory;
}

static bool next(const char **at, size_t *left, struct request *out)
{
    record_size size;
    if (*left < sizeof(size))
        return false;
    memcpy(&size, *at, sizeof(size));
    if (*left - sizeof(size) < size)
        return false;
    *out = (struct request){*at + sizeof(size), size};
    *at += sizeof(size) + size;
    *left -= sizeof(size) + size;
    return true;
}

struct requests requests_map(const char *path)
{
    size_t left;
    const char *at = map(path, &left);
    struct requests requests = {0};
    struct request request;
    while (next(&at, &left, &request)) {
        if ((requests.count & (requests.count - 1)) == 0)
            requests.items = reallocarray(requests.items, requests.count == 0 ? 1 : 2 * requests.count,
                                          sizeof(struct request));
        if (requests.items == NULL)
            err(2, "%s", path);
        requests.items[requests.count++] = request;
    }
    if (requests.count == 0 || left != 0)
        errx(2, "%s is not a file of bench_prepare", path);
    return requests;
}
