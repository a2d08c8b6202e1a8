/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/routing.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

#define PART_LENGTH_MAX 64

struct leaf { /* one route that ends at a node */
    struct leaf *next;
    const struct route *route;
};

struct node {
    struct node *next;     /* sibling with another literal */
    const char *text;      /* the literal segment, not terminated */
    size_t size;           /* of text */
    struct node *literals; /* children */
    struct node *any;      /* the child for {…} */
    struct leaf *leaves;
};

struct routing {
    struct arena *arena;
    struct node *root;
};

/* -- building ---------------------------------------------------------------------------------------------------- */

static struct node *literal_child(const struct node *node, const char *text, size_t size)
{
    for (struct node *child = node->literals; child != NULL; child = child->next)
        if (child->size == size && memcmp(child->text, text, size) == 0)
            return child;
    return NULL;
}

static struct node *child_for(struct routing *routing, struct node *node, const char *text, size_t size)
{
    if (size > 0 && text[0] == '{') {
        if (node->any == NULL)
            node->any = ARENA_NEW(routing->arena, struct node);
        return node->any;
    }
    struct node *child = literal_child(node, text, size);
    if (child == NULL) {
        child = ARENA_NEW(routing->arena, struct node);
        *child = (struct node){.text = text, .size = size, .next = node->literals};
        node->literals = child;
    }
    return child;
}

static void add(struct routing *routing, const struct route *route)
{
    assert(route->path[0] == '/' && route->handler != NULL);
    struct node *node = routing->root;
    const char *segment = route->path;
    while (segment != NULL) {
        segment++; /* the slash */
        const char *slash = strchr(segment, '/');
        size_t size = slash != NULL ? (size_t)(slash - segment) : strlen(segment);
        node = child_for(routing, node, segment, size);
        segment = slash;
    }
    for (struct leaf *other = node->leaves; other != NULL; other = other->next)
        assert(strcmp(other->route->method, route->method) != 0); /* two routes for one call */
    struct leaf *leaf = ARENA_NEW(routing->arena, struct leaf);
    *leaf = (struct leaf){.next = node->leaves, .route = route};
    node->leaves = leaf;
}

struct routing *routing_new(const struct route *routes, size_t count, enum listener_kind listener)
{
    struct routing *routing = mem_alloc(sizeof(*routing));
    routing->arena = arena_new();
    routing->root = ARENA_NEW(routing->arena, struct node);
    for (size_t i = 0; i < count; i++)
        if (routes[i].listener == listener)
            add(routing, &routes[i]);
    return routing;
}

void routing_free(struct routing *routing)
{
    if (routing == NULL)
        return;
    arena_free(routing->arena);
    mem_free(routing);
}

/* -- finding ----------------------------------------------------------------------------------------------------- */

static bool part_valid(const char *value)
{
    size_t length = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");
    return length >= 1 && length <= PART_LENGTH_MAX && value[length] == '\0';
}

/* Literal segments first; where they lead nowhere, {…}. As deep as the route table. */
static const struct node *walk(const struct node *node, const struct target *target, size_t depth)
{
    if (depth == target->segment_count)
        return node->leaves != NULL ? node : NULL;
    const char *segment = target->segments[depth];
    const struct node *child = literal_child(node, segment, strlen(segment));
    const struct node *found = child != NULL ? walk(child, target, depth + 1) : NULL;
    if (found == NULL && node->any != NULL && part_valid(segment))
        found = walk(node->any, target, depth + 1);
    return found;
}

static const struct route *leaf_route(const struct node *node, const char *method)
{
    for (const struct leaf *leaf = node->leaves; leaf != NULL; leaf = leaf->next)
        if (strcmp(leaf->route->method, method) == 0)
            return leaf->route;
    return NULL;
}

static const char *allowed(const struct node *node, struct arena *arena)
{
    const char *list = "";
    for (const struct leaf *leaf = node->leaves; leaf != NULL; leaf = leaf->next) {
        const char *method = strcmp(leaf->route->method, "GET") == 0 ? "GET, HEAD" : leaf->route->method;
        list = list[0] == '\0' ? method : arena_format(arena, "%s, %s", method, list);
    }
    return list;
}

enum err routing_find(const struct routing *routing, const char *method, const struct target *target,
                      struct arena *arena, const struct route **route, const char **allow)
{
    const struct node *node = walk(routing->root, target, 0);
    ENSURE(node != NULL, ERR_NOT_FOUND);
    const struct route *found = leaf_route(node, strcmp(method, "HEAD") == 0 ? "GET" : method);
    if (found == NULL) {
        *allow = allowed(node, arena);
        return ERR_METHOD_NOT_ALLOWED;
    }
    *route = found;
    return OK;
}

const char *routing_part(const struct route *route, const struct target *target, const char *name)
{
    size_t index = 0, length = strlen(name);
    for (const char *segment = route->path; segment != NULL; segment = strchr(segment, '/'), index++) {
        segment++;
        if (segment[0] == '{' && strncmp(segment + 1, name, length) == 0 && segment[1 + length] == '}')
            return target->segments[index];
    }
    return NULL;
}
