/* SPDX-License-Identifier: Apache-2.0 */
/* The file between bench_prepare and bench_load: records of a 4-byte length in host order and that many bytes, each one
 * whole HTTP/1.1 request. */
#pragma once

#include <stdint.h>

typedef uint32_t record_size;
