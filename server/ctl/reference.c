/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the program, as Markdown for the documentation: what is printed is what runs. */
#include "base/err.h"
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

static const char *const category_names[] = {
    [ERR_CALLER] = "caller", [ERR_LATER] = "later", [ERR_OURS] = "ours", [ERR_OUTSIDE] = "outside"};

/* A bar would end the cell. */
static void cell(const char *text)
{
    fputs(" ", stdout);
    for (; *text != '\0'; text++) {
        if (*text == '|')
            putchar('\\');
        putchar(*text);
    }
    fputs(" |", stdout);
}

enum ctl_exit ctl_errors(const struct ctl *ctl)
{
    (void)ctl;
    puts("| code | status | category | 中文 | English | 怎么办 | what to do |");
    puts("|---|---|---|---|---|---|---|");
    for (int err = OK + 1; err < ERR_COUNT; err++) {
        const struct err_info *info = err_info((enum err)err);
        printf("| `%s` | %d |", info->code, info->status);
        cell(category_names[info->category]);
        cell(info->zh);
        cell(info->en);
        cell(info->fix_zh);
        cell(info->fix_en);
        putchar('\n');
    }
    return CTL_FINE;
}

static void print_setting(const char *section, const char *key, const char *standard, const char *range,
                          const char *what)
{
    printf("| `%s.%s` |", section, key);
    cell(standard == NULL ? "**required**" : standard[0] == '\0' ? "(empty)" : standard);
    cell(range);
    cell(what);
    putchar('\n');
}

enum ctl_exit ctl_settings_table(const struct ctl *ctl)
{
    (void)ctl;
    puts("| setting | default | allowed | what it is |");
    puts("|---|---|---|---|");
#define REQUIRED                           NULL
#define TEXT(section, key, standard, what) print_setting(#section, #key, standard, "text", what);
#define NUMBER(section, key, standard, min, max, unit, what)                                                           \
    print_setting(#section, #key, #standard, #min " to " #max " " unit, what);
#include "base/settings.def"
#undef TEXT
#undef NUMBER
#undef REQUIRED
    return CTL_FINE;
}
