// libseccomp, and functions for those of its parts that are macros.
#ifndef HARMONIUM_CSECCOMP_H
#define HARMONIUM_CSECCOMP_H

#include <seccomp.h>
#include <stddef.h>

static inline uint32_t cseccomp_allow(void) { return SCMP_ACT_ALLOW; }
static inline uint32_t cseccomp_fail(int code) { return SCMP_ACT_ERRNO(code); }

// Adds a rule for calls whose argument number `argument`, under `mask`, is `value`.
static inline int cseccomp_add_masked(
    scmp_filter_ctx filter, uint32_t action, int call, unsigned argument, uint64_t mask, uint64_t value) {
    struct scmp_arg_cmp comparison = {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
    return seccomp_rule_add_array(filter, action, call, 1, &comparison);
}

static inline int cseccomp_add(scmp_filter_ctx filter, uint32_t action, int call) {
    return seccomp_rule_add_array(filter, action, call, 0, NULL);
}

#endif
