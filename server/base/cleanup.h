/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign objects are freed where their scope ends, on every path:
 *   DEFINE_CLEANUP(X509, X509_free)   once, in the room that owns the library
 *   AUTO(X509) *certificate = ...;    in a function; TAKE(certificate) hands it out instead */
#pragma once

#define DEFINE_CLEANUP(type, free_function)                                                                            \
    static inline void cleanup_##type(type **object)                                                                   \
    {                                                                                                                  \
        if (*object != NULL)                                                                                           \
            free_function(*object);                                                                                    \
    }
#define AUTO(type) __attribute__((cleanup(cleanup_##type))) type
#define TAKE(pointer)                                                                                                  \
    ({                                                                                                                 \
        __typeof__(pointer) taken_ = (pointer);                                                                        \
        (pointer) = NULL;                                                                                              \
        taken_;                                                                                                        \
    })
