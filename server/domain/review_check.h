/* SPDX-License-Identifier: Apache-2.0 */
/* What the server checks of each case (review_findings in SQL), in words for people: the checks, and what they find. */
#pragma once

struct review_check {
    const char *name;
    const char *zh, *en;
};

/* NULL when there is none. */
const struct review_check *review_check_find(const char *name);

/* A sentence for a word that a check found: "surplus", "invoice.tax_id:check_digit", "corrected:organisation.name".
 * Never NULL: what it does not know it says as it is. */
struct review_check review_finding(const char *word);
