/* SPDX-License-Identifier: Apache-2.0 */
/* Checking one field of the form by its kind. Inside this room only. */
#pragma once

#include "domain/application.h"
#include "domain/application_field.h"

struct form_check {
    const struct application *application;
    const struct application_basis *basis;
    struct fault *fault;
    struct application_warnings *warnings;
};

/* A value that is not empty, by the rules of its kind. */
void form_check_value(const struct form_check *check, const struct application_field *field, const char *value);
/* Adds the warning of this field and code, which must be one of the table's. */
void form_warn(const struct form_check *check, const char *field, const char *code);
