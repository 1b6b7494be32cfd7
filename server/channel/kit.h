/* What the channel adapters share. Everything is in the arena; all text that comes out is clean UTF-8. */
#pragma once

#include "channel/channel.h"

#include <json-c/json.h>

/* The setting was given and `secret` is that value; constant time. An account whose secret is empty lets nobody in. */
bool secret_matches(const struct channel_account *account, const char *setting, const char *secret);

/* The value of `Authorization: Bearer …`, or NULL. */
const char *bearer_token(const struct web_request *request);

/* The body as JSON, freed with the arena. Ill-formed UTF-8 in it becomes U+FFFD and is told in ret->problem, so that
 * one bad byte does not lose the rest. NULL fills *err: the body is no JSON object. */
struct json_object *body_json(const struct web_request *request, struct arena *a, struct inbound_list *ret,
                              struct error *err);
/* The same, of an array. */
struct json_object *body_json_array(const struct web_request *request, struct arena *a, struct inbound_list *ret,
                                    struct error *err);

/* An item of an array, or NULL: also when it is no array or not so long. */
struct json_object *json_item(struct json_object *array, size_t i);

/* A member that counts seconds since 1970, as a number (a fraction does no harm) or digits, in milliseconds; 0 when it is none or
 * absurd. */
int64_t json_seconds_ms(struct json_object *object, const char *path);

/* Adds a zeroed item; the pointer is good until the next call. */
struct inbound *inbound_add(struct arena *a, struct inbound_list *list);

/* Adds what is to be asked. One whose handle is too long is told as a problem. */
void inbound_ask(struct arena *a, struct inbound_list *list, enum errand_kind kind, const char *handle);

/* Tells why something was left out, as a saying; only the first is kept. */
void inbound_problem(struct inbound_list *list, const char *said);

/* The id itself, or "sha256:…" of one that is longer than EXTERNAL_ID_MAX. NULL and "" give NULL. */
const char *external_id_text(struct arena *a, const char *id);
const char *external_id_hash(struct arena *a, const void *data, size_t n); /* "sha256:<hex>" */

/* A list of one external id for struct inbound; empty when there is none. */
struct list reference_to(struct arena *a, const char *id);

/* Cut at a character boundary; NULL stays NULL, a blank text becomes NULL. */
const char *text_cut(struct arena *a, const char *s, size_t max);
/* On one line, as for a name or a subject. */
const char *line_cut(struct arena *a, const char *s, size_t max);

/* The JSON object of an entry's payload. Freed with the arena. */
struct json_object *payload_new(struct arena *a);
void payload_text(struct json_object *payload, const char *name, const char *text); /* NULL and "" add nothing */
void payload_int(struct json_object *payload, const char *name, int64_t value);
void payload_true(struct json_object *payload, const char *name); /* adds `name`: true */
/* A deep copy with all texts made clean. A value that is NULL adds nothing. */
void payload_copy(struct json_object *payload, const char *name, struct json_object *value);
void payload_time(struct json_object *payload, const char *name, int64_t at);
/* The text of a location, and its members `latitude`, `longitude`, `address` and `name`, which the provider calls by that
 * member. */
const char *payload_place(struct arena *a, struct json_object *payload, struct json_object *place, const char *name);

/* Adds what it is, as a saying, and gives it in English: the text of what is no text. */
const char *payload_say(struct arena *a, struct json_object *payload, const char *said);
void payload_add(struct json_object *payload, const char *name, struct json_object *value); /* takes `value` */
const char *payload_end(struct arena *a, struct json_object *payload); /* its text; NULL when it is empty */

/* Outgoing HTTP: starts a GET with `Authorization: Bearer`. */
void send_get(struct arena *a, struct send_request *ret, const char *url, const char *bearer);
/* Starts a POST of JSON, for those with headers of their own. */
void send_json_plain(struct arena *a, struct send_request *ret, const char *url, struct json_object *body);
/* The same with `Authorization: Bearer`. */
void send_json(struct arena *a, struct send_request *ret, const char *url, const char *bearer,
               struct json_object *body);
/* Adds a header. More than SEND_HEADERS_MAX is a fault of the adapter and ends the process. */
void send_header_add(struct send_request *ret, const char *name, const char *value);

/* The setting without a slash at its end. */
const char *base_url(const struct channel_account *account, struct arena *a, const char *setting);

/* Fills *ret. `said`: why, or NULL. */
void result_set(struct send_result *ret, enum send_outcome outcome, const char *said);

/* What a transport failure means: nothing handed over is SEND_AGAIN; otherwise SEND_AGAIN when the provider drops
 * repeats, else SEND_UNCERTAIN. */
void result_no_answer(struct arena *a, struct send_result *ret, const struct send_reply *reply, bool idempotent);
