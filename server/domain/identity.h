/* SPDX-License-Identifier: Apache-2.0 */
/* Identity numbers and addresses of people and companies in China: are they well-formed, and how are they shown masked.
 * Inputs are UTF-8; canonical forms are upper case without white space. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

/* GB 11643-1999: region, birth date not after today, check digit MOD 11-2; 18 characters. */
bool resident_id_valid(const char *id, int64_t now_us);
/* Whole years at now; -1 when not valid. */
int resident_id_age(const char *id, int64_t now_us);
/* GB 32100-2015, 18 characters, check digit. */
bool uscc_valid(const char *code);
/* GB 11714-1997, 9 characters without hyphen. */
bool organisation_code_valid(const char *code);
/* 15, 17, 18 or 20 characters; 18 must pass as USCC or resident ID. */
bool tax_id_valid(const char *id);
/* ^1[3-9][0-9]{9}$ after canonical form (+86, 0086, 86 cut). */
bool mobile_valid(const char *mobile);
/* Why a taxpayer number that is valid may still be mistyped: with 15 characters the last nine are an organisation code,
 * unless all are digits (an old ID). */
bool tax_id_doubtful(const char *id);
/* 8 to 32 digits, after account_canonical. Company accounts have no check digit: never Luhn. */
bool account_valid(const char *number);
/* A mobile number of a virtual operator (162, 165, 167, 170, 171): the operators' real-name check refuses those. */
bool mobile_virtual(const char *mobile);
/* The organisation code inside a USCC (characters 9 to 17) has a check digit of its own, which legacy ones may miss. */
bool uscc_inner_valid(const char *code);
/* The first valid USCC that stands by itself in a certificate's subject, or "". */
const char *uscc_in(struct arena *arena, const char *subject);
/* CNAPS bank code, 12 digits, ISO 7064 MOD 11,10. A failure is a warning only. */
bool cnaps_valid(const char *code);
/* Pragmatic: local@domain.tld, ASCII, at most 254 characters, no spaces, no leading or doubled dots. */
bool email_valid(const char *email);

/* Upper case, full-width to half-width, white space removed. */
char *identity_canonical(struct arena *arena, const char *text);
/* identity_canonical without hyphens: account numbers, codes. */
char *account_canonical(struct arena *arena, const char *text);
/* Names of companies are the same when they differ by white space or the width of brackets and letters only. */
bool organisation_same(struct arena *arena, const char *name, const char *other);
/* identity_canonical, +86 / 0086 / 86 prefix cut. */
char *mobile_canonical(struct arena *arena, const char *mobile);

char *mask_name(struct arena *arena, const char *name);       /* 胡* */
char *mask_id(struct arena *arena, const char *id);           /* 440***********0023 */
char *mask_mobile(struct arena *arena, const char *mobile);   /* 138****8000 */
char *mask_account(struct arena *arena, const char *number);  /* ****6874 */
char *mask_email(struct arena *arena, const char *email);     /* h***@x.com */
char *mask_address(struct arena *arena, const char *address); /* the first six characters, then *** */
