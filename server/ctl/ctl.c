/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/ctl.h"

#include "base/log.h"

#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STANDARD_CONFIG "/etc/xuqi/xuqid.yaml"

const char *ctl_option(const struct ctl *ctl, const char *name)
{
    for (size_t i = 0; i < ctl->option_count; i++)
        if (strcmp(ctl->options[i].name, name) == 0)
            return ctl->options[i].value;
    return NULL;
}

const char *ctl_config(const struct ctl *ctl)
{
    const char *option = ctl_option(ctl, "config");
    const char *environment = getenv("XUQI_CONFIG");
    return option != NULL ? option : environment != NULL && environment[0] != '\0' ? environment : STANDARD_CONFIG;
}

const char *ctl_user(struct arena *arena)
{
    const struct passwd *user = getpwuid(getuid());
    return user != NULL ? arena_text(arena, user->pw_name) : arena_format(arena, "uid %u", (unsigned)getuid());
}

void ctl_print_fault(void *context, const char *message)
{
    fprintf(stderr, "%s\n", message);
    ++*(unsigned *)context;
}

enum err ctl_settings(const struct ctl *ctl, struct settings *out)
{
    unsigned faults = 0;
    return settings_load(ctl->arena, ctl_config(ctl), ctl_print_fault, &faults, out);
}

/* -- usage ------------------------------------------------------------------------------------------------------- */

static void print_command(FILE *out, const struct ctl_command *command)
{
    fprintf(out, "  xuqictl %s%s%s", command->words, command->operands[0] != '\0' ? " " : "", command->operands);
    for (const char *at = command->options; *at != '\0'; at += strspn(at, " ")) {
        int size = (int)strcspn(at, " ");
        if (at[size - 1] == '!')
            fprintf(out, " [--%.*s]", size - 1, at);
        else
            fprintf(out, " [--%.*s %s]", size, at, strncmp(at, "config", 6) == 0 ? "FILE" : "VALUE");
        at += size;
    }
    fprintf(out, "\n      %s\n      %s\n", command->zh, command->en);
}

static void print_usage(FILE *out, const struct ctl_command *commands, size_t count)
{
    fputs("用法 / usage:\n", out);
    for (size_t i = 0; i < count; i++)
        print_command(out, &commands[i]);
    fputs("\n未给出 --config 时依次使用环境变量 XUQI_CONFIG 和 " STANDARD_CONFIG "。\n"
          "Without --config: the environment's XUQI_CONFIG, else " STANDARD_CONFIG ".\n"
          "退出码 / exit status: 0 成功 fine, 1 有错误 failed, 2 用法错误 wrong usage\n",
          out);
}

static enum ctl_exit refuse(const struct ctl_command *command, const char *zh, const char *en, const char *what)
{
    fprintf(stderr, "%s / %s: %s\n用法 / usage:\n", zh, en, what);
    print_command(stderr, command);
    return CTL_USAGE;
}

/* -- the command line -------------------------------------------------------------------------------------------- */

/* How many arguments the command's words take; 0 when they are others. */
static int match(const struct ctl_command *command, int argc, char **argv)
{
    const char *at = command->words;
    int used = 0;
    while (*at != '\0') {
        size_t size = strcspn(at, " ");
        if (used == argc || strlen(argv[used]) != size || strncmp(argv[used], at, size) != 0)
            return 0;
        used++;
        at += size;
        at += strspn(at, " ");
    }
    return used;
}

/* The command whose words match the longest. */
static const struct ctl_command *find(const struct ctl_command *commands, size_t count, int argc, char **argv,
                                      int *used)
{
    const struct ctl_command *best = NULL;
    *used = 0;
    for (size_t i = 0; i < count; i++) {
        int words = match(&commands[i], argc, argv);
        if (words > *used) {
            best = &commands[i];
            *used = words;
        }
    }
    return best;
}

static bool lists_word(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = list; *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (length == size && strncmp(at, word, size) == 0)
            return true;
        at += length;
    }
    return false;
}

static size_t words_in(const char *list)
{
    size_t count = 0;
    for (const char *at = list; *at != '\0'; at += strspn(at, " ")) {
        count++;
        at += strcspn(at, " ");
    }
    return count;
}

/* --name VALUE, --name=VALUE, or --name alone where it takes none; returns how many arguments it took, 0 when it is not
 * allowed. */
static int take_option(struct ctl *ctl, const struct ctl_command *command, int argc, char **argv)
{
    const char *equals = strchr(argv[0], '=');
    const char *name = equals == NULL ? argv[0] + 2
                                      : arena_text_n(ctl->arena, argv[0] + 2, (size_t)(equals - argv[0]) - 2);
    bool alone = equals == NULL && lists_word(command->options, arena_format(ctl->arena, "%s!", name));
    const char *value = alone ? "" : equals != NULL ? equals + 1 : argc > 1 ? argv[1] : NULL;
    if ((!alone && !lists_word(command->options, name)) || value == NULL || ctl_option(ctl, name) != NULL ||
        ctl->option_count == CTL_OPTIONS_MAX)
        return 0;
    ctl->options[ctl->option_count++] = (struct ctl_option){name, value};
    return alone || equals != NULL ? 1 : 2;
}

static enum ctl_exit run(const struct ctl_command *command, struct ctl *ctl, int argc, char **argv)
{
    bool many = command->operands[0] == '[';
    size_t wanted = many ? 0 : words_in(command->operands), most = many ? CTL_OPERANDS_MAX : wanted;
    for (int i = 0; i < argc;) {
        if (strncmp(argv[i], "--", 2) == 0) {
            int taken = take_option(ctl, command, argc - i, argv + i);
            if (taken == 0)
                return refuse(command, "选项有误", "option not known, given twice or without its value", argv[i]);
            i += taken;
        } else if (ctl->operand_count < most && ctl->operand_count < CTL_OPERANDS_MAX) {
            ctl->operands[ctl->operand_count++] = argv[i++];
        } else {
            return refuse(command, "多余的参数", "one argument too many", argv[i]);
        }
    }
    if (ctl->operand_count < wanted)
        return refuse(command, "缺少参数", "missing", command->operands);
    return command->run(ctl);
}

enum ctl_exit ctl_main(const struct ctl_command *commands, size_t count, int argc, char **argv)
{
    log_init("xuqictl", LOG_WARN);
    bool asked = argc > 1 &&
                 (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    int used = 0;
    const struct ctl_command *command = find(commands, count, argc - 1, argv + 1, &used);
    if (asked || command == NULL) {
        print_usage(asked ? stdout : stderr, commands, count);
        return asked ? CTL_FINE : CTL_USAGE;
    }
    struct ctl ctl = {.arena = arena_new()};
    enum ctl_exit exit = run(command, &ctl, argc - 1 - used, argv + 1 + used);
    arena_free(ctl.arena);
    return exit;
}
