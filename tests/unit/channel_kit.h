/* What the tests of the channel adapters share: an account from JSON, requests as a provider sends them. */
#pragma once

#include "base/clock.h"
#include "base/crypto.h"
#include "channel/types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define RECEIVED_AT 1795000000000LL /* 2026-11-18T11:06:40Z: the clock of all these tests */

/* An account of the type with these settings and the type's defaults; freed with the arena. */
struct channel_account *test_account(struct arena *a, const struct channel_type *type, const char *settings);

/* A POST with up to three headers, name and value in turn, ended by NULL. */
struct web_request test_post(struct arena *a, const char *body, size_t n, ...);

/* The bytes of tests/unit/data/<name>, also NUL-terminated. */
char *test_data(struct arena *a, const char *name, size_t *ret_n);

/* Parses and expects success. */
struct inbound_list test_parse(struct arena *a, const struct channel_account *account,
                               const struct web_request *request);

/* A member of the item's payload as text; NULL when it is not there. */
const char *test_payload(struct arena *a, const struct inbound *item, const char *path);

/* The value of a header of the request that was built, or NULL. */
const char *test_sent_header(const struct send_request *request, const char *name);

/* What the adapter makes of an answer to `request`. */
struct send_result test_reply(struct arena *a, const struct channel_account *account,
                              const struct send_request *request, int status, const char *body);

/* No item may point outside the rules: clean UTF-8, limits of length, JSON where JSON is due. For fuzzers, too. */
void test_list_is_sound(const struct inbound_list *list);
