/* SPDX-License-Identifier: Apache-2.0 */
/* What a command of xuqictl is given. THE command table is in xuqictl.c; the commands are one file per noun here. */
#pragma once

#include "base/arena.h"
#include "base/settings.h"

#define CTL_OPERANDS_MAX 64
#define CTL_OPTIONS_MAX  8

enum ctl_exit { CTL_FINE = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

struct ctl {
    struct arena *arena;
    const char *operands[CTL_OPERANDS_MAX]; /* as many as the command asks for, or as were given of "[MANY…]" */
    size_t operand_count;
    struct ctl_option {
        const char *name, *value;
    } options[CTL_OPTIONS_MAX];
    size_t option_count;
};

typedef enum ctl_exit ctl_run(const struct ctl *ctl);

struct ctl_command {
    const char *words;    /* "config show platform" */
    const char *operands; /* "ID", separated by spaces; "" for none. All are required; "[ID…]": any number */
    const char *options;  /* "config role yes!": names allowed as --name VALUE, with ! as --name alone; "" for none */
    ctl_run *run;
    const char *zh, *en;
};

/* The value of --name, or NULL; "" of one without value. */
const char *ctl_option(const struct ctl *ctl, const char *name);
/* --config, else the environment's XUQI_CONFIG, else /etc/xuqi/xuqid.yaml. */
const char *ctl_config(const struct ctl *ctl);
/* The settings of ctl_config; faults are printed. */
enum err ctl_settings(const struct ctl *ctl, struct settings *out) MUST_CHECK;
/* Who runs the command, for the audit trail: the name of the user, or "uid N". */
const char *ctl_user(struct arena *arena);
/* A settings_report that prints to stderr and counts into *(unsigned *)context. */
void ctl_print_fault(void *context, const char *message);
/* Runs the command that argv names; prints usage when it names none. */
enum ctl_exit ctl_main(const struct ctl_command *commands, size_t count, int argc, char **argv);

/* ctl/audit.c, audit_verify.c */
ctl_run ctl_audit_verify, ctl_audit_export, ctl_audit_prove, ctl_audit_consistency;
/* ctl/evidence.c */
ctl_run ctl_evidence;
/* ctl/config.c */
ctl_run ctl_config_check, ctl_config_show_platform;
/* ctl/reference.c */
ctl_run ctl_errors, ctl_settings_table;
/* ctl/staff.c */
ctl_run ctl_staff_add, ctl_staff_person, ctl_staff_disable, ctl_staff_review, ctl_staff_certificate;
/* ctl/certificate.c */
ctl_run ctl_certificate_import, ctl_certificate_bind, ctl_certificate_revoke, ctl_issuance_halt, ctl_issuance_release;
/* ctl/bank.c */
ctl_run ctl_bank_import;
/* ctl/calendar.c */
ctl_run ctl_calendar_import;
ctl_run ctl_certificate_import, ctl_certificate_revoke, ctl_issuance_halt, ctl_issuance_release;
/* ctl/platform.c */
ctl_run ctl_platform_load;
/* ctl/key.c */
ctl_run ctl_key_list, ctl_key_add, ctl_key_use, ctl_key_rotate, ctl_key_remove;
/* ctl/subject.c */
ctl_run ctl_subject_export, ctl_subject_erase;
/* ctl/payout.c */
ctl_run ctl_payout_list, ctl_payout_decide;
/* ctl/reconcile.c */
ctl_run ctl_reconcile_import, ctl_reconcile_run, ctl_reconcile_show, ctl_reconcile_explain;
/* ctl/statement.c */
ctl_run ctl_statement_import, ctl_statement_accounts, ctl_statement_links;
/* ctl/ledger.c */
ctl_run ctl_ledger_accounts, ctl_ledger_close, ctl_ledger_verify;
