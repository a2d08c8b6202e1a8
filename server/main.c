/* SPDX-License-Identifier: Apache-2.0 */
/* xuqid: `xuqid --config FILE` supervises every role on this machine; `--role NAME` runs one alone. */
#include "base/log.h"
#include "process.h"

#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const struct role roles[] = {
    {"web", role_web_run},
    {"jobs", role_jobs_run},
    {"issuer", role_issuer_run},
};

struct arguments {
    const char *config, *role;
    int index;
    bool supervised;
};

static void usage(FILE *out)
{
    fputs("用法 usage: xuqid [--config FILE] [--role web|jobs|issuer [--index N]]\n"
          "  --config FILE  settings (config/xuqid.yaml documents each)\n"
          "  --role NAME    run this role alone in the foreground; without it, supervise all\n"
          "  --index N      which process of the role this is (from 1)\n"
          "  --version, --help\n",
          out);
}

static bool read_arguments(int argc, char **argv, struct arguments *out)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"role", required_argument, NULL, 'r'},
        {"index", required_argument, NULL, 'i'},
        {"supervised", no_argument, NULL, 's'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    *out = (struct arguments){.config = "config/xuqid.yaml", .index = 1};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'c')
            out->config = optarg;
        else if (option == 'r')
            out->role = optarg;
        else if (option == 'i')
            out->index = (int)strtol(optarg, NULL, 10); /* 0 when it is no number: refused below */
        else if (option == 's')
            out->supervised = true;
        else if (option == 'v' || option == 'h') {
            option == 'v' ? (void)puts("xuqid " XUQI_VERSION) : usage(stdout);
            exit(EXIT_SUCCESS);
        } else
            return false;
    }
    return optind == argc && out->index >= 1;
}

void process_harden(void)
{
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN); /* means: reload; until a process can, it is up to date anyway */
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
#if !defined(__SANITIZE_ADDRESS__) /* the leak checker must be able to look */
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

int process_status(enum err err)
{
    if (err == OK)
        return EXIT_SUCCESS;
    log_error("start", "not started: %s (%s)", err_info(err)->en, err_code(err));
    /* What is only away comes back: the supervisor tries again. */
    return err_info(err)->category == ERR_LATER ? EXIT_FAILURE : EXIT_SETTINGS;
}

static int run_role(const struct settings *settings, struct arena *arena, const struct arguments *arguments)
{
    for (size_t i = 0; i < ARRAY_SIZE(roles); i++) {
        if (strcmp(roles[i].name, arguments->role) != 0)
            continue;
        const char *name = arena_format(arena, "%s.%d", arguments->role, arguments->index);
        prctl(PR_SET_NAME, arena_format(arena, "xuqid-%s", name)); /* not "exe" in ps and top */
        log_init(name, (enum log_level)log_level_from_text(settings->log_level));
        return roles[i].run(settings, arena, arguments->index);
    }
    fprintf(stderr, "xuqid: there is no role %s\n", arguments->role);
    return EXIT_SETTINGS;
}

static bool log_level_known(const struct settings *settings)
{
    bool known = log_level_from_text(settings->log_level) >= 0;
    if (!known)
        log_error("settings", "log.level: %s is not allowed; debug, info, warn or error", settings->log_level);
    return known;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    if (!read_arguments(argc, argv, &arguments)) {
        usage(stderr);
        return EXIT_SETTINGS;
    }
    if (arguments.supervised)
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* nothing is left behind when the supervisor is killed */
    process_harden();
    struct arena *arena = arena_new();
    struct settings settings;
    int status = EXIT_SETTINGS;
    if (settings_load(arena, arguments.config, NULL, NULL, &settings) == OK && log_level_known(&settings))
        status = arguments.role != NULL ? run_role(&settings, arena, &arguments)
                                        : supervisor_run(&settings, arguments.config);
    arena_free(arena);
    return status;
}
