/* SPDX-License-Identifier: Apache-2.0 */
/* What several keys of a platform's file must agree on; what never happens is not written. */
#pragma once

#include "base/settings.h"
#include "base/yaml.h"
#include "domain/platform.h"

/* Each fault is the file's (yaml_fault), with its key and what to write instead. */
void platform_check(struct yaml_file *file, const struct settings *settings, const struct platform *platform);
