// libseccomp, and functions for those of its macros that are needed.
#ifndef HARMONIUM_CSECCOMP_H
#define HARMONIUM_CSECCOMP_H

#include <seccomp.h>
#include <stddef.h>

static inline uint32_t cseccomp_allow(void) { return SCMP_ACT_ALLOW; }
static inline uint32_t cseccomp_fail(int code) { return SCMP_ACT_ERRNO(code); }

#endif
